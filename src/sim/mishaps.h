#pragma once

// What happens to a device in the course of years: it is off, without network, its clock is wrong, its service broken.

#include "sim/device.h"

namespace chancery::sim {

class Mishaps {
 public:
  Mishaps(World& world, Device& device, Dice dice) : world_(world), device_(device), dice_(dice) {}

  // From now on.
  void begin();
  // No more of them, and the effects of the last one are over.
  void stop();

 private:
  void plan();
  void happen();
  void over();
  void be_away(Millis duration);
  void wrong_clock();
  void set_time_soon();
  void set_time_monthly();
  void watch_for_long_absence();
  void watch_for_last_tenth();
  enum class Absence : std::uint8_t { off, without_network, without_service };
  void be_seen_briefly(const pki::Validity& validity);
  void be_away(Absence kind, bool is_away);

  World& world_;
  Device& device_;
  Dice dice_;
  bool stopped_ = false;
  bool busy_ = false;  // with one of them
  bool long_absence_done_ = false;
};

}  // namespace chancery::sim
