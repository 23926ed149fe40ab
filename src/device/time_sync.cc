#include "device/time_sync.h"

#include <sys/timex.h>

#include "files/file.h"

namespace chancery::device {

std::optional<bool> kernel_clock_is_synchronised() {
  timex question{};  // changes nothing
  const int state = ::adjtimex(&question);
  if (state < 0) return std::nullopt;
  return state != TIME_ERROR && (question.status & STA_UNSYNC) == 0;
}

agent::ClockSync SystemTimeSource::state() {
  const std::optional<bool> kernel = places_.kernel();
  if (kernel.value_or(false) || files::exists(places_.timesync_file)) return agent::ClockSync::yes;
  return kernel ? agent::ClockSync::no : agent::ClockSync::unknown;
}

}  // namespace chancery::device
