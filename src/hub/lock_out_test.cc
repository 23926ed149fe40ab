#include "hub/lock_out.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace chancery::hub {
namespace {

class LockOutTest : public ::testing::Test {
 protected:
  testing::FakeClock clock_;
};

TEST_F(LockOutTest, DelaysGrowUpToFiveMinutes) {
  const std::pair<int, int> rows[] = {{0, 0}, {1, 1}, {2, 2}, {3, 4}, {9, 256}, {10, 300}, {1000, 300}};
  for (const auto& [failures, seconds] : rows) EXPECT_EQ(delay_after(failures), Seconds(seconds)) << failures;
}

TEST_F(LockOutTest, EachFailureMakesTheNextTryWaitLonger) {
  LockOut lock_out(clock_, 0);
  for (const int seconds : {1, 2, 4, 8}) {
    EXPECT_EQ(lock_out.begin("anna"), Seconds(0));
    EXPECT_EQ(lock_out.begin("anna"), Seconds(seconds)) << "a try that must wait counts for nothing";
    clock_.advance(Seconds(seconds) - std::chrono::milliseconds(1));
    EXPECT_EQ(lock_out.begin("anna"), Seconds(1));
    EXPECT_EQ(lock_out.begin("bob"), Seconds(0)) << "others do not wait";
    lock_out.clear("bob");
    clock_.advance(std::chrono::milliseconds(1));
  }
}

TEST_F(LockOutTest, ATryThatWasRightCostsNothing) {
  LockOut lock_out(clock_, 2);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(lock_out.begin("10.0.0.7"), Seconds(0));
    lock_out.forgive("10.0.0.7");
  }
  for (int i = 0; i < 3; ++i) EXPECT_EQ(lock_out.begin("10.0.0.7"), Seconds(0)) << "two are free";
  EXPECT_EQ(lock_out.begin("10.0.0.7"), Seconds(1));
  clock_.advance(Seconds(1));
  EXPECT_EQ(lock_out.begin("10.0.0.7"), Seconds(0));
  lock_out.forgive("10.0.0.7");
  clock_.advance(Seconds(1));
  EXPECT_EQ(lock_out.begin("10.0.0.7"), Seconds(0)) << "one's own password does not take back what others failed";
  EXPECT_EQ(lock_out.begin("10.0.0.7"), Seconds(2));
}

TEST_F(LockOutTest, ForgetsAfterAWhileAndWhenItIsTold) {
  LockOut lock_out(clock_, 0);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(lock_out.begin("anna"), Seconds(0));
    clock_.advance(Seconds(20));
  }
  clock_.advance(failures_remembered);
  EXPECT_EQ(lock_out.begin("anna"), Seconds(0));
  EXPECT_EQ(lock_out.begin("anna"), Seconds(1));
  lock_out.clear("anna");
  EXPECT_EQ(lock_out.begin("anna"), Seconds(0));
}

TEST_F(LockOutTest, RemembersNoMoreThanItMay) {
  LockOut lock_out(clock_, 0, 3);
  for (const char* key : {"a", "b", "c", "a", "d"}) static_cast<void>(lock_out.begin(key));
  EXPECT_EQ(lock_out.begin("a"), Seconds(1)) << "used after b";
  EXPECT_EQ(lock_out.begin("b"), Seconds(0)) << "forgotten for d";
}

TEST_F(LockOutTest, AHostOwnsTheLowerHalfOfItsAddress) {
  EXPECT_EQ(source_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(source_of("2001:db8::1"), source_of("2001:db8::ffff:1"));
  EXPECT_NE(source_of("2001:db8::1"), source_of("2001:db8:0:1::1"));
  EXPECT_EQ(source_of("fe80::1%eth0"), source_of("fe80::2%eth1"));
}

}  // namespace
}  // namespace chancery::hub
