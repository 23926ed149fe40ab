#pragma once

// Chance that a seed decides: the same on every machine (splitmix64).

#include <bit>
#include <cstdint>
#include <initializer_list>

#include "base/random.h"
#include "sim/event_queue.h"

namespace chancery::sim {

// Also a Random, for the code that is simulated: not at all unpredictable.
class Dice final : public Random {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  void fill(std::span<std::uint8_t> out) override {
    std::uint64_t word = 0;
    for (std::size_t at = 0; at < out.size(); ++at) {
      if (at % 8 == 0) word = next();
      out[at] = static_cast<std::uint8_t>(word >> (8 * (at % 8)));
    }
  }
  // Dice of their own for one part of the world: what it throws changes nothing elsewhere.
  [[nodiscard]] Dice split(std::uint64_t number) const { return Dice(mix(state_ ^ mix(number + 1))); }

  [[nodiscard]] bool chance(double probability) { return unit() < probability; }
  // From `least` to `most`, both included.
  [[nodiscard]] std::int64_t number(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(most - least + 1));
  }
  [[nodiscard]] Millis between(Millis least, Millis most) { return Millis(number(least.count(), most.count())); }
  // Which of some, each as likely as its weight says.
  [[nodiscard]] std::size_t pick(std::initializer_list<double> weights) {
    double left = 0;
    for (const double weight : weights) left += weight;
    left *= unit();
    std::size_t which = 0;
    for (const double weight : weights) {
      left -= weight;
      if (left < 0) return which;
      ++which;
    }
    return weights.size() - 1;
  }

 private:
  static std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
  }
  std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15U); }
  double unit() { return static_cast<double>(next() >> 11) / static_cast<double>(1ULL << 53); }

  std::uint64_t state_;
};

}  // namespace chancery::sim
