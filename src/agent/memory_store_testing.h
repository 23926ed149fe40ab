#pragma once

// agent::AgentStore in memory, for tests and simulations. What it keeps survives the agent that writes to it.

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/store.h"
#include "base/check.h"

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
  Status begin_order(const std::string& id, ByteView content, Timestamp now) override;
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

inline Result<std::vector<std::pair<std::string, agent::SlotState>>> MemoryAgentStore::slots() {
  return std::vector<std::pair<std::string, agent::SlotState>>(slots_.begin(), slots_.end());
}

inline Status MemoryAgentStore::save(const agent::SlotChange& change) {
  TRY_STATUS(may_write());
  slots_[change.slot] = change.state;
  for (const wire::Event& event : change.events) add_event(event);
  if (change.installed) add_certificate(*change.installed);
  if (change.forget_received) received_.erase(change.slot);
  return {};
}

inline Status MemoryAgentStore::forget_slot(const std::string& slot) {
  TRY_STATUS(may_write());
  slots_.erase(slot);
  received_.erase(slot);
  return {};
}

inline Status MemoryAgentStore::keep_received(const std::string& slot, const agent::ReceivedCertificate& received) {
  TRY_STATUS(may_write());
  received_[slot] = received;
  return {};
}

inline Result<std::optional<agent::ReceivedCertificate>> MemoryAgentStore::received(const std::string& slot) {
  const auto found = received_.find(slot);
  if (found == received_.end()) return std::nullopt;
  return found->second;
}

inline void MemoryAgentStore::add_certificate(const agent::CertificateRecord& record) {
  std::erase_if(certificates_,
                [&](const auto& other) { return other.slot == record.slot && other.sha256 == record.sha256; });
  certificates_.insert(certificates_.begin(), record);
  std::size_t of_slot = 0;
  std::erase_if(certificates_,
                [&](const auto& other) { return other.slot == record.slot && ++of_slot > certificates_per_slot; });
}

inline Result<std::vector<agent::CertificateRecord>> MemoryAgentStore::certificates() { return certificates_; }

inline void MemoryAgentStore::add_event(wire::Event event) {
  event.number = ++last_event_;
  events_.push_back(std::move(event));
  if (events_.size() > history_length) events_.erase(events_.begin());
}

inline Status MemoryAgentStore::append(const wire::Event& event) {
  TRY_STATUS(may_write());
  add_event(event);
  return {};
}

inline Result<std::vector<wire::Event>> MemoryAgentStore::events_after(std::int64_t number, std::size_t limit) {
  std::vector<wire::Event> found;
  for (const wire::Event& event : events_)
    if (event.number > number && found.size() < limit) found.push_back(event);
  return found;
}

inline Result<std::vector<wire::Event>> MemoryAgentStore::latest_events(const std::string& slot, std::size_t limit) {
  std::vector<wire::Event> found;
  for (auto event = events_.rbegin(); event != events_.rend() && found.size() < limit; ++event)
    if (slot.empty() || event->slot == slot) found.push_back(*event);
  return found;
}

inline Result<std::vector<agent::TrustAnchor>> MemoryAgentStore::trust() {
  std::vector<agent::TrustAnchor> anchors;
  for (const auto& [key, der] : trust_) anchors.push_back({.store = key.first, .sha256 = key.second, .der = der});
  return anchors;
}

inline Result<bool> MemoryAgentStore::add_trust(const agent::TrustAnchor& anchor) {
  TRY_STATUS(may_write());
  return trust_.emplace(std::pair(anchor.store, anchor.sha256), anchor.der).second;
}

inline Result<bool> MemoryAgentStore::remove_trust(const std::string& store, ByteView sha256) {
  TRY_STATUS(may_write());
  return trust_.erase({store, to_bytes(sha256)}) > 0;
}

inline MemoryAgentStore::Order* MemoryAgentStore::find_order(const std::string& id) {
  const auto found = std::ranges::find(orders_, id, &Order::id);
  return found == orders_.end() ? nullptr : &*found;
}

inline Result<std::optional<agent::OrderRecord>> MemoryAgentStore::order(const std::string& id) {
  const Order* found = find_order(id);
  if (found == nullptr) return std::nullopt;
  return found->record;
}

inline Status MemoryAgentStore::begin_order(const std::string& id, ByteView content, Timestamp now) {
  TRY_STATUS(may_write());
  if (const Order* found = find_order(id); found != nullptr && equal(found->record.content, content)) return {};
  std::erase_if(orders_, [&](const Order& order) { return order.id == id; });
  orders_.push_back({.id = id, .record = {.begun = now, .content = to_bytes(content)}});
  const std::size_t too_many = orders_.size() - std::min(orders_.size(), orders_remembered);
  for (std::size_t at = 0, passed = 0; passed < too_many; ++passed)
    if (orders_[at].record.result)
      orders_.erase(orders_.begin() + static_cast<std::ptrdiff_t>(at));
    else
      ++at;
  return {};
}

inline Status MemoryAgentStore::finish_order(const wire::OrderResult& result) {
  TRY_STATUS(may_write());
  Order* found = find_order(result.id);
  CHECK(found != nullptr);
  found->record.result = result;
  found->acknowledged = false;
  return {};
}

inline Result<std::vector<wire::OrderResult>> MemoryAgentStore::unacknowledged_results(std::size_t limit) {
  std::vector<wire::OrderResult> results;
  for (const Order& order : orders_)
    if (order.record.result && !order.acknowledged && results.size() < limit) results.push_back(*order.record.result);
  return results;
}

inline Status MemoryAgentStore::acknowledge_results(const std::vector<std::string>& ids) {
  TRY_STATUS(may_write());
  for (const std::string& id : ids)
    if (Order* found = find_order(id)) found->acknowledged = true;
  return {};
}

inline Result<agent::LinkRecord> MemoryAgentStore::link() { return link_; }

inline Status MemoryAgentStore::save_link(const agent::LinkRecord& link) {
  TRY_STATUS(may_write());
  link_ = link;
  return {};
}

}  // namespace chancery::testing
