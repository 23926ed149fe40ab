#include "device/alarm.h"

#include <gtest/gtest.h>

#include <thread>

namespace chancery::device {
namespace {

TEST(Alarm, DoesNotSleepWhenTheTimeHasCome) {
  auto alarm = Alarm::make();
  ASSERT_TRUE(alarm);
  alarm->wait(Timestamp());
  alarm->wait(Timestamp(Seconds(-5)));
  alarm->wait(Timestamp(Seconds(1000)));
}

TEST(Alarm, IsRungByAnotherThreadOrBeforeItWaits) {
  auto alarm = Alarm::make();
  ASSERT_TRUE(alarm);
  alarm->ring();
  alarm->wait(std::nullopt);
  std::thread other([&] { alarm->ring(); });
  alarm->wait(std::nullopt);
  other.join();
}

}  // namespace
}  // namespace chancery::device
