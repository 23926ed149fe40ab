#include "device/alarm.h"

#include <gtest/gtest.h>
#include <sys/timerfd.h>

#include <cerrno>
#include <thread>

namespace chancery::device {
namespace {

TEST(Alarm, DoesNotSleepWhenTheTimeHasCome) {
  auto alarm = Alarm::make();
  ASSERT_TRUE(alarm);
  EXPECT_TRUE(alarm->wait(Timestamp()));
  EXPECT_TRUE(alarm->wait(Timestamp(Seconds(-5))));
  EXPECT_TRUE(alarm->wait(Timestamp(Seconds(1000))));
}

TEST(Alarm, IsRungByAnotherThreadOrBeforeItWaits) {
  auto alarm = Alarm::make();
  ASSERT_TRUE(alarm);
  alarm->ring();
  EXPECT_FALSE(alarm->wait(std::nullopt));
  std::thread other([&] { alarm->ring(); });
  EXPECT_FALSE(alarm->wait(std::nullopt));
  other.join();
}

TEST(Alarm, TellsARingFromATimeThatHasComeWithIt) {
  auto alarm = Alarm::make();
  ASSERT_TRUE(alarm);
  alarm->ring();
  EXPECT_FALSE(alarm->wait(Timestamp()));
  EXPECT_TRUE(alarm->wait(Timestamp()));
}

TEST(Alarm, ComesAtOnceWhenTheClockWasSetBetweenTwoWaits) {
  // What the kernel says then, to the first call after it.
  static int calls = 0;
  calls = 0;
  auto alarm = Alarm::make([](int timer, int flags, const itimerspec* when, itimerspec* before) {
    const int set = ::timerfd_settime(timer, flags, when, before);
    if (++calls > 1) return set;
    errno = ECANCELED;
    return -1;
  });
  ASSERT_TRUE(alarm);
  EXPECT_FALSE(alarm->wait(Timestamp()));
  EXPECT_EQ(calls, 1);
  alarm->ring();
  alarm->wait(std::nullopt);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace chancery::device
