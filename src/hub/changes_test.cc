#include "hub/changes.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace chancery::hub {
namespace {

std::string names(const ChangesSince& changes) {
  std::string text;
  for (const Topic topic : changes.topics) text.append(text.empty() ? "" : " ").append(to_string(topic));
  return text;
}

constexpr const char* every_topic = "nodes certificates requests authority audit orders users";

struct ChangesTest : ::testing::Test {
  testing::FakeClock clock;
  Changes changes{clock};
  std::int64_t start = changes.since(0).sequence;
  std::vector<std::string> woken;
  Changes::Wake wake = [this](const ChangesSince& what) { woken.push_back(names(what)); };
};

TEST_F(ChangesTest, TellsWhatChangedSince) {
  EXPECT_EQ(names(changes.since(start)), "");
  changes.bump(Topic::nodes);
  const std::int64_t middle = changes.since(start).sequence;
  changes.bump({Topic::audit, Topic::orders});
  EXPECT_EQ(names(changes.since(start)), "nodes audit orders");
  EXPECT_EQ(names(changes.since(middle)), "audit orders");
  EXPECT_EQ(names(changes.since(middle + 1)), "");
}

TEST_F(ChangesTest, ANumberOfAnotherRunMeansThatEverythingChanged) {
  EXPECT_EQ(names(changes.since(0)), every_topic);
  EXPECT_EQ(names(changes.since(start - 1)), every_topic);
  EXPECT_EQ(names(changes.since(start + 1)), every_topic);
  clock.advance(Seconds(1));
  EXPECT_GT(Changes(clock).since(0).sequence, start);
}

TEST_F(ChangesTest, WakesWhoWaitsAtTheNextChangeAndOnce) {
  EXPECT_NE(changes.wait(start, Seconds(25), wake), 0u);
  EXPECT_TRUE(woken.empty());
  changes.bump(Topic::requests);
  changes.bump(Topic::nodes);
  EXPECT_EQ(woken, std::vector<std::string>{"requests"});
}

TEST_F(ChangesTest, DoesNotLetAnyoneWaitForWhatHasHappened) {
  changes.bump(Topic::users);
  EXPECT_EQ(changes.wait(start, Seconds(25), wake), 0u);
  EXPECT_EQ(woken, std::vector<std::string>{"users"});
}

TEST_F(ChangesTest, WaitingEndsWithoutAChange) {
  changes.wait(start, Seconds(25), wake);
  clock.advance(Seconds(24));
  changes.expire();
  EXPECT_TRUE(woken.empty());
  clock.advance(Seconds(1));
  changes.expire();
  EXPECT_EQ(woken, std::vector<std::string>{""});
}

TEST_F(ChangesTest, ForgetsWhoHasGone) {
  const std::uint64_t waiter = changes.wait(start, Seconds(25), wake);
  changes.forget(waiter);
  changes.bump(Topic::nodes);
  EXPECT_TRUE(woken.empty());
}

TEST_F(ChangesTest, WhoIsWokenMayWaitAgain) {
  changes.wait(start, Seconds(25), [&](const ChangesSince& what) { changes.wait(what.sequence, Seconds(25), wake); });
  changes.bump(Topic::nodes);
  changes.bump(Topic::audit);
  EXPECT_EQ(woken, std::vector<std::string>{"audit"});
}

}  // namespace
}  // namespace chancery::hub
