#pragma once

// What the authority keeps, in memory: the parts of MemoryLedger that ca/records.h asks for.

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include "ca/records.h"
#include "testing/memory_ledger.h"
#include "testing/memory_undo.h"

namespace chancery::testing {

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& character : out)
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  return out;
}

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
    contents_.certificate_order[id] = serial;
    return {};
  }

  Status record_issued(const pki::Serial& serial, ByteView der, ByteView fingerprint) override {
    TRY(ca::CertificateRecord * record,
        change(serial, [](const auto& found) { return found.state == ca::CertificateRecord::State::intended; }));
    record->state = ca::CertificateRecord::State::issued;
    record->der = to_bytes(der);
    record->fingerprint = to_bytes(fingerprint);
    return {};
  }

  Result<std::optional<ca::CertificateRecord>> find(const pki::Serial& serial) override {
    const auto found = contents_.certificates.find(serial.octets);
    if (found == contents_.certificates.end()) return std::nullopt;
    return found->second.record;
  }

  Result<ca::CertificatePage> list(const ca::CertificateFilter& filter) override {
    ca::CertificatePage page;
    std::int64_t last = 0;
    for (const auto& [id, serial] : std::views::reverse(contents_.certificate_order)) {
      const ca::CertificateRecord& record = contents_.certificates.at(serial).record;
      if ((filter.after != 0 && id >= filter.after) || !matches(filter, record)) continue;
      if (std::ssize(page.rows) == std::max(filter.limit, 0)) {
        page.next = last;
        break;
      }
      last = id;
      page.rows.push_back(record);
      page.rows.back().tbs.clear();
      page.rows.back().der.clear();
    }
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
    return {};
  }

  Result<std::vector<pki::RevokedEntry>> revoked(int generation, Timestamp expired_before) override {
    std::vector<pki::RevokedEntry> entries;
    for (const auto& [serial, certificate] : contents_.certificates)
      if (const auto& record = certificate.record; record.state == ca::CertificateRecord::State::revoked &&
                                                   record.generation == generation &&
                                                   record.validity.not_after >= expired_before)
        entries.push_back({record.serial, record.revoked_at.value(), record.reason});
    return entries;
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

 private:
  static bool matches(const ca::CertificateFilter& filter, const ca::CertificateRecord& record) {
    const auto has_text = [wanted = lower(filter.text)](std::string_view text) {
      return lower(text).find(wanted) != std::string::npos;
    };
    return (!filter.endpoint || record.endpoint == *filter.endpoint) &&
           (!filter.state || record.state == *filter.state) &&
           (!filter.expires_before || record.validity.not_after < *filter.expires_before) &&
           (!filter.expires_after || record.validity.not_after >= *filter.expires_after) &&
           (filter.text.empty() || has_text(record.subject) || has_text(record.serial.hex()) ||
            std::ranges::any_of(record.alternative_names, has_text));
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

  Result<std::vector<ca::ChallengeRecord>> list(std::string_view endpoint, int limit) override {
    std::map<std::int64_t, const ca::ChallengeRecord*> found;
    for (const auto& [id, challenge] : contents_.challenges)
      if (endpoint.empty() || challenge.record.endpoint == endpoint) found[challenge.number] = &challenge.record;
    std::vector<ca::ChallengeRecord> records;
    for (const ca::ChallengeRecord* record : std::views::reverse(found) | std::views::values)
      if (std::ssize(records) < limit) records.push_back(*record);
    return records;
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
      if (challenge->second.record.expires >= before) {
        ++challenge;
        continue;
      }
      undo_.remember(contents_.challenges, challenge->first);
      challenge = contents_.challenges.erase(challenge);
    }
    return {};
  }

 private:
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

 private:
  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

}  // namespace chancery::testing
