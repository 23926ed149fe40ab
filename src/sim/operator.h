#pragma once

// The people at the hub: they announce devices, decide requests late, ask for renewals, revoke a device now and then,
// which gets a new challenge days later, and roll the authority over. What the hub did not take is tried again.

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "sim/device.h"

namespace chancery::sim {

class Operator {
 public:
  Operator(World& world, std::vector<std::unique_ptr<Device>>& devices, Dice dice)
      : world_(world), devices_(devices), dice_(dice) {}

  // Gives the device its first challenge, and switches it on; `done` is called then.
  void announce(Device& device, std::function<void()> done);
  // From now on, every day.
  void begin();
  // And within each year, to the authority's next generation.
  void plan_rollover();
  // Decides what is undecided, and lets everybody in again; does nothing new.
  void finish();

  // Renewals that were asked for, and challenges that were given, by device: what explains certificates.
  [[nodiscard]] const std::map<std::string, int>& asked() const { return asked_; }
  // Since when each generation but the first is the current one.
  [[nodiscard]] const std::map<int, SimTime>& rollovers() const { return rollovers_; }

 private:
  void day();
  void decide_requests();
  void revoke_somebody();
  void revoke(Device& device);
  void ask_for_renewal();
  void announce_generation();
  void activate_generation();
  void let_in(Device& device, Millis delay);
  Result<SecretBytes> mint_for(const Device& device);
  Device* device_of(std::string_view subject);

  World& world_;
  std::vector<std::unique_ptr<Device>>& devices_;
  Dice dice_;
  bool finished_ = false;
  std::map<std::int64_t, SimTime> decisions_;  // when each waiting request is looked at
  std::set<std::string> waits_for_challenge_;
  std::map<std::string, int> asked_;
  std::map<int, SimTime> rollovers_;
};

}  // namespace chancery::sim
