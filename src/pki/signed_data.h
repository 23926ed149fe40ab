#pragma once

// CMS SignedData with one signer (RFC 5652 section 5), the outer layer of every SCEP message.

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "pki/certificate.h"
#include "pki/key.h"

namespace chancery::pki {

// One attribute. SCEP's all have exactly one value.
struct CmsAttribute {
  Oid type;
  std::vector<Bytes> values;  // each an encoded element
};

struct IssuerAndSerial {
  Bytes issuer_der;
  Serial serial;
  bool operator==(const IssuerAndSerial&) const = default;
};
// IssuerAndSerialNumber (RFC 5652 section 10.2.4).
Result<IssuerAndSerial> read_issuer_and_serial(ByteView der);
[[nodiscard]] Bytes write_issuer_and_serial(const IssuerAndSerial& value);

// A SignedData as parsed: BER accepted, at most 1 MiB, exactly one signer, at most 16 certificates.
class SignedData {
 public:
  static Result<SignedData> parse(ByteView ber);

  [[nodiscard]] const Oid& content_type() const { return content_type_; }
  // The eContent octets; nothing when they are absent (FAILURE and PENDING replies).
  [[nodiscard]] const std::optional<Bytes>& content() const { return content_; }
  // As sent, in order. Those that do not parse as X.509 are an error from parse() only if the signer is among them.
  [[nodiscard]] const std::vector<Bytes>& certificates() const { return certificates_; }
  [[nodiscard]] const Oid& digest_oid() const { return digest_oid_; }
  [[nodiscard]] std::optional<Digest> digest() const { return digest_of(digest_oid_); }
  [[nodiscard]] const Oid& signature_oid() const { return signature_oid_; }
  [[nodiscard]] const std::vector<CmsAttribute>& attributes() const { return attributes_; }
  [[nodiscard]] const CmsAttribute* attribute(const Oid& type) const;
  // The certificate that the signer identifier (issuer and serial, or key identifier) names, from `certificates`.
  // Lenient: when none is named but there is exactly one certificate, that one.
  [[nodiscard]] Result<Certificate> signer_certificate() const;
  // contentType is id-data, messageDigest is the content's, and the signature over the attributes is `key`'s. The
  // attributes are taken as sent, and re-sorted when that does not verify: some clients send them in another order than
  // they sign. signature_oid may be the plain key algorithm or the combined one.
  [[nodiscard]] Status verify(const PublicKey& key) const;

 private:
  SignedData() = default;
  // The fields of the one SignerInfo.
  Status read_signer(der::Reader& signer);

  Oid content_type_, digest_oid_, signature_oid_;
  std::optional<Bytes> content_;
  std::vector<Bytes> certificates_;
  std::vector<CmsAttribute> attributes_;
  Bytes attributes_as_sent_;  // the content octets of [0]
  Bytes signature_;
  Bytes signer_identifier_;  // IssuerAndSerialNumber or [0] key identifier, whole
};

struct SignedDataContent {
  ByteView content;                      // eContent of type id-data
  bool has_content = true;               // false: eContent is absent, and messageDigest is that of the empty string
  std::vector<CmsAttribute> attributes;  // besides contentType and messageDigest, which are added
  const Certificate* signer = nullptr;
  std::vector<Bytes> certificates;  // DER of what goes along, signer first if wanted
  Digest digest = Digest::sha256;
};

// ContentInfo in DER. signatureAlgorithm is plain rsaEncryption for RSA (strongSwan insists), the combined one for
// others.
Result<Bytes> sign_data(const SignedDataContent& content, const PrivateKey& key);

}  // namespace chancery::pki
