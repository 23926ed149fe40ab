#include "testing/memory_agent_store.h"

#include <algorithm>

#include "base/check.h"

namespace chancery::testing {

Result<std::vector<std::pair<std::string, agent::SlotState>>> MemoryAgentStore::slots() {
  return std::vector<std::pair<std::string, agent::SlotState>>(slots_.begin(), slots_.end());
}

Status MemoryAgentStore::save(const agent::SlotChange& change) {
  TRY_STATUS(may_write());
  slots_[change.slot] = change.state;
  for (const wire::Event& event : change.events) add_event(event);
  if (change.installed) add_certificate(*change.installed);
  if (change.forget_received) received_.erase(change.slot);
  return {};
}

Status MemoryAgentStore::forget_slot(const std::string& slot) {
  TRY_STATUS(may_write());
  slots_.erase(slot);
  received_.erase(slot);
  return {};
}

Status MemoryAgentStore::keep_received(const std::string& slot, const agent::ReceivedCertificate& received) {
  TRY_STATUS(may_write());
  received_[slot] = received;
  return {};
}

Result<std::optional<agent::ReceivedCertificate>> MemoryAgentStore::received(const std::string& slot) {
  const auto found = received_.find(slot);
  if (found == received_.end()) return std::nullopt;
  return found->second;
}

void MemoryAgentStore::add_certificate(const agent::CertificateRecord& record) {
  std::erase_if(certificates_,
                [&](const auto& other) { return other.slot == record.slot && other.sha256 == record.sha256; });
  certificates_.insert(certificates_.begin(), record);
  std::size_t of_slot = 0;
  std::erase_if(certificates_,
                [&](const auto& other) { return other.slot == record.slot && ++of_slot > certificates_per_slot; });
}

Result<std::vector<agent::CertificateRecord>> MemoryAgentStore::certificates() { return certificates_; }

void MemoryAgentStore::add_event(wire::Event event) {
  event.number = ++last_event_;
  events_.push_back(std::move(event));
  if (events_.size() > history_length) events_.erase(events_.begin());
}

Status MemoryAgentStore::append(const wire::Event& event) {
  TRY_STATUS(may_write());
  add_event(event);
  return {};
}

Result<std::vector<wire::Event>> MemoryAgentStore::events_after(std::int64_t number, std::size_t limit) {
  std::vector<wire::Event> found;
  for (const wire::Event& event : events_)
    if (event.number > number && found.size() < limit) found.push_back(event);
  return found;
}

Result<std::vector<wire::Event>> MemoryAgentStore::latest_events(const std::string& slot, std::size_t limit) {
  std::vector<wire::Event> found;
  for (auto event = events_.rbegin(); event != events_.rend() && found.size() < limit; ++event)
    if (slot.empty() || event->slot == slot) found.push_back(*event);
  return found;
}

Result<std::vector<agent::TrustAnchor>> MemoryAgentStore::trust() {
  std::vector<agent::TrustAnchor> anchors;
  for (const auto& [key, der] : trust_) anchors.push_back({.store = key.first, .sha256 = key.second, .der = der});
  return anchors;
}

Result<bool> MemoryAgentStore::add_trust(const agent::TrustAnchor& anchor) {
  TRY_STATUS(may_write());
  return trust_.emplace(std::pair(anchor.store, anchor.sha256), anchor.der).second;
}

Result<bool> MemoryAgentStore::remove_trust(const std::string& store, ByteView sha256) {
  TRY_STATUS(may_write());
  return trust_.erase({store, to_bytes(sha256)}) > 0;
}

MemoryAgentStore::Order* MemoryAgentStore::find_order(const std::string& id) {
  const auto found = std::ranges::find(orders_, id, &Order::id);
  return found == orders_.end() ? nullptr : &*found;
}

Result<std::optional<agent::OrderRecord>> MemoryAgentStore::order(const std::string& id) {
  const Order* found = find_order(id);
  if (found == nullptr) return std::nullopt;
  return found->record;
}

Status MemoryAgentStore::begin_order(const std::string& id, Timestamp now) {
  TRY_STATUS(may_write());
  if (find_order(id) != nullptr) return {};
  orders_.push_back({.id = id, .record = {.begun = now}});
  const std::size_t too_many = orders_.size() - std::min(orders_.size(), orders_remembered);
  for (std::size_t at = 0, passed = 0; passed < too_many; ++passed)
    if (orders_[at].record.result)
      orders_.erase(orders_.begin() + static_cast<std::ptrdiff_t>(at));
    else
      ++at;
  return {};
}

Status MemoryAgentStore::finish_order(const wire::OrderResult& result) {
  TRY_STATUS(may_write());
  Order* found = find_order(result.id);
  CHECK(found != nullptr);
  found->record.result = result;
  return {};
}

Result<std::vector<wire::OrderResult>> MemoryAgentStore::unacknowledged_results(std::size_t limit) {
  std::vector<wire::OrderResult> results;
  for (const Order& order : orders_)
    if (order.record.result && !order.acknowledged && results.size() < limit) results.push_back(*order.record.result);
  return results;
}

Status MemoryAgentStore::acknowledge_results(const std::vector<std::string>& ids) {
  TRY_STATUS(may_write());
  for (const std::string& id : ids)
    if (Order* found = find_order(id)) found->acknowledged = true;
  return {};
}

Result<agent::LinkRecord> MemoryAgentStore::link() { return link_; }

Status MemoryAgentStore::save_link(const agent::LinkRecord& link) {
  TRY_STATUS(may_write());
  link_ = link;
  return {};
}

}  // namespace chancery::testing
