#pragma once

// Object identifiers, kept as the content bytes of their DER encoding so that comparing them is comparing bytes.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace chancery::pki {

class Oid {
 public:
  static constexpr std::size_t max_size = 47;

  constexpr Oid() = default;
  // From "1.2.840.113549". REQUIRES: well formed and short enough; in a constant expression anything else does not
  // compile.
  static consteval Oid of(std::string_view dotted) { return parse(dotted); }
  // From the content bytes of a DER OBJECT IDENTIFIER (X.690 section 8.19).
  static Result<Oid> from_der_content(ByteView content);
  static Result<Oid> from_dotted(std::string_view dotted);

  [[nodiscard]] constexpr ByteView der_content() const { return {bytes_.data(), size_}; }
  [[nodiscard]] std::string dotted() const;
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

  constexpr bool operator==(const Oid&) const = default;
  constexpr auto operator<=>(const Oid&) const = default;

 private:
  // Yields an empty Oid for malformed text when run, and fails to compile when constant-evaluated through of().
  static constexpr Oid parse(std::string_view dotted);
  constexpr bool push_arc(std::uint64_t arc);

  std::array<std::uint8_t, max_size> bytes_{};
  std::uint8_t size_ = 0;
};

constexpr bool Oid::push_arc(std::uint64_t arc) {
  std::array<std::uint8_t, 10> digits{};
  std::size_t count = 0;
  do {
    digits[count++] = static_cast<std::uint8_t>(arc & 0x7f);
    arc >>= 7;
  } while (arc != 0);
  if (size_ + count > max_size) return false;
  while (count > 0) {
    --count;
    bytes_[size_++] = static_cast<std::uint8_t>(digits[count] | (count > 0 ? 0x80 : 0));
  }
  return true;
}

constexpr Oid Oid::parse(std::string_view dotted) {
  Oid oid;
  std::uint64_t first = 0;
  int position = 0;
  for (std::size_t i = 0; i <= dotted.size(); ++position) {
    std::uint64_t arc = 0;
    std::size_t digits = 0;
    for (; i < dotted.size() && dotted[i] != '.'; ++i, ++digits) {
      if (dotted[i] < '0' || dotted[i] > '9' || arc > (UINT64_MAX >> 4)) return {};
      arc = arc * 10 + static_cast<std::uint64_t>(dotted[i] - '0');
    }
    ++i;
    if (digits == 0) return {};
    if (position == 0) {
      if (arc > 2) return {};
      first = arc;
    } else if (position == 1) {
      if ((first < 2 && arc > 39) || !oid.push_arc(first * 40 + arc)) return {};
    } else if (!oid.push_arc(arc)) {
      return {};
    }
  }
  return position >= 2 ? oid : Oid();
}

// The identifiers that this code knows by name.
namespace oids {
// Public keys and signatures: RFC 3279, RFC 4055, RFC 5758, RFC 8410.
inline constexpr Oid rsa_encryption = Oid::of("1.2.840.113549.1.1.1");
inline constexpr Oid md5_with_rsa = Oid::of("1.2.840.113549.1.1.4");
inline constexpr Oid sha1_with_rsa = Oid::of("1.2.840.113549.1.1.5");
inline constexpr Oid rsaes_oaep = Oid::of("1.2.840.113549.1.1.7");
inline constexpr Oid mgf1 = Oid::of("1.2.840.113549.1.1.8");
inline constexpr Oid rsassa_pss = Oid::of("1.2.840.113549.1.1.10");
inline constexpr Oid sha256_with_rsa = Oid::of("1.2.840.113549.1.1.11");
inline constexpr Oid sha384_with_rsa = Oid::of("1.2.840.113549.1.1.12");
inline constexpr Oid sha512_with_rsa = Oid::of("1.2.840.113549.1.1.13");
inline constexpr Oid ec_public_key = Oid::of("1.2.840.10045.2.1");
inline constexpr Oid ecdsa_with_sha1 = Oid::of("1.2.840.10045.4.1");
inline constexpr Oid ecdsa_with_sha256 = Oid::of("1.2.840.10045.4.3.2");
inline constexpr Oid ecdsa_with_sha384 = Oid::of("1.2.840.10045.4.3.3");
inline constexpr Oid ecdsa_with_sha512 = Oid::of("1.2.840.10045.4.3.4");
inline constexpr Oid p256 = Oid::of("1.2.840.10045.3.1.7");
inline constexpr Oid p384 = Oid::of("1.3.132.0.34");
inline constexpr Oid p521 = Oid::of("1.3.132.0.35");
inline constexpr Oid ed25519 = Oid::of("1.3.101.112");
// Digests.
inline constexpr Oid md5 = Oid::of("1.2.840.113549.2.5");
inline constexpr Oid sha1 = Oid::of("1.3.14.3.2.26");
inline constexpr Oid sha256 = Oid::of("2.16.840.1.101.3.4.2.1");
inline constexpr Oid sha384 = Oid::of("2.16.840.1.101.3.4.2.2");
inline constexpr Oid sha512 = Oid::of("2.16.840.1.101.3.4.2.3");
inline constexpr Oid hmac_with_sha1 = Oid::of("1.2.840.113549.2.7");
inline constexpr Oid hmac_with_sha256 = Oid::of("1.2.840.113549.2.9");
// Content encryption: RFC 3370, RFC 3565.
inline constexpr Oid des_cbc = Oid::of("1.3.14.3.2.7");
inline constexpr Oid des_ede3_cbc = Oid::of("1.2.840.113549.3.7");
inline constexpr Oid aes128_cbc = Oid::of("2.16.840.1.101.3.4.1.2");
inline constexpr Oid aes192_cbc = Oid::of("2.16.840.1.101.3.4.1.22");
inline constexpr Oid aes256_cbc = Oid::of("2.16.840.1.101.3.4.1.42");
// CMS: RFC 5652, RFC 3211.
inline constexpr Oid data = Oid::of("1.2.840.113549.1.7.1");
inline constexpr Oid signed_data = Oid::of("1.2.840.113549.1.7.2");
inline constexpr Oid enveloped_data = Oid::of("1.2.840.113549.1.7.3");
inline constexpr Oid pbkdf2 = Oid::of("1.2.840.113549.1.5.12");
inline constexpr Oid pwri_kek = Oid::of("1.2.840.113549.1.9.16.3.9");
inline constexpr Oid content_type = Oid::of("1.2.840.113549.1.9.3");
inline constexpr Oid message_digest = Oid::of("1.2.840.113549.1.9.4");
inline constexpr Oid signing_time = Oid::of("1.2.840.113549.1.9.5");
// PKCS#9 attributes of a request: RFC 2985.
inline constexpr Oid challenge_password = Oid::of("1.2.840.113549.1.9.7");
inline constexpr Oid extension_request = Oid::of("1.2.840.113549.1.9.14");
inline constexpr Oid microsoft_extension_request = Oid::of("1.3.6.1.4.1.311.2.1.14");
// Names: RFC 4519, RFC 4514.
inline constexpr Oid common_name = Oid::of("2.5.4.3");
inline constexpr Oid surname = Oid::of("2.5.4.4");
inline constexpr Oid serial_number = Oid::of("2.5.4.5");
inline constexpr Oid country = Oid::of("2.5.4.6");
inline constexpr Oid locality = Oid::of("2.5.4.7");
inline constexpr Oid state = Oid::of("2.5.4.8");
inline constexpr Oid street = Oid::of("2.5.4.9");
inline constexpr Oid organization = Oid::of("2.5.4.10");
inline constexpr Oid organizational_unit = Oid::of("2.5.4.11");
inline constexpr Oid title = Oid::of("2.5.4.12");
inline constexpr Oid given_name = Oid::of("2.5.4.42");
inline constexpr Oid dn_qualifier = Oid::of("2.5.4.46");
inline constexpr Oid user_id = Oid::of("0.9.2342.19200300.100.1.1");
inline constexpr Oid domain_component = Oid::of("0.9.2342.19200300.100.1.25");
inline constexpr Oid email_address = Oid::of("1.2.840.113549.1.9.1");
inline constexpr Oid unstructured_name = Oid::of("1.2.840.113549.1.9.2");
inline constexpr Oid unstructured_address = Oid::of("1.2.840.113549.1.9.8");
// Extensions: RFC 5280 section 4.2 and 5.2.
inline constexpr Oid subject_key_identifier = Oid::of("2.5.29.14");
inline constexpr Oid key_usage = Oid::of("2.5.29.15");
inline constexpr Oid subject_alternative_name = Oid::of("2.5.29.17");
inline constexpr Oid issuer_alternative_name = Oid::of("2.5.29.18");
inline constexpr Oid basic_constraints = Oid::of("2.5.29.19");
inline constexpr Oid crl_number = Oid::of("2.5.29.20");
inline constexpr Oid crl_reason = Oid::of("2.5.29.21");
inline constexpr Oid name_constraints = Oid::of("2.5.29.30");
inline constexpr Oid crl_distribution_points = Oid::of("2.5.29.31");
inline constexpr Oid certificate_policies = Oid::of("2.5.29.32");
inline constexpr Oid authority_key_identifier = Oid::of("2.5.29.35");
inline constexpr Oid extended_key_usage = Oid::of("2.5.29.37");
inline constexpr Oid authority_information_access = Oid::of("1.3.6.1.5.5.7.1.1");
inline constexpr Oid ocsp = Oid::of("1.3.6.1.5.5.7.48.1");
inline constexpr Oid ca_issuers = Oid::of("1.3.6.1.5.5.7.48.2");
inline constexpr Oid microsoft_sid = Oid::of("1.3.6.1.4.1.311.25.2");
inline constexpr Oid microsoft_upn = Oid::of("1.3.6.1.4.1.311.20.2.3");
// Extended key usages: RFC 5280 section 4.2.1.12, RFC 4945, RFC 5924.
inline constexpr Oid server_auth = Oid::of("1.3.6.1.5.5.7.3.1");
inline constexpr Oid client_auth = Oid::of("1.3.6.1.5.5.7.3.2");
inline constexpr Oid code_signing = Oid::of("1.3.6.1.5.5.7.3.3");
inline constexpr Oid email_protection = Oid::of("1.3.6.1.5.5.7.3.4");
inline constexpr Oid ocsp_signing = Oid::of("1.3.6.1.5.5.7.3.9");
inline constexpr Oid eap_over_lan = Oid::of("1.3.6.1.5.5.7.3.14");
inline constexpr Oid ipsec_ike = Oid::of("1.3.6.1.5.5.7.3.17");
inline constexpr Oid sip_domain = Oid::of("1.3.6.1.5.5.7.3.20");
}  // namespace oids

}  // namespace chancery::pki
