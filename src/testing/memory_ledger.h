#pragma once

// A ledger in memory, for tests of what stands on one. It passes the same contract suite as the real ones.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "hub/ledger.h"

namespace chancery::testing {

// Thread-safe: one transaction at a time. A transaction that fails is undone step by step.
class MemoryLedger final : public hub::Ledger {
 public:
  MemoryLedger();
  ~MemoryLedger() override;

  Status write(const std::function<Status(hub::Books&)>& work) override;
  Status read(const std::function<Status(hub::Books&)>& work) override;

  // The next `count` writes succeed; those after it do all they do, are undone and get ErrorCode::unavailable, as if
  // the disk were full at the commit. Until recover().
  void fail_after(int count);
  void recover();
  // Called once, before the next write begins: what another thread does just then.
  void before_write(std::function<void()> action) { before_write_ = std::move(action); }
  // Transactions that were kept.
  [[nodiscard]] int commits() const;

  // All that is kept, for tests that change it behind the ledger's back; not while a transaction runs.
  struct Contents {
    struct Certificate {
      std::int64_t id = 0;
      ca::CertificateRecord record;
    };
    struct Challenge {
      std::int64_t number = 0;
      ca::ChallengeRecord record;
    };
    std::map<Bytes, Certificate> certificates;        // by the serial's octets
    std::map<std::int64_t, Bytes> certificate_order;  // id to serial
    std::map<std::string, Challenge, std::less<>> challenges;
    std::map<std::pair<int, std::uint64_t>, ca::CrlRecord> crls;
    std::map<int, ca::CrlChanges> crl_changes;                          // by generation
    std::map<std::pair<int, Bytes>, pki::RevokedEntry> revoked_before;  // by generation and serial
    std::map<std::int64_t, hub::TransactionRecord> transactions;
    std::map<std::tuple<std::string, Bytes, Bytes>, std::int64_t> transaction_keys;
    std::map<std::string, hub::StoredEndpoint, std::less<>> endpoints;
    std::map<std::int64_t, hub::AuditEvent> audit;
    std::map<std::string, hub::UserRecord, std::less<>> users;
    std::map<Bytes, hub::SessionRecord> sessions;  // by the hash of the token
    std::map<fleet::NodeId, fleet::Node> nodes;
    std::map<std::string, fleet::NodeId, std::less<>> node_names;
    std::map<std::string, fleet::Place, std::less<>> node_certificates;  // by serial
    std::map<std::string, fleet::Place, std::less<>> node_challenges;
    std::map<fleet::NodeId, fleet::Inventory> inventories;
    std::map<fleet::NodeId, std::map<std::int64_t, fleet::NodeEvent>> node_events;
    std::map<std::string, fleet::ForeignCertificate, std::less<>> foreign_certificates;
    std::map<std::int64_t, fleet::Cluster> clusters;
    std::map<fleet::OrderId, fleet::Order> orders;
    std::int64_t audit_head = 0;  // the sequence number of the last event
    std::int64_t last_id = 0;
  };
  [[nodiscard]] Contents& contents() { return contents_; }

 private:
  class View;

  mutable std::recursive_mutex mutex_;
  std::function<void()> before_write_;
  Contents contents_;
  std::optional<int> writes_left_;
  int commits_ = 0;
};

}  // namespace chancery::testing
