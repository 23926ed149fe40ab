#pragma once

// Sleeping until a time of day, an event, or until somebody sets the clock; and not waking before.

#include <optional>

#include "base/error.h"
#include "base/time.h"

struct itimerspec;

namespace chancery::device {

class Alarm {
 public:
  // As timerfd_settime(2).
  using SetTimer = int (*)(int timer, int flags, const itimerspec* when, itimerspec* before);

  // ErrorCode::unavailable when the kernel has no more timers. Null: the kernel's own call.
  static Result<Alarm> make(SetTimer set_timer = nullptr);
  Alarm(Alarm&& other) noexcept;
  Alarm& operator=(Alarm&&) = delete;
  ~Alarm();

  // Returns when it is `until` (nothing: never), after ring(), or when the clock was set, also since the last wait: by
  // the machine's wall clock, which goes on while the machine sleeps. True if it is `until` and nothing else happened.
  // One thread waits at a time.
  bool wait(std::optional<Timestamp> until);
  // Ends the wait, or the next one if there is none. From any thread.
  void ring();

 private:
  Alarm(int timer, int bell, SetTimer set_timer) : timer_(timer), bell_(bell), set_timer_(set_timer) {}
  int timer_;
  int bell_;
  SetTimer set_timer_;
};

}  // namespace chancery::device
