#pragma once

// The hub as the world sees it: the real verbs over the real database, with doors for devices and for its operator. It
// can be stopped at any moment, and at any write of its own; then all but the database, the endpoints in it and the
// authority's keys is gone.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/key_maker.h"
#include "agent/transport.h"
#include "hub/check_in.h"
#include "hub/endpoint_editor.h"
#include "hub/nodes.h"
#include "hub/orders.h"
#include "hub/requests.h"
#include "hub/revocation.h"
#include "hub/rollover.h"
#include "hub/scep_service.h"
#include "hub/watched_ledger.h"
#include "sim/breakage.h"
#include "sim/dice.h"
#include "sim/journal.h"
#include "sim/memory_disk.h"
#include "sim/sim_authority.h"
#include "sim/sim_clock.h"
#include "store/hub/ledger.h"

namespace chancery::sim {

struct HubOptions {
  std::string database;  // a path; SQLite's files are on a disk in memory
  agent::KeyMaker* keys = nullptr;
  int years = 5;
  Breakage breakage = Breakage::none;
};

// The ledger on a machine whose power may go before a write.
class CutLedger final : public hub::Ledger {
 public:
  CutLedger(hub::Ledger& ledger, Dice dice, double risk) : ledger_(ledger), dice_(std::move(dice)), risk_(risk) {}
  // From now on one commit in so many is forgotten, and nobody is told; 0: none.
  void forget_one_in(int commits) { forget_ = commits; }
  Status write(const std::function<Status(hub::Books&)>& work) override;
  Status read(const std::function<Status(hub::Books&)>& work) override;
  // Asked before an answer leaves, too.
  [[nodiscard]] bool is_cut();

 private:
  hub::Ledger& ledger_;
  Dice dice_;
  double risk_;
  int forget_ = 0;
  bool cut_ = false;
};

class SimHub {
 public:
  SimHub(EventQueue& queue, Journal& journal, Dice dice, HubOptions options);
  ~SimHub();

  // An authority with fresh keys, and an empty database.
  Status found();
  Status add_endpoint(std::string_view name, const std::vector<config::Setting>& settings);

  [[nodiscard]] bool up() const { return running_ != nullptr; }
  Status start();
  void stop();
  // How likely the power goes at a write.
  void risk(double probability) { risk_ = probability; }
  // Called when the power went.
  std::function<void()> on_cut;

  // What a SCEP client sends, and is answered. ErrorCode::unavailable: nobody does.
  Result<agent::TransportReply> scep_get(std::string_view endpoint, std::string_view operation);
  Result<agent::TransportReply> scep_post(std::string_view endpoint, ByteView message, std::string_view source);

  // A check-in. `reply` is called once, now or later, with JSON or with what the agent's HTTP client would make of the
  // answer. Gives a number to hang up with, 0 when it was answered.
  using LinkReply = std::function<void(Result<std::string>)>;
  std::uint64_t check_in(const Bytes& certificate, const std::string& message, std::string_view source,
                         LinkReply reply);
  void hang_up(std::uint64_t number);
  // Answers a held check-in as when it has been held for its longest time.
  void let_go(std::uint64_t number);

  // What an operator does, with the parts below. ErrorCode::unavailable when the hub is down, or the power went in the
  // middle of it: it may be done or not.
  struct Verbs;
  Status operate(const std::function<Status(Verbs&)>& work);
  // Every few hours or so: CRLs, what is overdue, who was seen.
  void tick();
  // Looks into the database, whether the hub is up or not.
  Status look(const std::function<Status(hub::Books&)>& work);

  // Of the root.
  [[nodiscard]] Bytes fingerprint() const { return authority_.fingerprint(); }
  // Which were revoked, by serial: for the rules.
  [[nodiscard]] const std::map<std::string, SimTime>& revoked() const { return revoked_; }

  struct Counts {
    std::uint64_t starts = 0, cuts = 0, check_ins = 0, held = 0, messages = 0, writes = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  class Running;
  Result<std::unique_ptr<store::SqlLedger>> open_ledger();
  struct HeldCall {
    hub::LinkParty party;
    LinkReply reply;
    std::uint64_t ticket = 0;
  };
  void woken(std::uint64_t number, const hub::LinkParty& party);
  void note_revoked();
  // Whether the power has gone during the last call; then everything is stopped.
  bool power_went();

  EventQueue& queue_;
  Journal& journal_;
  Dice dice_;
  HubOptions options_;
  HubClock clock_{queue_};
  Dice random_;
  NullLog log_;
  double risk_ = 0;
  SimAuthority authority_;
  std::unique_ptr<hub::Keyring> keyring_;
  MemoryDisk disk_;
  std::unique_ptr<store::SqlLedger> ledger_;
  std::unique_ptr<Running> running_;
  std::map<std::uint64_t, HeldCall> held_;
  std::uint64_t last_call_ = 0;
  std::map<std::string, SimTime> revoked_;
  std::vector<std::string> just_revoked_;
  Counts counts_;
  unsigned ticks_ = 0;
};

struct SimHub::Verbs {
  hub::Nodes& nodes;
  hub::Orders& orders;
  hub::Requests& requests;
  hub::Revocation& revocation;
  hub::Rollover& rollover;
  hub::Ledger& ledger;
  hub::EndpointEditor& endpoints;
};

}  // namespace chancery::sim
