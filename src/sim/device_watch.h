#pragma once

// The rules that one device is held to.

#include <optional>
#include <string>

#include "sim/device_disk.h"
#include "sim/uptime.h"
#include "sim/world.h"

namespace chancery::sim {

class DeviceWatch {
 public:
  DeviceWatch(World& world, std::string name) : world_(world), name_(std::move(name)) {}

  // It is on, connected, its clock is right and its service works; the hub is another matter.
  void reachable(bool is);
  // A busy authority asked it to stay away for so long: it does, and counts as one that cannot be reached.
  void asked_to_wait(Seconds pause);
  // What it shows to the world now, and when the agent says it will renew.
  void sees(const DeviceDisk::Pair* live, std::optional<Timestamp> renew_at);
  // All its certificates were revoked just now.
  void revoked() { revoked_ = world_.queue.now(); }
  // It was given a challenge.
  void let_in();
  [[nodiscard]] bool is_revoked() const { return revoked_.has_value(); }

  [[nodiscard]] const std::optional<pki::Certificate>& certificate() const { return certificate_; }

 private:
  void note_reachable();
  void check_new(const DeviceDisk::Pair& live);
  void check_ledger();
  void check_path(const DeviceDisk::Pair& live);
  static bool is_issued(const pki::Certificate& below, const pki::Certificate& above);
  void expect_renewal();
  void ended(const Bytes& fingerprint, const pki::Validity& validity);

  World& world_;
  std::string name_;
  bool works_ = false;
  SimTime quiet_until_{};
  Uptime reachable_;  // it works, and need not be quiet
  std::uint64_t number_ = 0;
  Bytes der_;
  std::optional<pki::Certificate> certificate_;
  std::optional<Timestamp> renew_at_;
  std::optional<SimTime> revoked_;
  int challenges_ = 0;
};

}  // namespace chancery::sim
