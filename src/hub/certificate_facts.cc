#include "hub/certificate_facts.h"

namespace chancery::hub {
namespace {

CertificateFacts facts_from(const pki::Certificate& certificate, std::string_view sha256) {
  return {.sha256 = std::string(sha256),
          .subject = certificate.subject().to_text(),
          .issuer = certificate.issuer().to_text(),
          .serial = certificate.serial().hex(),
          .not_before = certificate.validity().not_before,
          .not_after = certificate.validity().not_after,
          .ours = true};
}

std::optional<CertificateFacts> facts_of_authority(const Keyring& keyring, ByteView fingerprint,
                                                   std::string_view sha256) {
  if (equal(keyring.root().fingerprint(), fingerprint)) return facts_from(keyring.root(), sha256);
  for (const WorkingGeneration* generation : keyring.all()) {
    const ca::Generation& keys = generation->keys();
    for (const pki::Certificate* certificate : {&keys.issuing, &keys.ra})
      if (equal(certificate->fingerprint(), fingerprint)) return facts_from(*certificate, sha256);
    for (const pki::Certificate& certificate : keys.between)
      if (equal(certificate.fingerprint(), fingerprint)) return facts_from(certificate, sha256);
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<CertificateFacts>> facts_of(Context& context, Books& books, std::string_view sha256) {
  TRY(const Bytes fingerprint, from_hex(sha256));
  TRY(const auto record, books.certificates().find_by_fingerprint(fingerprint));
  if (record) {
    const WorkingGeneration* generation = context.keyring.find(record->generation);
    return CertificateFacts{
        .sha256 = std::string(sha256),
        .subject = record->subject,
        .issuer = generation != nullptr ? generation->keys().issuing.subject().to_text() : std::string(),
        .serial = record->serial.hex(),
        .not_before = record->validity.not_before,
        .not_after = record->validity.not_after,
        .ours = true,
        .revoked = record->state == ca::CertificateRecord::State::revoked,
        .suspended = record->suspended()};
  }
  TRY(auto foreign, books.inventories().foreign(sha256));
  if (foreign)
    return CertificateFacts{.sha256 = std::string(sha256),
                            .subject = std::move(foreign->subject),
                            .issuer = std::move(foreign->issuer),
                            .not_before = foreign->not_before,
                            .not_after = foreign->not_after};
  return facts_of_authority(context.keyring, fingerprint, sha256);
}

Result<bool> is_known(Context& context, Books& books, std::string_view sha256) {
  TRY(const Bytes fingerprint, from_hex(sha256));
  TRY(const bool issued, books.certificates().knows(fingerprint));
  if (issued) return true;
  TRY(const auto foreign, books.inventories().foreign(sha256));
  return foreign.has_value() || facts_of_authority(context.keyring, fingerprint, sha256).has_value();
}

Status describe_slots(Context& context, Books& books, std::vector<fleet::SlotStatus>& slots) {
  for (fleet::SlotStatus& slot : slots) {
    if (slot.active.empty()) continue;
    TRY(const auto facts, facts_of(context, books, slot.active));
    if (!facts) continue;
    slot.subject = facts->subject;
    slot.serial = facts->ours ? facts->serial : std::string();
    slot.not_before = facts->not_before;
    slot.not_after = facts->not_after;
  }
  return {};
}

}  // namespace chancery::hub
