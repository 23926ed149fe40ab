#include "hub/revocation.h"

#include <fmt/format.h>

namespace chancery::hub {

Status Revocation::revoke(const pki::Serial& serial, pki::RevocationReason reason, const Caller& caller) {
  if (reason == pki::RevocationReason::remove_from_crl) return invalid("removeFromCRL is not a reason to revoke");
  const std::string hex = serial.hex();
  int generation = 0;
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY(const auto record, books.certificates().find(serial));
    if (!record) return not_found(fmt::format("there is no certificate with serial {}", hex));
    generation = record->generation;
    const Timestamp now = context_.clock.now();
    TRY_STATUS(books.certificates().revoke(serial, now, reason));
    return books.audit().append(
        {.at = now,
         .actor = caller.name,
         .action = "certificate.revoked",
         .subject = hex,
         .details = {{"reason", std::string(pki::to_string(reason))}, {"name", record->subject}}});
  }));
  context_.log.info("certificate revoked",
                    {{"serial", hex}, {"reason", std::string(pki::to_string(reason))}, {"caller", caller.name}});
  TRY_STATUS_IN("the certificate is revoked, but its CRL could not be made", crls_.publish(generation));
  return {};
}

}  // namespace chancery::hub
