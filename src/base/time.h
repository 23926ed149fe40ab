#pragma once

// Points in time, and where they come from. Only base/ may ask the system for the time: everyone else gets a Clock.

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace chancery {

// UTC, in whole seconds: the resolution of X.509.
using Timestamp = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const = 0;
  // Does not jump when the wall clock is set; meaningful only as a difference.
  [[nodiscard]] virtual std::chrono::nanoseconds monotonic() const = 0;
  // Blocks the calling thread. A fake clock moves its own time instead.
  virtual void sleep_for(std::chrono::milliseconds duration) = 0;
};

// The machine's clocks. Made in main and handed down.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
  [[nodiscard]] std::chrono::nanoseconds monotonic() const override;
  void sleep_for(std::chrono::milliseconds duration) override;
};

// RFC 3339 in UTC: "2026-11-21T17:20:02Z".
[[nodiscard]] std::string to_rfc3339(Timestamp time);
[[nodiscard]] Result<Timestamp> from_rfc3339(std::string_view text);

// A length of time with a unit: "90s", "15m", "12h", "30d", "2w", "1y" (365 days). "0" is allowed, a sign is not.
[[nodiscard]] Result<Seconds> parse_duration(std::string_view text);
// The shortest such text: 5400 s is "90m".
[[nodiscard]] std::string to_duration_text(Seconds duration);

}  // namespace chancery
