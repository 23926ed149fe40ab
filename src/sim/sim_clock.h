#pragma once

// The hub's clock, which is right, and a device's, which is not.

#include "base/time.h"
#include "sim/event_queue.h"

namespace chancery::sim {

class HubClock final : public Clock {
 public:
  explicit HubClock(const EventQueue& queue) : queue_(queue) {}
  [[nodiscard]] Timestamp now() const override { return queue_.seconds(); }
  [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return queue_.now().time_since_epoch(); }
  void sleep_for(Millis) override {}

 private:
  const EventQueue& queue_;
};

class DeviceClock final : public Clock {
 public:
  explicit DeviceClock(const EventQueue& queue) : queue_(queue), set_at_(queue.now()), set_to_(queue.now()) {}

  [[nodiscard]] Timestamp now() const override { return std::chrono::floor<Seconds>(shown()); }
  [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return true_now().time_since_epoch(); }
  void sleep_for(Millis duration) override { lag_ += duration; }

  void set(SimTime shown) {
    set_at_ = true_now();
    set_to_ = shown;
  }
  void set_right() { set(true_now()); }
  void shift(Millis by) { set(shown() + by); }
  // In millionths: 100 are more than four minutes a month.
  void drift(std::int64_t millionths) {
    set(shown());
    drift_ = millionths;
  }
  // How far it is from the right time.
  [[nodiscard]] Millis error() const { return shown() - true_now(); }

  // The device was busy for so long, and the rest of the world has not come so far yet.
  void work(Millis duration) { lag_ += duration; }
  [[nodiscard]] Millis lag() const { return lag_; }
  void caught_up() { lag_ = Millis(0); }

 private:
  [[nodiscard]] SimTime true_now() const { return queue_.now() + lag_; }
  [[nodiscard]] SimTime shown() const {
    const Millis passed = true_now() - set_at_;
    return set_to_ + passed + passed * drift_ / 1'000'000;
  }

  const EventQueue& queue_;
  SimTime set_at_, set_to_;
  std::int64_t drift_ = 0;
  Millis lag_{0};
};

}  // namespace chancery::sim
