#pragma once

// PKCS#10 certification requests (RFC 2986) with the attributes that SCEP uses.

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "pki/extensions.h"
#include "pki/key.h"
#include "pki/name.h"

namespace chancery::pki {

// A request as parsed. Holds its own bytes.
class CertificateRequest {
 public:
  // Exactly one request in DER, at most 64 KiB. The subject may be empty; lint decides. The key must be one PublicKey
  // reads. The signature is not checked here: see signature_is_valid().
  static Result<CertificateRequest> from_der(ByteView der);
  static Result<CertificateRequest> from_pem_or_der(ByteView bytes);

  [[nodiscard]] ByteView der() const { return der_; }
  [[nodiscard]] std::string to_pem() const;
  [[nodiscard]] const Name& subject() const { return subject_; }
  [[nodiscard]] ByteView subject_der() const { return subject_der_; }
  [[nodiscard]] const PublicKey& public_key() const { return *public_key_; }
  // PKCS#9 challengePassword, whatever string type it came in. It is a secret.
  [[nodiscard]] const SecretBytes& challenge_password() const { return challenge_password_; }
  // From extensionRequest, or Microsoft's twin of it.
  [[nodiscard]] const std::vector<Extension>& extensions() const { return extensions_; }
  [[nodiscard]] const std::vector<GeneralName>& subject_alternative_names() const { return alternative_names_; }
  // Proof of possession: the request is signed with the key in it.
  [[nodiscard]] bool signature_is_valid() const;
  [[nodiscard]] Oid signature_oid() const { return signature_oid_; }
  [[nodiscard]] std::optional<SignatureAlgorithm> signature_algorithm() const {
    return signature_algorithm_of(signature_oid_);
  }

 private:
  CertificateRequest() = default;
  Status parse();
  Status parse_attributes(der::Reader attributes);

  Bytes der_;
  Bytes info_;  // CertificationRequestInfo as sent
  Bytes signature_;
  Name subject_;
  Bytes subject_der_;
  std::optional<PublicKey> public_key_;
  SecretBytes challenge_password_;
  std::vector<Extension> extensions_;
  std::vector<GeneralName> alternative_names_;
  Oid signature_oid_;
};

struct RequestContent {
  Name subject;
  std::vector<Extension> extensions;
  ByteView challenge_password;  // empty: no attribute
};

// DER of a request signed with `key`. challengePassword stands before extensionRequest: one known server insists on it.
Result<Bytes> make_request(const RequestContent& content, const PrivateKey& key, const SignatureAlgorithm& algorithm);

}  // namespace chancery::pki
