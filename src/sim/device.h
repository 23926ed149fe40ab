#pragma once

// One simulated device: the real agent on a disk, a clock, a power line and a network that fail. What the daemon does
// with threads and timers happens here by events.

#include <memory>
#include <optional>
#include <string>

#include "agent/supervisor.h"
#include "sim/device_disk.h"
#include "sim/device_transport.h"
#include "sim/device_watch.h"
#include "sim/sim_clock.h"
#include "sim/world.h"

namespace chancery::sim {

struct DeviceKind {
  std::string endpoint;
  bool slow = false;  // so is the way to its endpoint
  std::string key = "rsa:2048";
  bool network_time = true;  // its clock is set right now and then
  // It tries to reach the hub as often as a real one does; others leave tries out that cannot succeed.
  bool restless = false;
  bool long_absence = false;  // off once, for exactly four months, so that its certificate ends meanwhile
  bool seldom_seen = false;   // of each certificate's last fifth, it is there for little more than an hour
};

class Device {
 public:
  Device(World& world, int number, DeviceKind kind, Dice dice);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const DeviceKind& kind() const { return kind_; }
  [[nodiscard]] std::string subject() const { return "CN=" + name_; }
  [[nodiscard]] std::string alternative_name() const { return "dns:" + name_ + ".example"; }

  // An operator puts a challenge into its file, and does nothing else.
  void give_challenge(const SecretBytes& challenge) { challenge_ = challenge.clone(); }

  void switch_on();
  void switch_off();
  // The process ends, and is started again.
  void restart_agent();
  void connect(bool connected);
  void break_service(bool broken);
  // Sets the clock, and tells the agent.
  void set_clock_right();
  void shift_clock(Millis by);
  // To be told from the outside: the hub's doors are open again.
  void hub_is_back();
  // The power does not go any more.
  void secure_power() { power_.risk(0); }
  // The battery of the clock is empty: it begins in 1970 at the next start.
  void empty_battery() { battery_empty_ = true; }

  [[nodiscard]] bool is_on() const { return on_; }
  [[nodiscard]] bool connected() const { return transport_.connected(); }
  [[nodiscard]] DeviceClock& clock() { return clock_; }
  [[nodiscard]] DeviceWatch& watch() { return watch_; }
  [[nodiscard]] const DeviceWatch& watch() const { return watch_; }
  [[nodiscard]] const DeviceDisk& disk() const { return disk_; }
  // Nothing while it is off.
  [[nodiscard]] std::optional<agent::SlotView> slot() const;
  // What the agent believes the hub knows of it, as JSON of the inventory.
  [[nodiscard]] bool is_at_rest() const;
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  void boot();
  void end();
  void lose_power();
  void when_free(std::function<void()> work);
  void run();
  void plan(std::optional<Timestamp> next);
  void look();
  void update_reachable();
  Result<SecretBytes> challenge() const { return challenge_.clone(); }

  // device_link.cc
  void call(const agent::OutgoingCheckIn& outgoing);
  void deliver(std::uint64_t number, const Bytes& certificate, const std::string& message, bool wanted);
  void no_connection(std::uint64_t number);
  void answered(std::uint64_t number, const Result<std::string>& answer);
  void hang_up();

  World& world_;
  std::string name_;
  DeviceKind kind_;
  Dice dice_;
  DeviceClock clock_;
  Power power_;
  DeviceDisk disk_;
  testing::MemoryAgentStore store_;
  DeviceTransport transport_;
  DeviceWatch watch_;
  Dice random_;
  NullLog log_;
  SecretBytes challenge_;

  class TimeState final : public agent::TimeSource {
   public:
    bool synchronised = true;
    agent::ClockSync state() override { return synchronised ? agent::ClockSync::yes : agent::ClockSync::no; }
  };
  TimeState time_;
  std::unique_ptr<agent::Supervisor> agent_;
  bool on_ = false;
  bool service_broken_ = false;
  bool battery_empty_ = false;
  Timestamp built_;
  SimTime busy_until_{};
  std::uint64_t boot_ = 0;
  std::uint64_t wake_ = 0;
  std::uint64_t steps_ = 0;
  unsigned hasty_ = 0;

  struct Link {
    std::uint64_t number = 0;
    std::uint64_t held = 0;  // at the hub
    bool waiting = false;    // for a connection
  };
  std::optional<Link> link_;
  std::uint64_t calls_ = 0;
};

}  // namespace chancery::sim
