#pragma once

// A ledger that tells what was committed: for live pages, and for links that end with their certificate.

#include <functional>
#include <string>
#include <vector>

#include "hub/changes.h"
#include "hub/ledger.h"

namespace chancery::hub {

// An audit event that is durable, as far as anybody reacts to it.
struct Committed {
  std::string action;   // "certificate.revoked"
  std::string subject;  // its serial
};

// Every change that matters has an audit event, so those are what is told.
class WatchedLedger final : public Ledger {
 public:
  // Called after each commit that has events, on the thread that wrote, without a lock held.
  using Watcher = std::function<void(const std::vector<Committed>&)>;

  explicit WatchedLedger(Ledger& ledger) : ledger_(ledger) {}
  // REQUIRES: nobody uses the ledger yet.
  void watch(Watcher watcher) { watchers_.push_back(std::move(watcher)); }

  Status write(const std::function<Status(Books&)>& work) override;
  Status read(const std::function<Status(Books&)>& work) override { return ledger_.read(work); }

 private:
  Ledger& ledger_;
  std::vector<Watcher> watchers_;
};

// What pages show of a change that an audit event tells of. Always Topic::audit, too.
[[nodiscard]] std::vector<Topic> topics_of(std::string_view action);
// Bumps `changes` for what was committed. `changes` must outlive the ledger.
[[nodiscard]] WatchedLedger::Watcher telling(Changes& changes);

}  // namespace chancery::hub
