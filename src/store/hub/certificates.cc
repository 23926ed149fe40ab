#include "store/hub/certificates.h"

#include "store/hub/certificate_list.h"
#include "store/hub/json_text.h"
#include "store/hub/statements.h"

namespace chancery::store {

using State = ca::CertificateRecord::State;

namespace statements_of = statements::certificates;

Result<ca::CertificateRecord> certificate_from(const sql::Row& row) {
  ca::CertificateRecord record;
  TRY_IN("reading a certificate", record.serial, pki::Serial::from_hex(row.text(0)));
  record.generation = row.get<int>(1);
  record.endpoint = row.text(2);
  record.state = static_cast<State>(row.integer(3));
  record.subject = row.text(4);
  TRY_IN("reading a certificate", record.alternative_names, texts_from_json(row.text(5)));
  record.validity = {row.time(6), row.time(7)};
  record.key_fingerprint = row.get<Bytes>(8);
  record.fingerprint = row.get<Bytes>(9);
  record.revoked_at = row.get<std::optional<Timestamp>>(10);
  record.reason = static_cast<pki::RevocationReason>(row.integer(11));
  record.replaces = row.text(12);
  record.created = row.time(13);
  return record;
}

Status Certificates::add_intent(const ca::CertificateRecord& record) {
  const std::string serial = record.serial.hex();
  TRY(const std::int64_t added,
      session_.change(statements_of::add_intent, serial, record.generation, record.endpoint, record.subject,
                      to_json(record.alternative_names), record.validity.not_before, record.validity.not_after,
                      record.key_fingerprint, record.replaces, record.created));
  if (added == 0) return conflict("there is a certificate with serial " + serial + " already");
  TRY([[maybe_unused]] const auto tbs, session_.change(statements_of::add_tbs, record.tbs, serial));
  return {};
}

Status Certificates::record_issued(const pki::Serial& serial, ByteView der, ByteView fingerprint) {
  const std::string hex = serial.hex();
  TRY(const std::int64_t changed, session_.change(statements_of::record_issued, fingerprint, hex));
  if (changed == 0) return why_unchanged(hex, "is not an intent any more");
  TRY([[maybe_unused]] const auto added, session_.change(statements_of::add_der, der, hex));
  return {};
}

Result<std::optional<ca::CertificateRecord>> Certificates::find(const pki::Serial& serial) {
  TRY(sql::Rows rows, session_.query(statements_of::find, serial.hex()));
  return rows.one([](const sql::Row& row) -> Result<ca::CertificateRecord> {
    TRY(ca::CertificateRecord record, certificate_from(row));
    record.tbs = row.get<Bytes>(14);
    record.der = row.get<Bytes>(15);
    return record;
  });
}

Status Certificates::revoke(const pki::Serial& serial, Timestamp at, pki::RevocationReason reason) {
  const std::string hex = serial.hex();
  TRY(const std::int64_t changed, session_.change(statements_of::revoke, at, static_cast<int>(reason), hex));
  if (changed == 0) return why_unchanged(hex, "is revoked already");
  return {};
}

Result<std::vector<pki::RevokedEntry>> Certificates::revoked(int generation, Timestamp expired_before) {
  TRY(sql::Rows rows, session_.query(statements_of::revoked, generation, expired_before));
  return rows.all([](const sql::Row& row) -> Result<pki::RevokedEntry> {
    TRY(pki::Serial serial, pki::Serial::from_hex(row.text(0)));
    return pki::RevokedEntry{std::move(serial), row.time(1), static_cast<pki::RevocationReason>(row.integer(2))};
  });
}

Result<int> Certificates::count_valid_for_key(ByteView key_fingerprint, Timestamp now) {
  TRY(const auto count, session_.value<int>(statements_of::count_valid_for_key, key_fingerprint, now, now));
  return count.value_or(0);
}

Result<std::vector<ca::CertificateRecord>> Certificates::intents_before(Timestamp time) {
  TRY(sql::Rows rows, session_.query(statements_of::intents_before, time));
  return rows.all([](const sql::Row& row) -> Result<ca::CertificateRecord> {
    TRY(ca::CertificateRecord record, certificate_from(row));
    record.tbs = row.get<Bytes>(14);
    return record;
  });
}

Status Certificates::why_unchanged(const std::string& serial, std::string_view refusal) {
  TRY(const auto exists, session_.value<int>(statements_of::exists, serial));
  if (!exists) return not_found("there is no certificate with serial " + serial);
  return conflict("certificate " + serial + " " + std::string(refusal));
}

}  // namespace chancery::store
