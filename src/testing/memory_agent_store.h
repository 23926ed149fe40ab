#pragma once

// agent::AgentStore in memory, for tests and simulations. What it keeps survives the agent that writes to it.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/store.h"

namespace chancery::testing {

class MemoryAgentStore final : public agent::AgentStore {
 public:
  // Asked before each change: an error is given instead, and nothing changes. For disks that fail and power that goes.
  std::function<Status()> before_write;

  Result<std::vector<std::pair<std::string, agent::SlotState>>> slots() override;
  Status save(const agent::SlotChange& change) override;
  Status forget_slot(const std::string& slot) override;
  Status keep_received(const std::string& slot, const agent::ReceivedCertificate& received) override;
  Result<std::optional<agent::ReceivedCertificate>> received(const std::string& slot) override;
  Result<std::vector<agent::CertificateRecord>> certificates() override;
  Status append(const wire::Event& event) override;
  Result<std::vector<wire::Event>> events_after(std::int64_t number, std::size_t limit) override;
  Result<std::vector<wire::Event>> latest_events(const std::string& slot, std::size_t limit) override;
  Result<std::vector<agent::TrustAnchor>> trust() override;
  Result<bool> add_trust(const agent::TrustAnchor& anchor) override;
  Result<bool> remove_trust(const std::string& store, ByteView sha256) override;
  Result<std::optional<agent::OrderRecord>> order(const std::string& id) override;
  Status begin_order(const std::string& id, Timestamp now) override;
  Status finish_order(const wire::OrderResult& result) override;
  Result<std::vector<wire::OrderResult>> unacknowledged_results(std::size_t limit) override;
  Status acknowledge_results(const std::vector<std::string>& ids) override;
  Result<agent::LinkRecord> link() override;
  Status save_link(const agent::LinkRecord& link) override;

 private:
  struct Order {
    std::string id;
    agent::OrderRecord record;
    bool acknowledged = false;
  };

  [[nodiscard]] Status may_write() const { return before_write ? before_write() : Status(); }
  void add_event(wire::Event event);
  void add_certificate(const agent::CertificateRecord& record);
  Order* find_order(const std::string& id);

  std::map<std::string, agent::SlotState> slots_;
  std::map<std::string, agent::ReceivedCertificate> received_;
  std::vector<agent::CertificateRecord> certificates_;  // the newest first
  std::vector<wire::Event> events_;
  std::int64_t last_event_ = 0;
  std::map<std::pair<std::string, Bytes>, Bytes> trust_;
  std::vector<Order> orders_;
  agent::LinkRecord link_;
};

}  // namespace chancery::testing
