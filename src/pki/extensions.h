#pragma once

// Certificate extensions as values (RFC 5280 section 4.2). Reading keeps each extension's bytes; the functions below
// decode the ones that this project acts on and encode the ones that it writes.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "pki/der.h"
#include "pki/general_name.h"
#include "pki/oid.h"

namespace chancery::pki {

struct Extension {
  Oid oid;
  bool critical = false;
  Bytes value;  // the content of extnValue: itself DER
};

// Extensions ::= SEQUENCE OF Extension. A repeated OID is an error (RFC 5280 section 4.2); at most 64.
Result<std::vector<Extension>> read_extensions(ByteView der);
void write_extensions(der::Writer& out, const std::vector<Extension>& extensions);
[[nodiscard]] const Extension* find_extension(const std::vector<Extension>& extensions, const Oid& oid);

// KeyUsage bits, numbered as in RFC 5280 section 4.2.1.3.
struct KeyUsage {
  bool digital_signature = false;
  bool content_commitment = false;
  bool key_encipherment = false;
  bool data_encipherment = false;
  bool key_agreement = false;
  bool key_cert_sign = false;
  bool crl_sign = false;
  bool encipher_only = false;
  bool decipher_only = false;
  bool operator==(const KeyUsage&) const = default;
};
Result<KeyUsage> read_key_usage(ByteView value);
[[nodiscard]] Extension make_key_usage(const KeyUsage& usage);  // critical

struct BasicConstraints {
  bool ca = false;
  std::optional<int> path_length;
};
Result<BasicConstraints> read_basic_constraints(ByteView value);
[[nodiscard]] Extension make_basic_constraints(const BasicConstraints& constraints);  // critical

Result<std::vector<Oid>> read_extended_key_usage(ByteView value);
[[nodiscard]] Extension make_extended_key_usage(const std::vector<Oid>& purposes);
// "serverAuth", "clientAuth", … or a dotted OID.
Result<Oid> extended_key_usage_from_text(std::string_view text);
[[nodiscard]] std::string extended_key_usage_text(const Oid& purpose);

[[nodiscard]] Extension make_subject_alternative_name(const std::vector<GeneralName>& names, bool critical);

Result<Bytes> read_subject_key_identifier(ByteView value);
[[nodiscard]] Extension make_subject_key_identifier(ByteView key_identifier);
// The keyIdentifier field; empty when the extension has none.
Result<Bytes> read_authority_key_identifier(ByteView value);
[[nodiscard]] Extension make_authority_key_identifier(ByteView key_identifier);

// The URIs of fullName distribution points.
Result<std::vector<std::string>> read_crl_distribution_points(ByteView value);
[[nodiscard]] Extension make_crl_distribution_points(const std::vector<std::string>& uris);

struct AuthorityInformationAccess {
  std::vector<std::string> ocsp;
  std::vector<std::string> ca_issuers;
};
Result<AuthorityInformationAccess> read_authority_information_access(ByteView value);
[[nodiscard]] Extension make_authority_information_access(const AuthorityInformationAccess& access);

}  // namespace chancery::pki
