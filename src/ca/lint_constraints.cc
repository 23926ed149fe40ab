// What the issuing CA, and whoever is above it, may not certify: name constraints and purposes.

#include <fmt/format.h>

#include <algorithm>

#include "ca/lint_rules.h"
#include "pki/name_constraints.h"

namespace chancery::ca {
namespace {

namespace oids = pki::oids;

constexpr pki::Oid any_purpose = pki::Oid::of("2.5.29.37.0");  // anyExtendedKeyUsage

// RFC 5280 section 4.2.1.12 has purposes for end entities; relying parties hold the CAs above to them all the same. One
// without the extension, or with anyExtendedKeyUsage, may certify for every purpose.
void lint_purposes(const std::vector<pki::Oid>& purposes, const pki::Certificate& authority,
                   std::vector<Finding>& findings) {
  const pki::Extension* const its = authority.extension(oids::extended_key_usage);
  if (its == nullptr) return;
  const auto allowed = pki::read_extended_key_usage(its->value);
  if (!allowed) {
    findings.push_back({"purpose-beyond-issuer",
                        fmt::format("the extended key usage of {} cannot be read", authority.subject().to_text())});
    return;
  }
  if (std::ranges::find(*allowed, any_purpose) != allowed->end()) return;
  for (const pki::Oid& purpose : purposes)
    if (std::ranges::find(*allowed, purpose) == allowed->end())
      findings.push_back(
          {"purpose-beyond-issuer", fmt::format("{} may not certify for {}", authority.subject().to_text(),
                                                pki::extended_key_usage_text(purpose))});
}

}  // namespace

void lint_name_constraints(const NamesInput& input, const pki::Certificate& authority, std::vector<Finding>& findings) {
  const pki::Extension* const constraints = authority.extension(oids::name_constraints);
  if (constraints == nullptr) return;
  for (const pki::NameOutside& outside :
       pki::names_outside(constraints->value, {.subject = input.subject, .alternative_names = input.alternative_names}))
    findings.push_back({"name-beyond-issuer", fmt::format("'{}' {} of {}", shown(outside.name), outside.reason,
                                                          authority.subject().to_text())});
}

void lint_constraints(const LintInput& input, std::vector<Finding>& findings) {
  std::vector<pki::Oid> purposes;
  if (const pki::Extension* const wanted = pki::find_extension(input.content.extensions, oids::extended_key_usage)) {
    auto read = pki::read_extended_key_usage(wanted->value);
    if (read)
      purposes = *std::move(read);
    else
      findings.push_back({"purpose-beyond-issuer", "the extended key usage of the certificate cannot be read"});
  }
  const auto look = [&](const pki::Certificate& authority) {
    lint_name_constraints(names_of(input), authority, findings);
    lint_purposes(purposes, authority, findings);
  };
  look(input.issuer);
  for (const pki::Certificate& authority : input.above) look(authority);
}

std::vector<Finding> lint_policy(const Policy& policy, const pki::Certificate& issuer,
                                 std::span<const pki::Certificate> above) {
  std::vector<Finding> findings;
  lint_purposes(policy.extended_key_usages, issuer, findings);
  for (const pki::Certificate& authority : above) lint_purposes(policy.extended_key_usages, authority, findings);
  return findings;
}

}  // namespace chancery::ca
