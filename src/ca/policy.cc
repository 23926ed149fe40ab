#include "ca/policy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "ca/dns_name.h"
#include "ca/passed_extension.h"
#include "ca/subject_template.h"
#include "pki/string_types.h"

namespace chancery::ca {
namespace {

namespace oids = pki::oids;
using Kind = pki::GeneralName::Kind;

constexpr pki::Oid any_extended_key_usage = pki::Oid::of("2.5.29.37.0");

Status check_keys(const KeyRules& keys) {
  if (keys.rsa_most_bits != 0) {
    // Below 2048 bits is within reach of an attacker; above 8192 a verification costs more than it protects.
    if (keys.rsa_least_bits < 2048) return invalid("the smallest RSA key must have 2048 bits or more");
    if (keys.rsa_most_bits > 8192) return invalid("the largest RSA key must have 8192 bits or fewer");
    if (keys.rsa_least_bits > keys.rsa_most_bits)
      return invalid(fmt::format("the smallest RSA key ({} bits) is larger than the largest ({} bits)",
                                 keys.rsa_least_bits, keys.rsa_most_bits));
  } else if (!keys.p256 && !keys.p384 && !keys.p521 && !keys.ed25519) {
    return invalid("no kind of key is allowed");
  }
  return {};
}

Status check_extended_key_usages(const std::vector<pki::Oid>& usages) {
  if (usages.empty()) return invalid("no extended key usage: name at least one, such as clientAuth");
  std::set<pki::Oid> seen;
  for (const pki::Oid& usage : usages) {
    if (usage.empty()) return invalid("an empty extended key usage");
    // RFC 6960 section 4.2.2.2: whoever has this speaks for the authority about revocation.
    if (usage == oids::ocsp_signing) return invalid("OCSPSigning is for the authority's own responders");
    if (usage == any_extended_key_usage) return invalid("anyExtendedKeyUsage limits nothing: name the purposes");
    if (!seen.insert(usage).second)
      return invalid(fmt::format("extended key usage {} twice", pki::extended_key_usage_text(usage)));
  }
  return {};
}

Status check_alternative_names(const Policy& policy) {
  for (const Kind kind : policy.alternative_names) {
    if (kind == Kind::x400_address || kind == Kind::edi_party_name)
      return invalid(fmt::format("alternative names of kind {} cannot be checked, so they cannot be allowed",
                                 pki::to_string(kind)));
  }
  for (const std::string& suffix : policy.dns_suffixes) {
    if (suffix.starts_with('.') || suffix.starts_with('*'))
      return invalid(fmt::format("DNS suffix '{}': write it without a leading dot or star, as example.com", suffix));
    if (const std::string problem = dns_name_problem(suffix); !problem.empty())
      return invalid(fmt::format("DNS suffix '{}' {}", suffix, problem));
  }
  return {};
}

Status check_times(const Policy& policy) {
  using std::chrono::days;
  if (policy.validity < Seconds(60)) return invalid("the validity must be at least one minute");
  if (policy.validity > days(50 * 365)) return invalid("the validity must be at most 50 years");
  if (policy.backdate < Seconds(0)) return invalid("the back-dating is negative");
  if (policy.backdate > days(31)) return invalid("the back-dating must be at most 31 days");
  if (policy.renewal_window < Seconds(0)) return invalid("the renewal window is negative");
  if (policy.renewal_window >= policy.validity)
    return invalid(fmt::format("the renewal window ({}) must be shorter than the validity ({}); 0 allows any time",
                               to_duration_text(policy.renewal_window), to_duration_text(policy.validity)));
  return {};
}

// CAs write PrintableString or UTF8String (RFC 5280 section 4.1.2.4), and PrintableString alone where it says so.
void modernise_string_types(std::vector<pki::Name::RelativeName>& names) {
  namespace tag = pki::der::tag;
  for (pki::Name::RelativeName& relative : names) {
    for (pki::NameAttribute& attribute : relative) {
      const bool printable_only = attribute.type == oids::country || attribute.type == oids::serial_number ||
                                  attribute.type == oids::dn_qualifier;
      switch (attribute.encoding) {
        case tag::teletex_string:
        case tag::bmp_string:
        case tag::universal_string:
        case tag::visible_string: attribute.encoding = tag::utf8_string; break;
        default: break;
      }
      if (printable_only && attribute.encoding == tag::utf8_string && pki::is_printable_string(attribute.value))
        attribute.encoding = tag::printable_string;
    }
  }
}

}  // namespace

Status check(const Policy& policy) {
  TRY_STATUS_IN("keys", check_keys(policy.keys));
  if (!policy.subject_template.empty())
    TRY_STATUS_IN("subject template", check_subject_template(policy.subject_template));
  TRY_STATUS_IN("alternative names", check_alternative_names(policy));
  for (const pki::Oid& oid : policy.passed_extensions)
    TRY_STATUS_IN("extensions of the request", check_passed_extension(oid));
  TRY_STATUS_IN("extended key usage", check_extended_key_usages(policy.extended_key_usages));
  return check_times(policy);
}

IssuanceRequest IssuanceRequest::of(const pki::CertificateRequest& request) {
  return {.subject = request.subject(),
          .alternative_names = request.subject_alternative_names(),
          .extensions = request.extensions(),
          .key = request.public_key()};
}

Result<pki::Name> subject_for(const Policy& policy, const pki::Name& requested) {
  std::vector<pki::Name::RelativeName> names;
  if (policy.subject_template.empty()) {
    names = requested.relative_names();
  } else {
    TRY(names, fill_subject_template(policy.subject_template, requested));
  }
  modernise_string_types(names);
  return pki::Name(std::move(names));
}

}  // namespace chancery::ca
