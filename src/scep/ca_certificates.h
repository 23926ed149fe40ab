#pragma once

// GetCACert and GetNextCACert, from both ends (RFC 8894 sections 4.2 and 4.7).

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "scep/pki_message.h"

namespace chancery::scep {

struct CaCertificatesReply {
  Bytes body;
  bool bundle = false;  // false: one DER certificate, application/x-x509-ca-cert; true: application/x-x509-ca-ra-cert
};
// One certificate goes as it is; several go as a degenerate SignedData in the order given.
[[nodiscard]] CaCertificatesReply make_ca_certificates(const std::vector<Bytes>& certificates);
// The client looks at the bytes, not at the media type.
Result<std::vector<pki::Certificate>> read_ca_certificates(ByteView body);

// The next generation's certificates in a SignedData by the current one (application/x-x509-next-ca-cert).
Result<Bytes> make_next_ca_certificates(const std::vector<Bytes>& certificates, const Identity& signer);
// Verified against the `current` certificates first.
Result<std::vector<pki::Certificate>> read_next_ca_certificates(ByteView body,
                                                                const std::vector<pki::Certificate>& current);

// What a client does with the certificates it got: who issues, to whom it encrypts, who signs replies.
struct AuthorityCertificates {
  std::vector<pki::Certificate> all;
  std::size_t issuer = 0;      // index of the issuing CA
  std::size_t encryption = 0;  // index of the certificate to encrypt to
};
// Encryption goes to the certificate that is no CA and whose keyUsage has keyEncipherment; then to any that has it;
// then to any RSA one (some servers split or omit the bits, section 3.5.2). The issuer is the CA that issued the others
// or, alone, itself. `fingerprint` is the operator's pin: SHA-256 (or SHA-1 where `allow_sha1`) of any of the CA
// certificates (issuing or root); every other certificate must chain to or from the pinned one. No match is
// ErrorCode::refused.
Result<AuthorityCertificates> authenticate_authority(std::vector<pki::Certificate> certificates, ByteView fingerprint,
                                                     Timestamp now);
// The same without a pin: only where the operator said so in so many words.
Result<AuthorityCertificates> trust_on_first_use(std::vector<pki::Certificate> certificates, Timestamp now);

}  // namespace chancery::scep
