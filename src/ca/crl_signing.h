#pragma once

// When the next CRL is due, and making it (RFC 5280 section 5).

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "ca/authority.h"
#include "ca/records.h"
#include "pki/crl.h"

namespace chancery::ca {

// Who signs a CRL. The references must outlive the call.
struct CrlIssuer {
  int generation = 1;  // root_crl for the root
  const pki::Certificate& certificate;
  const pki::PrivateKey& key;

  static CrlIssuer of(const Generation& generation) {
    return {generation.number, generation.issuing, generation.issuing_key};
  }
};
// Under this number the root's own CRL is kept, beside those of the generations: it says which issuing CAs are revoked.
inline constexpr int root_crl = 0;

struct NextCrl {
  CrlIssuer issuer;
  std::vector<pki::RevokedEntry> entries;
  std::uint64_t previous_number = 0;  // of this generation's latest CRL; 0: this is the first
  Timestamp now;
  Seconds validity = std::chrono::days(7);
};

// A full CRL with the next number. thisUpdate is a few minutes back, for devices whose clock is slow; nextUpdate is
// `validity` after now. The issuer's certificate must be allowed to sign CRLs.
Result<CrlRecord> make_next_crl(NextCrl next);

// True from `overlap` before nextUpdate on, so that a fresh CRL is out before the old one expires; and when the CRL is
// from the future, because the clock was set back.
[[nodiscard]] bool crl_due(const CrlRecord& latest, Timestamp now, Seconds overlap);

}  // namespace chancery::ca
