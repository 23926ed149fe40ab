#pragma once

// Asks the kernel, and systemd-timesyncd, whether somebody keeps this machine's clock right.

#include <functional>
#include <optional>
#include <string>

#include "agent/time_source.h"

namespace chancery::device {

// Whether the kernel holds the clock for synchronised (STA_UNSYNC is not set, adjtimex(2)): chronyd, ntpd and
// systemd-timesyncd all tell it. Nothing where it may not be asked.
[[nodiscard]] std::optional<bool> kernel_clock_is_synchronised();

class SystemTimeSource final : public agent::TimeSource {
 public:
  // What is asked; a test gives its own. systemd-timesyncd makes the file when it has set the clock.
  struct Places {
    std::function<std::optional<bool>()> kernel = kernel_clock_is_synchronised;
    std::string timesync_file = "/run/systemd/timesync/synchronized";
  };
  explicit SystemTimeSource(Places places) : places_(std::move(places)) {}
  SystemTimeSource() : SystemTimeSource(Places{}) {}

  // yes when either says so; no when the kernel denies it; else unknown.
  [[nodiscard]] agent::ClockSync state() override;

 private:
  Places places_;
};

}  // namespace chancery::device
