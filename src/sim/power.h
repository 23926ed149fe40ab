#pragma once

// A device's power, which may go before any write and any message.

#include <utility>

#include "base/error.h"
#include "sim/dice.h"

namespace chancery::sim {

class Power {
 public:
  explicit Power(Dice dice) : dice_(std::move(dice)) {}

  // How likely it goes at a step.
  void risk(double probability) { risk_ = probability; }
  // Asked before each step. From the one at which it goes on, nothing works any more, until come_back().
  [[nodiscard]] Status step() {
    if (!lost_ && risk_ > 0) lost_ = dice_.chance(risk_);
    if (lost_) return unavailable("the power is gone");
    return {};
  }
  [[nodiscard]] bool lost() const { return lost_; }
  void come_back() { lost_ = false; }

 private:
  Dice dice_;
  double risk_ = 0;
  bool lost_ = false;
};

}  // namespace chancery::sim
