#pragma once

// What the hub keeps, in memory: the parts of MemoryLedger that hub/ledger.h itself asks for.

#include <algorithm>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <vector>

#include "hub/ledger.h"
#include "store/hub/audit_chain.h"
#include "testing/memory_ledger.h"
#include "testing/memory_undo.h"

namespace chancery::testing {

class MemoryTransactions final : public hub::Transactions {
 public:
  MemoryTransactions(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Result<std::optional<hub::TransactionRecord>> find(const hub::TransactionKey& key) override {
    const auto found = contents_.transaction_keys.find(tuple_of(key));
    if (found == contents_.transaction_keys.end()) return std::nullopt;
    return find(found->second);
  }

  Result<std::optional<hub::TransactionRecord>> find(std::int64_t id) override {
    const auto found = contents_.transactions.find(id);
    if (found == contents_.transactions.end()) return std::nullopt;
    return found->second;
  }

  Result<std::optional<hub::TransactionRecord>> latest_for_key(std::string_view endpoint,
                                                               ByteView signer_key) override {
    for (const auto& [id, record] : std::views::reverse(contents_.transactions))
      if (record.key.endpoint == endpoint && equal(record.key.signer_key, signer_key)) return record;
    return std::nullopt;
  }

  Result<int> count_valid_issued(std::string_view endpoint, ByteView signer_key, Timestamp now) override {
    int count = 0;
    for (const auto& [id, record] : contents_.transactions) {
      if (record.key.endpoint != endpoint || !equal(record.key.signer_key, signer_key)) continue;
      if (record.state != hub::TransactionRecord::State::issued) continue;
      TRY(const pki::Serial serial, pki::Serial::from_hex(record.serial));
      const auto found = contents_.certificates.find(serial.octets);
      if (found == contents_.certificates.end()) continue;
      const ca::CertificateRecord& certificate = found->second.record;
      if (certificate.state != ca::CertificateRecord::State::revoked && certificate.validity.contains(now)) ++count;
    }
    return count;
  }

  Result<std::int64_t> add(const hub::TransactionRecord& record) override {
    TRY_STATUS(undo_.may_write());
    const auto key = tuple_of(record.key);
    if (contents_.transaction_keys.contains(key)) return conflict("this transaction exists already");
    undo_.remember(contents_.last_id);
    const std::int64_t id = ++contents_.last_id;
    undo_.remember(contents_.transaction_keys, key);
    undo_.remember(contents_.transactions, id);
    contents_.transaction_keys[key] = id;
    contents_.transactions[id] = record;
    contents_.transactions[id].id = id;
    return id;
  }

  Status approve(std::int64_t id, std::string_view serial, Timestamp at) override {
    TRY(hub::TransactionRecord * record, pending(id));
    record->state = hub::TransactionRecord::State::issued;
    record->serial = serial;
    record->updated = at;
    return {};
  }

  Status reject(std::int64_t id, int fail_info, std::string_view reason, Timestamp at) override {
    TRY(hub::TransactionRecord * record, pending(id));
    record->state = hub::TransactionRecord::State::rejected;
    record->fail_info = fail_info;
    record->reason = reason;
    record->updated = at;
    record->request.clear();
    return {};
  }

  Result<std::vector<hub::TransactionRecord>> list(std::optional<hub::TransactionRecord::State> state,
                                                   std::int64_t after, int limit) override {
    std::vector<hub::TransactionRecord> records;
    for (const auto& [id, record] : std::views::reverse(contents_.transactions))
      if (std::ssize(records) < limit && (after == 0 || id < after) && (!state || record.state == *state))
        records.push_back(record);
    return records;
  }

  Result<std::int64_t> count(hub::TransactionRecord::State state) override {
    return std::ranges::count_if(contents_.transactions,
                                 [state](const auto& entry) { return entry.second.state == state; });
  }

  Status forget(Timestamp rejected_before) override {
    TRY_STATUS(undo_.may_write());
    int looked_at = 0;
    for (auto entry = contents_.transactions.begin(); entry != contents_.transactions.end();) {
      const auto [id, record] = *entry++;
      if (record.state != hub::TransactionRecord::State::rejected) continue;
      if (++looked_at > 10'000) break;
      if (record.updated >= rejected_before || entry == contents_.transactions.end()) continue;
      const auto key = tuple_of(record.key);
      undo_.remember(contents_.transaction_keys, key);
      undo_.remember(contents_.transactions, id);
      contents_.transaction_keys.erase(key);
      contents_.transactions.erase(id);
    }
    return {};
  }

 private:
  static std::tuple<std::string, Bytes, Bytes> tuple_of(const hub::TransactionKey& key) {
    return {key.endpoint, key.signer_key, key.transaction_id};
  }

  Result<hub::TransactionRecord*> pending(std::int64_t id) {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.transactions.find(id);
    if (found == contents_.transactions.end()) return not_found("there is no such request");
    if (found->second.state != hub::TransactionRecord::State::pending)
      return conflict("the request is decided already");
    undo_.remember(contents_.transactions, id);
    return &found->second;
  }

  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

class MemoryEndpoints final : public hub::Endpoints {
 public:
  MemoryEndpoints(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Result<std::vector<hub::StoredEndpoint>> all() override {
    std::vector<hub::StoredEndpoint> endpoints;
    for (const auto& [name, endpoint] : contents_.endpoints) endpoints.push_back(endpoint);
    return endpoints;
  }

  Status put(const hub::StoredEndpoint& endpoint) override {
    TRY_STATUS(undo_.may_write());
    undo_.remember(contents_.endpoints, endpoint.name);
    contents_.endpoints.insert_or_assign(endpoint.name, endpoint);
    return {};
  }

  Result<bool> remove(std::string_view name) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.endpoints.find(name);
    if (found == contents_.endpoints.end()) return false;
    undo_.remember(contents_.endpoints, name);
    contents_.endpoints.erase(found);
    return true;
  }

 private:
  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

class MemoryAuditTrail final : public hub::AuditTrail {
 public:
  MemoryAuditTrail(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Status append(const hub::AuditEvent& event) override {
    TRY_STATUS(undo_.may_write());
    undo_.remember(contents_.audit_head);
    undo_.remember(contents_.audit, contents_.audit_head + 1);
    const auto last = contents_.audit.find(contents_.audit_head);
    hub::AuditEvent stored = event;
    stored.sequence = ++contents_.audit_head;
    stored.hash = store::audit_hash(last == contents_.audit.end() ? Bytes() : last->second.hash, stored);
    contents_.audit[stored.sequence] = std::move(stored);
    return {};
  }

  Result<std::vector<hub::AuditEvent>> list(std::int64_t after, int limit) override {
    std::vector<hub::AuditEvent> events;
    for (auto event = contents_.audit.upper_bound(after); event != contents_.audit.end() && std::ssize(events) < limit;
         ++event)
      events.push_back(event->second);
    return events;
  }

  Result<std::vector<hub::AuditEvent>> newest(std::int64_t before, int limit) override {
    std::vector<hub::AuditEvent> events;
    for (const auto& [sequence, event] : std::views::reverse(contents_.audit))
      if ((before == 0 || sequence < before) && std::ssize(events) < limit) events.push_back(event);
    return events;
  }

  Result<hub::AuditPage> find(const hub::AuditFilter& filter) override {
    std::vector<hub::AuditEvent> found;
    for (const auto& [sequence, event] : contents_.audit)
      if (matches(filter, event)) found.push_back(event);
    const auto place = [](const hub::AuditEvent& event) { return std::pair(event.at, event.sequence); };
    std::ranges::sort(found, {}, place);
    if (filter.newest_first) std::ranges::reverse(found);
    if (filter.after != 0) {
      const auto after = contents_.audit.find(filter.after);
      if (after == contents_.audit.end()) return not_found("there is no such audit event");
      const auto last = place(after->second);
      std::erase_if(found, [&](const hub::AuditEvent& event) {
        return filter.newest_first ? place(event) >= last : place(event) <= last;
      });
    }
    hub::AuditPage page{.events = std::move(found)};
    if (std::ssize(page.events) <= filter.limit) return page;
    page.events.resize(static_cast<std::size_t>(filter.limit));
    page.next = page.events.back().sequence;
    return page;
  }

  Result<hub::AuditProof> verify(const hub::AuditProof& so_far) override {
    hub::AuditProof proof = so_far;
    for (auto at = contents_.audit.upper_bound(so_far.events); at != contents_.audit.end(); ++at) {
      const auto& [sequence, event] = *at;
      if (sequence != proof.events + 1 || event.sequence != sequence ||
          event.hash != store::audit_hash(proof.hash, event))
        return conflict("audit event " + std::to_string(proof.events + 1) + " does not fit the chain");
      proof = {sequence, event.hash};
    }
    if (proof.events != contents_.audit_head)
      return conflict("audit event " + std::to_string(proof.events + 1) + " is missing");
    proof.whole = true;
    return proof;
  }

 private:
  static bool matches(const hub::AuditFilter& filter, const hub::AuditEvent& event) {
    const auto is = [](const std::string& wanted, const std::string& value) {
      return wanted.empty() || wanted == value;
    };
    return is(filter.action, event.action) && is(filter.actor, event.actor) && is(filter.subject, event.subject) &&
           (!filter.since || event.at >= *filter.since) && (!filter.until || event.at < *filter.until) &&
           (filter.text.empty() || event.subject == filter.text ||
            std::ranges::count(hub::actors_called(filter.text), event.actor) != 0);
  }

  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

}  // namespace chancery::testing
