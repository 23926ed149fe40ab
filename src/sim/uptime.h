#pragma once

// When something worked, as stretches of time.

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/event_queue.h"

namespace chancery::sim {

class Uptime {
 public:
  struct Stretch {
    SimTime from, to;
  };

  void set(bool works, SimTime now) {
    if (works == since_.has_value()) return;
    if (!works) past_.push_back({*since_, now});
    since_ = works ? std::optional(now) : std::nullopt;
  }
  // Up to `now`, oldest first.
  [[nodiscard]] std::vector<Stretch> until(SimTime now) const {
    std::vector<Stretch> all = past_;
    if (since_) all.push_back({*since_, now});
    return all;
  }

  // The longest time on end within `window` in which both worked.
  [[nodiscard]] static Millis longest(const Uptime& a, const Uptime& b, const Stretch& window) {
    Millis longest(0);
    for (const Stretch& x : a.until(window.to)) {
      if (x.to < window.from) continue;
      for (const Stretch& y : b.until(window.to))
        longest = std::max(longest, std::min({x.to, y.to, window.to}) - std::max({x.from, y.from, window.from}));
    }
    return longest;
  }

 private:
  std::vector<Stretch> past_;
  std::optional<SimTime> since_;
};

}  // namespace chancery::sim
