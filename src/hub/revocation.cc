#include "hub/revocation.h"

#include <fmt/format.h>

#include <set>

#include "hub/certificate_chain.h"

namespace chancery::hub {
namespace {

Result<ca::CertificateRecord> certificate_of(Books& books, const pki::Serial& serial) {
  TRY(auto record, books.certificates().find(serial));
  if (!record) return not_found(fmt::format("there is no certificate with serial {}", serial.hex()));
  return *std::move(record);
}

}  // namespace

Status Revocation::revoke(const pki::Serial& serial, pki::RevocationReason reason, const Caller& caller,
                          const RevocationOptions& options) {
  if (reason == pki::RevocationReason::remove_from_crl) return invalid("removeFromCRL is not a reason to revoke");
  const std::string hex = serial.hex();
  int generation = 0;
  std::vector<ca::CertificateRecord> revoked;
  const Status written = context_.ledger.write([&](Books& books) -> Status {
    TRY(const ca::CertificateRecord record, certificate_of(books, serial));
    generation = record.generation;
    revoked = {record};
    // The ledger would take it as another reason, and forget since when.
    if (record.suspended() && reason == pki::RevocationReason::certificate_hold)
      return conflict(fmt::format("certificate {} is suspended already", hex));
    if (record.state == ca::CertificateRecord::State::revoked && !record.suspended())
      return conflict(fmt::format("certificate {} is revoked already", hex));
    const Timestamp now = context_.clock.now();
    if (options.with_earlier) {
      TRY(std::vector<ca::CertificateRecord> earlier, open_earlier_of(books, record, now));
      for (ca::CertificateRecord& each : earlier)
        if (!each.suspended() || reason != pki::RevocationReason::certificate_hold) revoked.push_back(std::move(each));
    }
    for (const ca::CertificateRecord& each : revoked) {
      TRY_STATUS(books.certificates().revoke(each.serial, now, reason));
      AuditEvent event{.at = now,
                       .actor = caller.name,
                       .action = "certificate.revoked",
                       .subject = each.serial.hex(),
                       .details = {{"reason", std::string(pki::to_string(reason))}, {"name", each.subject}}};
      if (each.serial != serial) event.details.emplace_back("with", hex);
      TRY_STATUS(books.audit().append(event));
    }
    return {};
  });
  if (!written) return settled(written.error(), generation);
  std::set<int> generations;
  for (const ca::CertificateRecord& each : revoked) {
    generations.insert(each.generation);
    context_.log.info(
        "certificate revoked",
        {{"serial", each.serial.hex()}, {"reason", std::string(pki::to_string(reason))}, {"caller", caller.name}});
  }
  // Each is tried, whatever became of the others.
  Status made;
  for (const int each : generations)
    if (const Status published = crls_.publish_changes(each); !published && made) made = published;
  TRY_STATUS_IN("the certificate is revoked, but its CRL could not be made", made);
  return {};
}

Status Revocation::release(const pki::Serial& serial, const Caller& caller) {
  const std::string hex = serial.hex();
  int generation = 0;
  const Status written = context_.ledger.write([&](Books& books) -> Status {
    TRY(const ca::CertificateRecord record, certificate_of(books, serial));
    generation = record.generation;
    if (!record.suspended() && record.state == ca::CertificateRecord::State::revoked)
      return conflict(fmt::format("certificate {} is revoked for good: only a suspended one can be released", hex));
    if (!record.suspended()) return conflict(fmt::format("certificate {} is not suspended", hex));
    TRY_STATUS(books.certificates().release(serial));
    AuditEvent event{.at = context_.clock.now(),
                     .actor = caller.name,
                     .action = "certificate.released",
                     .subject = hex,
                     .details = {{"name", record.subject}}};
    if (record.revoked_at) event.details.emplace_back("suspended", to_rfc3339(*record.revoked_at));
    return books.audit().append(event);
  });
  if (!written) return settled(written.error(), generation);
  context_.log.info("certificate released", {{"serial", hex}, {"caller", caller.name}});
  TRY_STATUS_IN("the certificate is released, but its CRL could not be made", crls_.publish_changes(generation));
  return {};
}

Status Revocation::settled(Error refusal, int generation) {
  if (refusal.code() == ErrorCode::conflict)
    TRY_STATUS_IN(refusal.text() + ", but its CRL could not be made", crls_.publish_changes(generation));
  return std::unexpected(std::move(refusal));
}

}  // namespace chancery::hub
