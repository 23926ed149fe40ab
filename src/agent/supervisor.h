#pragma once

// The whole agent but for threads, files and sockets: slots, trust, orders and the talk with the hub. Everything
// happens inside the calls below; step() does all that is due and says when to come back. One thread; a simulation
// calls it as the daemon does.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/hub_talk.h"
#include "agent/slot_runner.h"
#include "agent/time_source.h"

namespace chancery::agent {

struct SupervisorOptions {
  AgentIdentity identity;
  Timestamp built{};  // this program is not older than that, so neither is the time
  bool has_hub = false;
  std::string shown_slot = {};  // whose certificate the hub sees; empty: the first one with a certificate
  // Whether the process is to end: then step() leaves what it has not begun to the next start. Nothing: never.
  std::function<bool()> stopping = {};
};

struct AgentView {
  Timestamp now;
  bool clock_is_wrong = false;
  ClockSync synchronised = ClockSync::unknown;
  std::vector<SlotView> slots;
  std::optional<LinkView> link;
};

struct SlotEntry {
  SlotSetup setup;
  SlotParts parts;
};

class Supervisor {
 public:
  // Reads the store; asks nobody yet. Slots of the store that are not among `slots` are forgotten.
  static Result<std::unique_ptr<Supervisor>> start(SupervisorOptions options, std::vector<SlotEntry> slots,
                                                   TimeSource& time, const AgentParts& agent);

  // Does what is due, which may take as long as the authorities and services take. Gives the next moment when something
  // will be, nothing when only a call can bring that about. To be called again after the clock was set, too.
  std::optional<Timestamp> step();

  // The message for the hub, when one is due. It goes out by a HubLink, and what comes of it is given to checked_in().
  std::optional<OutgoingCheckIn> check_in();
  // Whether that message should be cut off (HubLink::cancel), for another one has more to say. True once a message.
  bool wants_to_interrupt();
  // Takes orders in; step() performs them.
  void checked_in(const Result<wire::CheckInAnswer>& answer);

  // By hand. ErrorCode::not_found when there is no such slot.
  Result<std::string> renew(const std::string& slot);
  Result<std::string> enrol(const std::string& slot);
  Status activate(const std::string& slot, ByteView sha256);
  Status add_trust(const std::string& store, const std::vector<Bytes>& certificates);
  Status remove_trust(const std::string& store, ByteView sha256);

  [[nodiscard]] AgentView view() const;
  // The slots of that without their certificates.
  [[nodiscard]] std::vector<SlotView> outlines() const;
  [[nodiscard]] Result<wire::Inventory> inventory();

 private:
  Supervisor(SupervisorOptions options, TimeSource& time, const AgentParts& agent);
  Result<SlotRunner*> find(const std::string& slot);
  [[nodiscard]] Timestamp no_earlier_than() const;
  // Whose certificate the hub sees; null while there is none.
  [[nodiscard]] const SlotRunner* shown() const;
  [[nodiscard]] bool is_stopping() const { return options_.stopping && options_.stopping(); }
  void refresh_talk();
  Status note(const std::string& slot, std::string_view what, std::string text);

  // orders.cc
  void perform_orders();
  Status perform(const wire::Order& order);
  wire::OrderResult execute(const wire::Order& order, Timestamp begun);
  Result<std::string> execute_verb(const wire::Order& order, Timestamp begun, wire::Texts& data);
  Status order_trust(const wire::Order& order);

  SupervisorOptions options_;
  TimeSource& time_;
  AgentParts agent_;
  std::vector<std::unique_ptr<SlotRunner>> slots_;  // by name
  HubTalk talk_;
  std::string left_out_;             // of the inventory, what the log has been told of
  std::vector<wire::Order> orders_;  // to be performed
};

}  // namespace chancery::agent
