#pragma once

// Certificate revocation lists, version 2 (RFC 5280 section 5).

#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "pki/certificate.h"
#include "pki/key.h"

namespace chancery::pki {

// CRLReason, numbered as in RFC 5280 section 5.3.1.
enum class RevocationReason : std::uint8_t {
  unspecified = 0,
  key_compromise = 1,
  ca_compromise = 2,
  affiliation_changed = 3,
  superseded = 4,
  cessation_of_operation = 5,
  certificate_hold = 6,
  remove_from_crl = 8,
  privilege_withdrawn = 9,
  aa_compromise = 10,
};
[[nodiscard]] std::string_view to_string(RevocationReason reason);  // "keyCompromise"
Result<RevocationReason> revocation_reason_from_text(std::string_view text);

struct RevokedEntry {
  Serial serial;
  Timestamp revoked_at;
  RevocationReason reason = RevocationReason::unspecified;
};

struct CrlContent {
  Bytes issuer_der;
  Timestamp this_update;
  Timestamp next_update;
  std::uint64_t number = 0;
  Bytes authority_key_identifier;
  std::vector<RevokedEntry> entries;
};

// Entries are sorted by serial number; one that stands there twice is an error.
Result<Bytes> make_crl(const CrlContent& content, const PrivateKey& key, const SignatureAlgorithm& algorithm);

class Crl {
 public:
  // At most 64 MiB.
  static Result<Crl> from_der(ByteView der);
  static Result<Crl> from_pem_or_der(ByteView bytes);

  [[nodiscard]] ByteView der() const { return der_; }
  [[nodiscard]] const Name& issuer() const { return issuer_; }
  [[nodiscard]] Timestamp this_update() const { return this_update_; }
  [[nodiscard]] std::optional<Timestamp> next_update() const { return next_update_; }
  // Nothing when there is none, or one beyond 64 bits.
  [[nodiscard]] std::optional<std::uint64_t> number() const { return number_; }
  [[nodiscard]] const std::vector<RevokedEntry>& entries() const { return entries_; }
  // Whoever decides by this list must look here for critical extensions: they may narrow what it covers (RFC 5280
  // section 5.2). An entry with a critical extension other than its reason is an error from from_der().
  [[nodiscard]] const std::vector<Extension>& extensions() const { return extensions_; }
  [[nodiscard]] bool signed_by(const PublicKey& key) const;

 private:
  Crl() = default;
  Status parse();
  Status parse_extensions(ByteView encoded);

  Bytes der_, tbs_, signature_;
  Oid signature_oid_;
  Name issuer_;
  Timestamp this_update_;
  std::optional<Timestamp> next_update_;
  std::optional<std::uint64_t> number_;
  std::vector<RevokedEntry> entries_;
  std::vector<Extension> extensions_;
};

}  // namespace chancery::pki
