#pragma once

// Simulated time: what happens when, one thing after the other.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "base/check.h"
#include "base/time.h"

namespace chancery::sim {

using Millis = std::chrono::milliseconds;
using SimTime = std::chrono::sys_time<Millis>;

class EventQueue {
 public:
  explicit EventQueue(SimTime start) : now_(start) {}

  [[nodiscard]] SimTime now() const { return now_; }
  [[nodiscard]] Timestamp seconds() const { return std::chrono::floor<Seconds>(now_); }

  // Those of the same moment happen in the order in which they were asked for.
  void at(SimTime when, std::function<void()> work) {
    CHECK(when >= now_);
    events_.emplace(std::pair(when, ++last_), std::move(work));
  }
  void after(Millis delay, std::function<void()> work) { at(now_ + delay, std::move(work)); }

  // False when nothing is left that is to happen before `end`.
  bool run_next(SimTime end) {
    if (events_.empty() || events_.begin()->first.first >= end) return false;
    const auto next = events_.extract(events_.begin());
    now_ = next.key().first;
    ++done_;
    next.mapped()();
    return true;
  }
  [[nodiscard]] std::uint64_t done() const { return done_; }

 private:
  SimTime now_;
  std::map<std::pair<SimTime, std::uint64_t>, std::function<void()>> events_;
  std::uint64_t last_ = 0;
  std::uint64_t done_ = 0;
};

}  // namespace chancery::sim
