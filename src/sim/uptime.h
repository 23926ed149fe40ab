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

  // Within `window`, how long both worked, in stretches of `least` or more.
  [[nodiscard]] static Millis together(const Uptime& a, const Uptime& b, const Stretch& window, Millis least) {
    Millis total{0};
    for (const Stretch& x : a.until(window.to)) {
      if (x.to < window.from) continue;
      for (const Stretch& y : b.until(window.to))
        if (const Millis both = std::min({x.to, y.to, window.to}) - std::max({x.from, y.from, window.from});
            both > Millis(0) && both >= least)
          total += both;
    }
    return total;
  }

 private:
  std::vector<Stretch> past_;
  std::optional<SimTime> since_;
};

}  // namespace chancery::sim
