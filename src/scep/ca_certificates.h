#pragma once

// GetCACert and GetNextCACert, from both ends (RFC 8894 sections 4.2 and 4.7).

#include <optional>
#include <string>
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
// Verified against the `current` certificates first: one of their keys made the signature, with a digest not below
// `least_digest`.
Result<std::vector<pki::Certificate>> read_next_ca_certificates(ByteView body,
                                                                const std::vector<pki::Certificate>& current,
                                                                pki::Digest least_digest = pki::Digest::sha256);

// A certificate that came along and is believed for nothing.
struct LeftOut {
  std::string subject;
  std::string reason;  // "is not valid now: it ended on 2026-01-10T22:00:00Z"
  bool operator==(const LeftOut&) const = default;
};
// "the certificate 'CN=RA' is not valid now: …", of each.
[[nodiscard]] std::string to_string(const std::vector<LeftOut>& left_out);

// What a client does with the certificates it got: who issues, to whom it encrypts, who signs replies.
struct AuthorityCertificates {
  std::vector<pki::Certificate> all;
  std::size_t issuer = 0;              // index of the issuing CA
  std::size_t encryption = 0;          // index of the certificate to encrypt to
  std::vector<LeftOut> left_out = {};  // not among `all`; names that nobody vouches for
};
// SHA-1 fingerprints are all that some old devices' manuals print; a second preimage is what a forger would need.
enum class PinDigest : std::uint8_t { sha256, sha256_or_sha1 };

// `fingerprint` is the operator's pin: of one of the CA certificates, issuing or root. No match is ErrorCode::refused.
// Every other certificate must be valid now and chain to the pinned one, or be a CA that the pinned one chains to; one
// that is not, or does not, is left out. But nothing takes the place of what is left out: when it is the only
// certificate that could be an RA's, nothing is encrypted to the CA instead; when it is the issuing CA, the one above
// it does not issue.
//
// The issuer is the CA that issued the certificates that are no CA; without those, the CA that issued no other one.
// Certificates that are no CA are taken as the RA's: all of them must be issued by that one issuer, which is or chains
// to the pinned one, and must not be anybody else's. Every enrolled device holds a certificate by the same CA, and
// could put it here to read other devices' challenges; so one whose extendedKeyUsage says what it is for (TLS, mail …)
// and not that it is for registration is refused.
//
// Encryption goes to the certificate that is no CA and whose keyUsage has keyEncipherment; then to any that has it;
// then to any with an RSA key (some servers split or omit the bits, RFC 8894 section 3.5.2), each time the issuer
// before other CAs. A CA that the pinned one merely chains to is never encrypted to.
Result<AuthorityCertificates> authenticate_authority(std::vector<pki::Certificate> certificates, ByteView fingerprint,
                                                     Timestamp now, PinDigest pin_digest = PinDigest::sha256);
// The same without a pin, around the highest CA in the list: only where the operator said so in so many words. With no
// pin to go by, nothing is left out: whatever does not belong is an error.
Result<AuthorityCertificates> trust_on_first_use(std::vector<pki::Certificate> certificates, Timestamp now);

}  // namespace chancery::scep
