#pragma once

// Whom the agent trusts: the operator's pin, and the certificates that a server showed to go with it.

#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "scep/ca_certificates.h"

namespace chancery::agent {

// What the operator said about the CA. Without a fingerprint and without `trust_first_use`, nothing is trusted.
struct Pin {
  Bytes fingerprint;  // SHA-256 of a CA certificate; SHA-1 where `allow_sha1`
  bool allow_sha1 = false;
  bool trust_first_use = false;  // looked at only without a fingerprint
};

// Hexadecimal, with or without colons. SHA-1 is refused unless `allow_sha1`.
Result<Bytes> fingerprint_from_text(std::string_view text, bool allow_sha1);

// An authenticated authority: everything in `certificates` stands in a chain with `anchor`.
struct Authority {
  scep::AuthorityCertificates certificates;
  pki::Certificate anchor;  // the pinned one

  [[nodiscard]] const pki::Certificate& issuer() const { return certificates.all[certificates.issuer]; }
  [[nodiscard]] const pki::Certificate& encryption() const { return certificates.all[certificates.encryption]; }
  // The CA certificates, the issuing one first.
  [[nodiscard]] std::vector<pki::Certificate> authorities() const;
  // Those that are no CA: the RA's. Without any, the CA's certificate that requests are encrypted to.
  [[nodiscard]] std::vector<pki::Certificate> registration() const;
};

// ErrorCode::refused when the certificates do not go with the pin.
Result<Authority> authenticate(std::vector<pki::Certificate> certificates, const Pin& pin, Timestamp now);

}  // namespace chancery::agent
