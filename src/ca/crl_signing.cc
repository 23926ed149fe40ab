#include "ca/crl_signing.h"

#include <algorithm>

#include "ca/issuer.h"

namespace chancery::ca {
namespace {

constexpr Seconds backdate = std::chrono::minutes(5);

}  // namespace

Result<CrlRecord> make_next_crl(NextCrl next) {
  if (next.validity <= Seconds(0)) return invalid("the validity of a CRL must be longer than nothing");
  const pki::Certificate& issuing = next.issuer.certificate;
  const pki::PrivateKey& key = next.issuer.key;
  if (issuing.key_usage() && !issuing.key_usage()->crl_sign)
    return invalid("the issuing certificate may not sign CRLs: its keyUsage has no cRLSign");
  // removeFromCRL takes an entry out of a delta CRL (RFC 5280 section 5.3.1); a full one just does not have it.
  std::erase_if(next.entries,
                [](const pki::RevokedEntry& entry) { return entry.reason == pki::RevocationReason::remove_from_crl; });
  TRY(Bytes identifier, authority_key_identifier(issuing));
  const pki::CrlContent content{
      .issuer_der = to_bytes(issuing.subject_der()),
      .this_update = std::max(next.now - backdate, std::min(next.now, issuing.validity().not_before)),
      .next_update = next.now + next.validity,
      .number = next.previous_number + 1,
      .authority_key_identifier = std::move(identifier),
      .entries = std::move(next.entries),
  };
  CrlRecord record{.generation = next.issuer.generation,
                   .number = content.number,
                   .this_update = content.this_update,
                   .next_update = content.next_update};
  TRY_IN("signing the CRL", record.der, pki::make_crl(content, key, key.default_algorithm()));
  return record;
}

bool crl_due(const CrlRecord& latest, Timestamp now, Seconds overlap) {
  return now < latest.this_update || now >= latest.next_update - overlap;
}

}  // namespace chancery::ca
