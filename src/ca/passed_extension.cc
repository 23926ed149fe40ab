#include "ca/passed_extension.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/bytes.h"

namespace chancery::ca {
namespace {

using pki::Oid;

struct Forbidden {
  Oid oid;
  std::string_view why;
};

constexpr std::array forbidden = {
    // id-pe (RFC 5280 section 4.2.2).
    Forbidden{pki::oids::authority_information_access, "the authority sets authorityInfoAccess"},
    Forbidden{Oid::of("1.3.6.1.5.5.7.1.11"), "subjectInfoAccess points relying parties elsewhere"},
    Forbidden{Oid::of("1.3.6.1.5.5.7.48.1.5"), "id-pkix-ocsp-nocheck switches revocation checks off"},
    // Certificate Transparency (RFC 6962 section 3.3).
    Forbidden{Oid::of("1.3.6.1.4.1.11129.2.4.2"), "certificate timestamps come from logs"},
    Forbidden{Oid::of("1.3.6.1.4.1.11129.2.4.3"), "a poisoned certificate is good for nothing"},
    // Directories map certificates to accounts by this one: who chooses it chooses who to be.
    Forbidden{pki::oids::microsoft_sid, "Microsoft's security identifier names an account; a device may not choose it"},
    // Application policies stand beside extended key usage and are preferred to it there.
    Forbidden{Oid::of("1.3.6.1.4.1.311.21.10"), "Microsoft's application policies are extended key usages"},
    Forbidden{Oid::of("1.3.6.1.4.1.311.21.11"), "Microsoft's application policy mappings are the authority's"},
    Forbidden{Oid::of("1.3.6.1.4.1.311.21.12"), "Microsoft's application policy constraints are the authority's"},
    Forbidden{Oid::of("1.3.6.1.4.1.311.21.1"), "Microsoft's CA version is the authority's"},
    Forbidden{Oid::of("2.16.840.1.113730.1.1"), "Netscape's certificate type is an old key usage"},
};

// id-ce, 2.5.29: key usage, basic constraints, names, constraints, policies, identifiers, CRL pointers. All of them say
// what a certificate is, which is for the authority to say.
constexpr Oid certificate_extensions = Oid::of("2.5.29");

}  // namespace

Status check_passed_extension(const Oid& oid) {
  if (oid.empty()) return invalid("an empty object identifier");
  const ByteView content = oid.der_content();
  const ByteView arc = certificate_extensions.der_content();
  if (content.size() >= arc.size() && equal(content.first(arc.size()), arc))
    return invalid(
        fmt::format("{} cannot be taken from a request: the authority sets what stands in 2.5.29", oid.dotted()));
  const auto found = std::ranges::find(forbidden, oid, &Forbidden::oid);
  if (found != forbidden.end())
    return invalid(fmt::format("{} cannot be taken from a request: {}", oid.dotted(), found->why));
  return {};
}

}  // namespace chancery::ca
