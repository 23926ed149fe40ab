#pragma once

// What the authority keeps, in memory: the parts of MemoryLedger that ca/records.h asks for.

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ca/records.h"
#include "ca/search_words.h"
#include "testing/memory_ledger.h"
#include "testing/memory_undo.h"

namespace chancery::testing {

class MemoryCertificates final : public ca::Certificates {
 public:
  MemoryCertificates(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Status add_intent(const ca::CertificateRecord& record) override {
    TRY_STATUS(undo_.may_write());
    const Bytes& serial = record.serial.octets;
    if (contents_.certificates.contains(serial)) return conflict("there is a certificate with this serial already");
    undo_.remember(contents_.last_id);
    const std::int64_t id = ++contents_.last_id;
    undo_.remember(contents_.certificates, serial);
    undo_.remember(contents_.certificate_order, id);
    auto& stored = contents_.certificates[serial];
    stored = {id, record};
    stored.record.state = ca::CertificateRecord::State::intended;
    stored.record.der.clear();
    stored.record.fingerprint.clear();
    stored.record.revoked_at.reset();
    stored.record.reason = pki::RevocationReason::unspecified;
    stored.record.superseded = false;
    contents_.certificate_order[id] = serial;
    return {};
  }

  Status record_issued(const pki::Serial& serial, ByteView der, ByteView fingerprint) override {
    TRY(ca::CertificateRecord * record,
        change(serial, [](const auto& found) { return found.state == ca::CertificateRecord::State::intended; }));
    record->state = ca::CertificateRecord::State::issued;
    record->der = to_bytes(der);
    record->fingerprint = to_bytes(fingerprint);
    weigh_replaced(*record);
    return {};
  }

  Result<std::vector<ca::CertificateRecord>> renewals_of(const pki::Serial& serial) override {
    std::vector<ca::CertificateRecord> renewals;
    for (const auto& [id, octets] : contents_.certificate_order) {
      const ca::CertificateRecord& record = contents_.certificates.at(octets).record;
      if (record.replaces != serial.hex()) continue;
      renewals.push_back(record);
      renewals.back().tbs.clear();
      renewals.back().der.clear();
    }
    return renewals;
  }

  Result<std::optional<ca::CertificateRecord>> find_by_fingerprint(ByteView fingerprint) override {
    for (const auto& [serial, certificate] : contents_.certificates)
      if (!fingerprint.empty() && equal(certificate.record.fingerprint, fingerprint)) return certificate.record;
    return std::nullopt;
  }

  Result<bool> knows(ByteView fingerprint) override {
    TRY(const auto found, find_by_fingerprint(fingerprint));
    return found.has_value();
  }

  Result<std::optional<ca::CertificateRecord>> find(const pki::Serial& serial) override {
    const auto found = contents_.certificates.find(serial.octets);
    if (found == contents_.certificates.end()) return std::nullopt;
    return found->second.record;
  }

  Result<ca::CertificatePage> list(const ca::CertificateFilter& filter) override {
    std::vector<const MemoryLedger::Contents::Certificate*> found;
    for (const auto& [serial, certificate] : contents_.certificates) found.push_back(&certificate);
    std::ranges::sort(found, [&](const auto* a, const auto* b) {
      if (!filter.ascending) std::swap(a, b);
      return place(filter, *a) < place(filter, *b);
    });
    auto next = found.begin();
    if (filter.after != 0) {
      const auto last = std::ranges::find(found, filter.after, &MemoryLedger::Contents::Certificate::id);
      next = last == found.end() ? last : last + 1;
    }
    ca::CertificatePage page;
    for (int visited = 0; next != found.end() && visited < filter.most_visited; ++next, ++visited) {
      const ca::CertificateRecord& record = (*next)->record;
      if (!matches(filter, record) || !is_of_place(filter, record) || !is_of_cluster(filter, record)) continue;
      if (std::ssize(page.rows) == filter.limit) break;
      page.rows.push_back((*next)->record);
      page.rows.back().tbs.clear();
      page.rows.back().der.clear();
    }
    if (next != found.end() && next != found.begin()) page.next = next[-1]->id;
    return page;
  }

  Status revoke(const pki::Serial& serial, Timestamp at, pki::RevocationReason reason) override {
    TRY(ca::CertificateRecord * record, change(serial, [](const auto& found) {
          return found.state != ca::CertificateRecord::State::revoked ||
                 found.reason == pki::RevocationReason::certificate_hold;
        }));
    record->state = ca::CertificateRecord::State::revoked;
    record->revoked_at = at;
    record->reason = reason;
    weigh_replaced(*record);
    note_change(record->generation);
    return {};
  }

  Status release(const pki::Serial& serial) override {
    TRY(ca::CertificateRecord * record, change(serial, [](const auto& found) { return found.suspended(); }));
    record->state =
        record->fingerprint.empty() ? ca::CertificateRecord::State::intended : ca::CertificateRecord::State::issued;
    record->revoked_at.reset();
    record->reason = pki::RevocationReason::unspecified;
    weigh_replaced(*record);
    note_change(record->generation);
    return {};
  }

  Result<std::vector<pki::RevokedEntry>> revoked(int generation, Timestamp expired_before) override {
    std::vector<pki::RevokedEntry> entries;
    for (const auto& [serial, certificate] : contents_.certificates)
      if (const auto& record = certificate.record; record.state == ca::CertificateRecord::State::revoked &&
                                                   record.generation == generation &&
                                                   record.validity.not_after >= expired_before)
        entries.push_back({record.serial, record.revoked_at.value(), record.reason});
    for (const auto& [key, entry] : contents_.revoked_before)
      if (key.first == generation) entries.push_back(entry);
    return entries;
  }

  Status add_revoked_before(int generation, const std::vector<pki::RevokedEntry>& entries) override {
    TRY_STATUS(undo_.may_write());
    for (const pki::RevokedEntry& entry : entries) {
      const std::pair key(generation, entry.serial.octets);
      if (contents_.revoked_before.contains(key)) return conflict("this serial was added already");
      undo_.remember(contents_.revoked_before, key);
      contents_.revoked_before[key] = entry;
    }
    return {};
  }

  Result<int> count_valid_for_key(ByteView key_fingerprint, Timestamp now) override {
    return static_cast<int>(std::ranges::count_if(contents_.certificates, [&](const auto& entry) {
      const ca::CertificateRecord& record = entry.second.record;
      return record.state == ca::CertificateRecord::State::issued && record.validity.contains(now) &&
             equal(record.key_fingerprint, key_fingerprint);
    }));
  }

  Result<std::vector<ca::CertificateRecord>> intents_before(Timestamp time) override {
    std::vector<ca::CertificateRecord> intents;
    for (const auto& [id, serial] : contents_.certificate_order)
      if (const auto& record = contents_.certificates.at(serial).record;
          record.state == ca::CertificateRecord::State::intended && record.created < time)
        intents.push_back(record);
    return intents;
  }

  Result<std::int64_t> count_current(Timestamp from, Timestamp before) override {
    return std::ranges::count_if(contents_.certificates, [&](const auto& entry) {
      const Timestamp end = entry.second.record.validity.not_after;
      return is_counted(entry.second.record) && end >= from && end < before;
    });
  }

  Result<std::int64_t> count_expiring(Timestamp now, Timestamp before) override {
    return std::ranges::count_if(contents_.certificates, [&](const auto& entry) {
      const ca::CertificateRecord& record = entry.second.record;
      return ca::status_of(record, now) == ca::CertificateStatus::expiring && record.validity.not_after < before;
    });
  }

 private:
  void note_change(int generation) {
    undo_.remember(contents_.crl_changes, generation);
    ++contents_.crl_changes[generation].made;
  }

  // What `record` renews is superseded as long as one that renews it is good.
  void weigh_replaced(const ca::CertificateRecord& record) {
    const auto replaced = pki::Serial::from_hex(record.replaces);
    if (!replaced || !contents_.certificates.contains(replaced->octets)) return;
    undo_.remember(contents_.certificates, replaced->octets);
    contents_.certificates[replaced->octets].record.superseded =
        std::ranges::any_of(contents_.certificates, [&](const auto& entry) {
          const ca::CertificateRecord& each = entry.second.record;
          return each.replaces == record.replaces && each.state == ca::CertificateRecord::State::issued;
        });
  }

  static bool is_counted(const ca::CertificateRecord& record) {
    return record.state == ca::CertificateRecord::State::issued && !record.superseded;
  }

  static bool matches(const ca::CertificateFilter& filter, const ca::CertificateRecord& record) {
    using ca::CertificateStatus;
    const CertificateStatus status = ca::status_of(record, filter.now);
    const bool is_current = status == CertificateStatus::valid || status == CertificateStatus::expiring;
    return (!filter.endpoint || record.endpoint == *filter.endpoint) &&
           (!filter.state || record.state == *filter.state) &&
           (!filter.status || status == *filter.status ||
            (is_current && *filter.status == CertificateStatus::current)) &&
           (!filter.expires_before || record.validity.not_after < *filter.expires_before) &&
           (!filter.expires_after || record.validity.not_after >= *filter.expires_after) &&
           (filter.text.empty() ||
            ca::matches(ca::search_of(filter.text), ca::search_words(record.subject, record.alternative_names),
                        record.serial.hex(), record.fingerprint));
  }

  // Which clusters' nodes use it now.
  [[nodiscard]] bool is_of_cluster(const ca::CertificateFilter& filter, const ca::CertificateRecord& record) const {
    if (!filter.cluster) return true;
    bool found = false;
    for (const auto& [id, inventory] : contents_.inventories) {
      const auto node = contents_.nodes.find(id);
      if (node == contents_.nodes.end()) continue;
      const std::int64_t cluster = node->second.cluster_id;
      if (*filter.cluster == 0 ? cluster == 0 : cluster != *filter.cluster) continue;
      found = found || std::ranges::count(inventory.slots, record.serial.hex(), &fleet::SlotStatus::serial) > 0;
    }
    return found == (*filter.cluster != 0);
  }

  [[nodiscard]] bool is_of_place(const ca::CertificateFilter& filter, const ca::CertificateRecord& record) const {
    if (filter.node == 0) return true;
    const auto place = contents_.node_certificates.find(record.serial.hex());
    return place != contents_.node_certificates.end() && place->second.node_id == filter.node &&
           (filter.slot.empty() || place->second.slot == filter.slot);
  }

  // Where a certificate stands in the order that is asked for.
  static std::tuple<Timestamp, std::string, std::int64_t> place(const ca::CertificateFilter& filter,
                                                                const MemoryLedger::Contents::Certificate& from) {
    using Sort = ca::CertificateFilter::Sort;
    return {filter.sort == Sort::not_after ? from.record.validity.not_after : Timestamp(),
            filter.sort == Sort::subject ? from.record.subject : std::string(), from.id};
  }

  // The record to change, if there is one and `allowed` says so of it.
  template <class Allowed>
  Result<ca::CertificateRecord*> change(const pki::Serial& serial, Allowed allowed) {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.certificates.find(serial.octets);
    if (found == contents_.certificates.end()) return not_found("there is no certificate with this serial");
    if (!allowed(found->second.record)) return conflict("the certificate is in a state that does not allow this");
    undo_.remember(contents_.certificates, serial.octets);
    return &found->second.record;
  }

  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

class MemoryChallenges final : public ca::Challenges {
 public:
  MemoryChallenges(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Status add(const ca::ChallengeRecord& record) override {
    TRY_STATUS(undo_.may_write());
    if (contents_.challenges.contains(record.id)) return conflict("there is a challenge with this id already");
    undo_.remember(contents_.last_id);
    undo_.remember(contents_.challenges, record.id);
    contents_.challenges[record.id] = {++contents_.last_id, record};
    return {};
  }

  Result<std::optional<ca::ChallengeRecord>> find(std::string_view id) override {
    const auto found = contents_.challenges.find(id);
    if (found == contents_.challenges.end()) return std::nullopt;
    return found->second.record;
  }

  Result<bool> use(std::string_view id, Timestamp now, std::string_view serial_hex) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.challenges.find(id);
    if (found == contents_.challenges.end() || found->second.record.used || found->second.record.expires <= now)
      return false;
    undo_.remember(contents_.challenges, id);
    found->second.record.used = now;
    found->second.record.used_by = serial_hex;
    return true;
  }

  Result<std::optional<std::string>> id_used_by(std::string_view used_by) override {
    for (const auto& [id, challenge] : contents_.challenges)
      if (!used_by.empty() && challenge.record.used_by == used_by) return challenge.record.id;
    return std::nullopt;
  }

  Status hand_over(std::string_view from, std::string_view to) override {
    TRY_STATUS(undo_.may_write());
    for (auto& [id, challenge] : contents_.challenges) {
      if (challenge.record.used_by != from) continue;
      undo_.remember(contents_.challenges, id);
      challenge.record.used_by = to;
    }
    return {};
  }

  Result<ca::ChallengePage> list(const ca::ChallengeFilter& filter) override {
    std::map<std::int64_t, const ca::ChallengeRecord*> found;
    for (const auto& [id, challenge] : contents_.challenges)
      if ((filter.endpoint.empty() || challenge.record.endpoint == filter.endpoint) &&
          (filter.after == 0 || challenge.number < filter.after))
        found[challenge.number] = &challenge.record;
    ca::ChallengePage page;
    std::int64_t last = 0;
    for (const auto& [number, record] : std::views::reverse(found)) {
      if (std::ssize(page.rows) == filter.limit) {
        page.next = last;
        break;
      }
      last = number;
      page.rows.push_back(*record);
    }
    return page;
  }

  Result<bool> remove(std::string_view id) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.challenges.find(id);
    if (found == contents_.challenges.end()) return false;
    undo_.remember(contents_.challenges, id);
    contents_.challenges.erase(found);
    return true;
  }

  Status remove_expired(Timestamp before) override {
    TRY_STATUS(undo_.may_write());
    for (auto challenge = contents_.challenges.begin(); challenge != contents_.challenges.end();) {
      if (challenge->second.record.expires >= before || !settle_place(challenge->first, challenge->second.record)) {
        ++challenge;
        continue;
      }
      undo_.remember(contents_.challenges, challenge->first);
      challenge = contents_.challenges.erase(challenge);
    }
    return {};
  }

 private:
  // What led to a node by way of the challenge leads there by itself from now on; false: it is needed still.
  bool settle_place(const std::string& id, const ca::ChallengeRecord& record) {
    const auto place = contents_.node_challenges.find(id);
    if (place == contents_.node_challenges.end()) return true;
    std::string serial = record.used_by;
    for (const auto& [number, transaction] : contents_.transactions) {
      if (record.used_by != "request " + std::to_string(number)) continue;
      if (transaction.state == hub::TransactionRecord::State::pending) return false;
      serial = transaction.serial;
    }
    if (record.used && !serial.empty() && !serial.starts_with("request ")) {
      undo_.remember(contents_.node_certificates, serial);
      contents_.node_certificates.emplace(serial, place->second);
    }
    undo_.remember(contents_.node_challenges, id);
    contents_.node_challenges.erase(place);
    return true;
  }

  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

class MemoryCrls final : public ca::Crls {
 public:
  MemoryCrls(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Result<std::optional<ca::CrlRecord>> latest(int generation) override {
    std::optional<ca::CrlRecord> latest;
    for (const auto& [key, record] : contents_.crls)
      if (key.first == generation) latest = record;
    return latest;
  }

  Status add(const ca::CrlRecord& record) override {
    TRY_STATUS(undo_.may_write());
    const std::pair key(record.generation, record.number);
    if (contents_.crls.contains(key)) return conflict("there is a CRL with this number already");
    undo_.remember(contents_.crls, key);
    contents_.crls[key] = record;
    return {};
  }

  Result<ca::CrlChanges> changes(int generation) override {
    const auto found = contents_.crl_changes.find(generation);
    return found == contents_.crl_changes.end() ? ca::CrlChanges{} : found->second;
  }

  Status note_listed(int generation, std::int64_t changes) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.crl_changes.find(generation);
    if (found == contents_.crl_changes.end()) return {};
    undo_.remember(contents_.crl_changes, generation);
    found->second.listed = changes;
    return {};
  }

 private:
  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

}  // namespace chancery::testing
