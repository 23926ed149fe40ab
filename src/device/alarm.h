#pragma once

// Sleeping until a time of day, an event, or until somebody sets the clock; and not waking before.

#include <optional>

#include "base/error.h"
#include "base/time.h"

namespace chancery::device {

class Alarm {
 public:
  // ErrorCode::unavailable when the kernel has no more timers.
  static Result<Alarm> make();
  Alarm(Alarm&& other) noexcept;
  Alarm& operator=(Alarm&&) = delete;
  ~Alarm();

  // Returns when it is `until` (nothing: never), after ring(), or when the clock was set: by the machine's wall clock,
  // which goes on while the machine sleeps. One thread waits at a time.
  void wait(std::optional<Timestamp> until);
  // Ends the wait, or the next one if there is none. From any thread.
  void ring();

 private:
  Alarm(int timer, int bell) : timer_(timer), bell_(bell) {}
  int timer_;
  int bell_;
};

}  // namespace chancery::device
