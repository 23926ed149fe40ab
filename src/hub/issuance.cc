#include "hub/issuance.h"

#include <fmt/format.h>

namespace chancery::hub {

Result<pki::Certificate> Issuance::issue(IssuanceOrder order) {
  const ca::Approved& approved = order.approved;
  const std::string serial_hex = approved.serial().hex();
  const ca::CertificateRecord intent{.serial = approved.serial(),
                                     .generation = approved.generation(),
                                     .endpoint = order.endpoint,
                                     .subject = approved.subject_text(),
                                     .alternative_names = approved.alternative_name_texts(),
                                     .validity = approved.validity(),
                                     .key_fingerprint = approved.key_fingerprint(),
                                     .tbs = to_bytes(approved.tbs()),
                                     .replaces = order.replaces,
                                     .created = context_.clock.now()};
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY_STATUS(order.with_intent(books, serial_hex));
    return books.certificates().add_intent(intent);
  }));
  return sign_and_record(
      order.generation, std::move(order.approved),
      {.endpoint = order.endpoint, .replaces = order.replaces, .request = order.request, .caller = order.caller});
}

Result<pki::Certificate> Issuance::complete(const ca::CertificateRecord& record, const std::string& request,
                                            const Caller& caller) {
  if (!record.der.empty()) return pki::Certificate::from_der(record.der);
  if (record.state != ca::CertificateRecord::State::intended)
    return internal(
        fmt::format("certificate {} is issued, but its bytes are missing in the ledger", record.serial.hex()));
  const WorkingGeneration* generation = context_.keyring.find(record.generation);
  if (generation == nullptr)
    return internal("the keys of the generation that approved this certificate are not loaded");
  TRY(ca::Approved approved, generation->issuer().resume(record.tbs));
  return sign_and_record(
      *generation, std::move(approved),
      {.endpoint = record.endpoint, .replaces = record.replaces, .request = request, .caller = caller});
}

Result<pki::Certificate> Issuance::sign_and_record(const WorkingGeneration& generation, ca::Approved approved,
                                                   const Origin& origin) {
  const pki::Serial serial = approved.serial();
  const std::string subject = approved.subject_text();
  TRY_IN("signing the certificate", pki::Certificate certificate, generation.issuer().sign(std::move(approved)));
  const Bytes fingerprint = certificate.fingerprint();

  bool recorded_by_another = false;
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    recorded_by_another = false;
    const Status recorded = books.certificates().record_issued(serial, certificate.der(), fingerprint);
    if (!recorded && recorded.error().code() == ErrorCode::conflict) {
      recorded_by_another = true;
      return {};
    }
    TRY_STATUS(recorded);
    AuditEvent event{.at = context_.clock.now(),
                     .actor = origin.caller.name,
                     .action = "certificate.issued",
                     .subject = serial.hex(),
                     .details = {{"endpoint", origin.endpoint}, {"name", subject}, {"sha256", to_hex(fingerprint)}}};
    if (!origin.replaces.empty()) {
      event.details.emplace_back("replaces", origin.replaces);
      return books.audit().append(event);
    }
    TRY(auto challenge, books.challenges().id_used_by(serial.hex()));
    if (!challenge) {
      TRY(challenge, books.challenges().id_used_by(origin.request));
    }
    if (challenge) event.details.emplace_back("challenge", *challenge);
    return books.audit().append(event);
  }));
  if (!recorded_by_another) {
    context_.log.info("certificate issued",
                      {{"serial", serial.hex()}, {"subject", subject}, {"caller", origin.caller.name}});
    return certificate;
  }
  // Two requests completed the same intent at once, or it was revoked meanwhile: what is on disk counts.
  std::optional<ca::CertificateRecord> record;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(record, books.certificates().find(serial));
    return {};
  }));
  if (!record || record->der.empty()) return conflict("the certificate was revoked before it was issued");
  return pki::Certificate::from_der(record->der);
}

}  // namespace chancery::hub
