#pragma once

// A device's way to its SCEP endpoint: messages and answers are lost, doubled, late, or another's.

#include <functional>
#include <string>

#include "agent/transport.h"
#include "sim/power.h"
#include "sim/sim_clock.h"
#include "sim/world.h"

namespace chancery::sim {

struct TransportSetup {
  std::string device;
  std::string endpoint;
  std::string address;
  bool slow = false;
};

class DeviceTransport final : public agent::Transport {
 public:
  DeviceTransport(World& world, TransportSetup setup, Power& power, DeviceClock& clock, Dice dice)
      : world_(world), setup_(std::move(setup)), power_(power), clock_(clock), dice_(dice) {}

  void connect(bool connected) { connected_ = connected; }
  [[nodiscard]] bool connected() const { return connected_; }
  // Called when the authority is busy, with the pause that it asks for.
  std::function<void(Seconds)> on_busy;

  Result<agent::TransportReply> get(std::string_view operation, std::string_view message) override;
  Result<agent::TransportReply> post(ByteView message) override;

 private:
  using Deliver = std::function<Result<agent::TransportReply>()>;
  Result<agent::TransportReply> exchange(const std::string& what, const Deliver& deliver);
  void take_time(bool in_vain);

  World& world_;
  TransportSetup setup_;
  Power& power_;
  DeviceClock& clock_;
  Dice dice_;
  bool connected_ = true;
  agent::TransportReply last_;  // to an earlier PKIOperation
};

}  // namespace chancery::sim
