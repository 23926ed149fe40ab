#include "device/time_sync.h"

#include <gtest/gtest.h>

#include "testing/temporary_directory.h"

namespace chancery::device {
namespace {

TEST(SystemTimeSource, BelievesWhoeverSaysThatTheClockIsKept) {
  const testing::TemporaryDirectory directory;
  const std::string there = directory.write("synchronized", ""), absent = directory.file("absent");
  const struct {
    const char* name;
    std::optional<bool> kernel;
    std::string file;
    agent::ClockSync expect;
  } rows[] = {
      {"the kernel", true, absent, agent::ClockSync::yes},
      {"systemd, where the kernel may not be asked", std::nullopt, there, agent::ClockSync::yes},
      {"systemd, before the kernel knows", false, there, agent::ClockSync::yes},
      {"nobody", false, absent, agent::ClockSync::no},
      {"nobody who could know", std::nullopt, absent, agent::ClockSync::unknown},
  };
  for (const auto& row : rows) {
    SystemTimeSource source({.kernel = [&] { return row.kernel; }, .timesync_file = row.file});
    EXPECT_EQ(source.state(), row.expect) << row.name;
  }
}

}  // namespace
}  // namespace chancery::device
