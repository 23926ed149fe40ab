#pragma once

// Checks the whole audit trail, which takes seconds where there are millions of events.

#include <atomic>

#include "hub/ledger.h"

namespace chancery::hub {

// Thread-safe.
class AuditCheck {
 public:
  explicit AuditCheck(Ledger& ledger) : ledger_(ledger) {}

  // In pieces, between which others get their turn to read. One at a time: a second one meanwhile is `unavailable`.
  // `conflict` names the first event that does not fit.
  Result<AuditProof> run() {
    if (running_.exchange(true)) return unavailable("the audit trail is being checked for somebody else already");
    const Running running(running_);
    AuditProof proof;
    while (!proof.whole) {
      TRY_STATUS(ledger_.read([&](Books& books) -> Status {
        TRY(proof, books.audit().verify(proof));
        return {};
      }));
    }
    return proof;
  }

 private:
  struct Running {
    explicit Running(std::atomic<bool>& flag) : running(flag) {}
    ~Running() { running = false; }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    std::atomic<bool>& running;
  };

  Ledger& ledger_;
  std::atomic<bool> running_ = false;
};

}  // namespace chancery::hub
