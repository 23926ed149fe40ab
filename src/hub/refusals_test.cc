#include "hub/refusals.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace chancery::hub {
namespace {

struct RefusalsTest : ::testing::Test {
  testing::FakeClock clock;
  Refusals refusals{clock};
  int told = 0;

  RefusalsTest() {
    refusals.on_new([this] { ++told; });
  }
  void knock(std::string subject, std::string reason = "the challenge is unknown") {
    refusals.record({.endpoint = "devices",
                     .source = "192.0.2.7",
                     .subject = std::move(subject),
                     .refusal = {.text = std::move(reason)}});
  }
};

TEST_F(RefusalsTest, The_same_refused_again_is_one_entry_that_counts) {
  const Timestamp start = clock.now();
  knock("CN=a");
  clock.advance(Seconds(30));
  knock("CN=a");
  const auto list = refusals.list(start);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].times, 2u);
  EXPECT_EQ(list[0].first, start);
  EXPECT_EQ(list[0].last, start + Seconds(30));
  EXPECT_EQ(told, 1);
}

TEST_F(RefusalsTest, A_device_that_comes_back_after_a_minute_is_news_again) {
  knock("CN=a");
  clock.advance(Seconds(60));
  knock("CN=a");
  EXPECT_EQ(told, 2);
}

TEST_F(RefusalsTest, A_flood_is_told_of_once_a_second) {
  for (int i = 0; i < 100; ++i) knock("CN=" + std::to_string(i));
  EXPECT_EQ(told, 1);
  clock.advance(Seconds(1));
  knock("CN=later");
  EXPECT_EQ(told, 2);
}

TEST_F(RefusalsTest, Another_reason_is_another_entry_and_the_newest_comes_first) {
  knock("CN=a");
  knock("CN=b");
  knock("CN=a", "the key is too short");
  knock("CN=b");
  const auto list = refusals.list(Timestamp());
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].subject, "CN=b");
  EXPECT_EQ(list[1].refusal.text, "the key is too short");
}

TEST_F(RefusalsTest, A_flood_pushes_out_the_oldest_and_no_more) {
  for (std::size_t i = 0; i <= Refusals::most; ++i) knock("CN=" + std::to_string(i));
  const auto list = refusals.list(Timestamp());
  ASSERT_EQ(list.size(), Refusals::most);
  EXPECT_EQ(list.back().subject, "CN=1");
}

TEST_F(RefusalsTest, What_is_longer_ago_than_asked_for_is_left_out) {
  knock("CN=old");
  clock.advance(Seconds(3600));
  knock("CN=new");
  const auto list = refusals.list(clock.now() - Seconds(60));
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].subject, "CN=new");
}

TEST_F(RefusalsTest, A_long_subject_is_cut_between_characters) {
  knock("CN=" + std::string(252, 'x') + "\xc3\xa9\xc3\xa9");
  EXPECT_EQ(refusals.list(Timestamp())[0].subject, "CN=" + std::string(252, 'x'));
}

}  // namespace
}  // namespace chancery::hub
