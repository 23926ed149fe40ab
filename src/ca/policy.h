#pragma once

// What one endpoint may issue. The zero value is the strict one: no alternative names, no extension of the request's
// own.

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "pki/certificate.h"
#include "pki/general_name.h"
#include "pki/key.h"
#include "pki/oid.h"
#include "pki/request.h"

namespace chancery::ca {

// Which keys may be certified. RSA is switched off by rsa_most_bits = 0.
struct KeyRules {
  int rsa_least_bits = 2048;
  int rsa_most_bits = 4096;
  bool p256 = true;
  bool p384 = true;
  bool p521 = true;
  bool ed25519 = true;
};

struct Policy {
  KeyRules keys;
  // RFC 4514 with placeholders that are filled from the request: "CN={CN},O=Example". {CN} {O} {OU} {SERIALNUMBER} {C}
  // {L} {ST} {EMAIL} {UID} {DC}: the most specific value of that type; a literal brace is doubled. Empty: the request's
  // subject as it is.
  std::string subject_template;
  // Kinds of alternative names that a request may ask for. A request for another kind is refused, not trimmed.
  std::vector<pki::GeneralName::Kind> alternative_names;
  // Where not empty: DNS names (and the host of e-mail addresses) must equal or end in one of these.
  std::vector<std::string> dns_suffixes;
  bool wildcards = false;
  // Extensions of the request that are copied as they are. Those that the authority itself sets cannot be listed.
  std::vector<pki::Oid> passed_extensions;
  std::vector<pki::Oid> extended_key_usages = {pki::oids::server_auth, pki::oids::client_auth};
  Seconds validity = std::chrono::days(365);
  Seconds backdate = std::chrono::hours(1);
  // A renewal is taken from this long before notAfter; 0: at any time.
  Seconds renewal_window{0};
  // A renewal may ask for another subject or other alternative names than the old certificate has.
  bool renewal_may_change_names = false;
};

// What a request asks for, free of how it came.
struct IssuanceRequest {
  pki::Name subject;
  std::vector<pki::GeneralName> alternative_names;
  std::vector<pki::Extension> extensions;  // all of the request's; policy picks
  pki::PublicKey key;

  static IssuanceRequest of(const pki::CertificateRequest& request);
};

// What makes a policy unusable or unsafe, whatever is asked of it: an unsafe extension let through, no purpose, a
// template that is not one, lengths of time that fit nothing. ErrorCode::invalid names the setting.
Status check(const Policy& policy);

// The subject that `policy` makes of the request's: the template filled. What the request brings in stays inside its
// attribute, whatever characters it has. A placeholder without a value in the request is ErrorCode::refused; a template
// that check() would not pass is ErrorCode::invalid. String types that RFC 5280 section 4.1.2.4 no longer allows become
// UTF8String.
Result<pki::Name> subject_for(const Policy& policy, const pki::Name& requested);

}  // namespace chancery::ca
