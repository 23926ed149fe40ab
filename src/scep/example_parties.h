#pragma once

// Who talks to whom in the tests of this layer: keys and certificates from vectors/scep, and messages between them.
// Implemented beside the tests (example_parties_test.cc), so that no program has it.

#include <string>
#include <string_view>
#include <vector>

#include "pki/certificate.h"
#include "scep/reply.h"
#include "scep/request.h"

namespace chancery::scep::example {

// 2026-01-01T00:00:00Z, when the certificates begin to be valid.
inline constexpr Timestamp start{Seconds(1767225600)};
inline constexpr std::string_view challenge = "test-challenge";

// A file below vectors/scep. The test ends when it cannot be read.
[[nodiscard]] Bytes vector_file(std::string_view path);
[[nodiscard]] pki::PrivateKey key(std::string_view name);           // keys/<name>.test-key.pem
[[nodiscard]] pki::Certificate certificate(std::string_view name);  // authority/<name>.der
[[nodiscard]] pki::Certificate transport_certificate(const pki::PrivateKey& key, std::string_view subject);
[[nodiscard]] pki::CertificateRequest certificate_request(const pki::PrivateKey& key, std::string_view subject);

// A party with its key. Move it and the Identity is invalid.
struct Party {
  pki::PrivateKey key;
  pki::Certificate certificate;
  [[nodiscard]] Identity identity() const { return {certificate, key}; }
};
[[nodiscard]] Party root();
[[nodiscard]] Party ca();
[[nodiscard]] Party ra();
// An RSA client before its first certificate, and others whose keys cannot encrypt.
[[nodiscard]] Party client();
[[nodiscard]] Party ec_client();
[[nodiscard]] Party ed25519_client();

// What the CA makes of a key.
struct Leaf {
  std::string_view subject;
  std::vector<pki::Extension> extensions;
  pki::Validity validity{start, start + std::chrono::hours(24 * 365)};
  std::uint8_t serial = 1;
};
[[nodiscard]] pki::Certificate issue(const Party& issuer, const pki::PublicKey& key, const Leaf& leaf);

// Signs whatever attributes the test wants to try.
[[nodiscard]] Bytes sign(const Party& signer, ByteView content, std::vector<pki::CmsAttribute> attributes);
[[nodiscard]] Bytes sign_without_content(const Party& signer, std::vector<pki::CmsAttribute> attributes);

}  // namespace chancery::scep::example
