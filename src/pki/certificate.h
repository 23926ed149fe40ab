#pragma once

// X.509 certificates (RFC 5280 section 4): reading, and building what a key then signs.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "pki/extensions.h"
#include "pki/general_name.h"
#include "pki/key.h"
#include "pki/name.h"

namespace chancery::pki {

// A serial number: the content octets of its INTEGER, as encoded (1 to 20 octets, positive, in what we issue; what
// peers present may be anything up to 64 octets).
struct Serial {
  Bytes octets;
  // Lower-case hexadecimal of the magnitude, without the sign octet: how serials are shown and looked up. A negative
  // one starts with '-', so that no two serials look the same.
  [[nodiscard]] std::string hex() const;
  static Result<Serial> from_hex(std::string_view hex);  // colons allowed
  auto operator<=>(const Serial&) const = default;
};

struct Validity {
  Timestamp not_before;
  Timestamp not_after;  // inclusive
  [[nodiscard]] bool contains(Timestamp time) const { return not_before <= time && time <= not_after; }
};

// A certificate as parsed. Holds its own bytes; the accessors below never fail. Copies are deep.
class Certificate {
 public:
  // Exactly one certificate in DER. Bounded at 64 KiB. A signature algorithm or extension that is not known is no
  // error. The key must be readable only when it is asked for: public_key().
  static Result<Certificate> from_der(ByteView der);
  // The first certificate of a PEM text, or DER.
  static Result<Certificate> from_pem_or_der(ByteView bytes);

  [[nodiscard]] ByteView der() const { return der_; }
  [[nodiscard]] std::string to_pem() const;
  [[nodiscard]] const Serial& serial() const { return serial_; }
  [[nodiscard]] const Name& issuer() const { return issuer_; }
  [[nodiscard]] const Name& subject() const { return subject_; }
  [[nodiscard]] ByteView issuer_der() const { return at(issuer_range_); }
  [[nodiscard]] ByteView subject_der() const { return at(subject_range_); }
  [[nodiscard]] const Validity& validity() const { return validity_; }
  [[nodiscard]] ByteView spki() const { return at(spki_range_); }
  [[nodiscard]] Result<PublicKey> public_key() const { return PublicKey::from_spki(spki()); }
  [[nodiscard]] const std::vector<Extension>& extensions() const { return extensions_; }
  [[nodiscard]] const Extension* extension(const Oid& oid) const { return find_extension(extensions_, oid); }
  // Nothing when the algorithm is not one of ours.
  [[nodiscard]] const std::optional<SignatureAlgorithm>& signature_algorithm() const { return signature_algorithm_; }
  [[nodiscard]] Oid signature_oid() const { return signature_oid_; }

  // Absent extension: empty or nothing. A malformed one is an error from from_der(), so these cannot fail.
  [[nodiscard]] const std::vector<GeneralName>& subject_alternative_names() const { return alternative_names_; }
  [[nodiscard]] const std::optional<KeyUsage>& key_usage() const { return key_usage_; }
  [[nodiscard]] const std::optional<BasicConstraints>& basic_constraints() const { return basic_constraints_; }
  [[nodiscard]] bool is_ca() const { return basic_constraints_ && basic_constraints_->ca; }

  // SHA-256 over the whole certificate (RFC 8894 section 2.2).
  [[nodiscard]] Bytes fingerprint() const;
  // True when subject and issuer are the same name; says nothing of the signature.
  [[nodiscard]] bool self_issued() const;
  // True when `key` made the signature.
  [[nodiscard]] bool signed_by(const PublicKey& key) const;

 private:
  struct Range {
    std::size_t begin = 0, size = 0;
  };
  Certificate() = default;
  Status parse();
  Status decode_extensions();
  [[nodiscard]] ByteView at(const Range& range) const { return ByteView(der_).subspan(range.begin, range.size); }

  Bytes der_;
  Serial serial_;
  Name issuer_, subject_;
  Validity validity_;
  Range tbs_range_, issuer_range_, subject_range_, spki_range_, signature_range_;
  Oid signature_oid_;
  std::optional<SignatureAlgorithm> signature_algorithm_;
  std::vector<Extension> extensions_;
  std::vector<GeneralName> alternative_names_;
  std::optional<KeyUsage> key_usage_;
  std::optional<BasicConstraints> basic_constraints_;
};

// What goes into a certificate before it is signed.
struct CertificateContent {
  Serial serial;
  Bytes issuer_der;  // the issuer's subject, byte for byte
  Bytes subject_der;
  Validity validity;
  Bytes spki;
  std::vector<Extension> extensions;
};

// TBSCertificate, version 3, for a signature with `algorithm`.
[[nodiscard]] Bytes encode_tbs(const CertificateContent& content, const SignatureAlgorithm& algorithm);
// Certificate ::= SEQUENCE { tbs, algorithm, signature }; the same frame serves requests and CRLs.
[[nodiscard]] Bytes assemble_signed(ByteView tbs, const SignatureAlgorithm& algorithm, ByteView signature);
// Signs `tbs` and puts both together.
Result<Bytes> sign_tbs(ByteView tbs, const SignatureAlgorithm& algorithm, const PrivateKey& key);

// The certificate a SCEP client without one signs its request with (RFC 8894 section 2.3): self-signed, keyUsage
// digitalSignature and, for RSA, keyEncipherment.
Result<Certificate> make_transport_certificate(const PrivateKey& key, const Name& subject, const Validity& validity,
                                               const Serial& serial);

}  // namespace chancery::pki
