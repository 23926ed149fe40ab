#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "ca/dns_name.h"
#include "ca/lint_rules.h"
#include "pki/oid.h"
#include "pki/string_types.h"

namespace chancery::ca {
namespace {

namespace oids = pki::oids;
namespace tag = pki::der::tag;

// Upper bounds in characters: RFC 5280 appendix A.1, RFC 2985 appendix B, RFC 4524 for the last two.
struct Bound {
  pki::Oid type;
  std::size_t most = 0;
};
constexpr std::array bounds = {
    Bound{oids::common_name, 64},
    Bound{oids::organization, 64},
    Bound{oids::organizational_unit, 64},
    Bound{oids::locality, 128},
    Bound{oids::state, 128},
    Bound{oids::serial_number, 64},
    Bound{oids::title, 64},
    Bound{oids::email_address, 255},
    Bound{oids::unstructured_name, 255},
    Bound{oids::unstructured_address, 255},
    Bound{oids::street, 128},
    Bound{oids::domain_component, 63},
    Bound{oids::user_id, 256},
    Bound{oids::dn_qualifier, 64},
};
constexpr std::size_t most_of_others = 256;

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & 0xc0) != 0x80; }));
}

bool is_country(std::string_view value) {
  return value.size() == 2 && ascii::is_letter(value[0]) && ascii::is_letter(value[1]);
}

// The string types that RFC 5280 lets an attribute be written in, and their characters.
bool fits_string_type(const pki::NameAttribute& attribute) {
  switch (attribute.encoding) {
    case tag::utf8_string: break;
    case tag::printable_string: return pki::is_printable_string(attribute.value);
    case tag::ia5_string: return pki::is_ascii(attribute.value);
    case tag::numeric_string:
      return std::ranges::all_of(attribute.value, [](char c) { return c == ' ' || (c >= '0' && c <= '9'); });
    default: return false;
  }
  return attribute.type != oids::country && attribute.type != oids::serial_number &&
         attribute.type != oids::dn_qualifier && attribute.type != oids::domain_component &&
         attribute.type != oids::email_address;
}

void lint_attribute(const pki::NameAttribute& attribute, std::vector<Finding>& findings) {
  const std::string keyword = pki::keyword_of(attribute.type);
  if (attribute.encoding == pki::NameAttribute::raw || !pki::is_utf8(attribute.value)) {
    findings.push_back({"bad-characters", fmt::format("the value of {} is not a text", keyword)});
    return;
  }
  const std::string_view value = attribute.value;
  if (std::ranges::all_of(value, [](char c) { return c == ' '; })) {
    findings.push_back({"empty-attribute", fmt::format("{} has no value", keyword)});
    return;
  }
  if (pki::has_control_characters(value)) {
    findings.push_back({"control-characters", fmt::format("{} has a control character", keyword)});
    return;
  }
  if (attribute.type == oids::country) {
    if (!is_country(value))
      findings.push_back({"bad-country", fmt::format("'{}' is not a country's two letters", shown(value))});
    return;
  }
  const auto* const bound = std::ranges::find(bounds, attribute.type, &Bound::type);
  const std::size_t most = bound == bounds.end() ? most_of_others : bound->most;
  if (const std::size_t length = count_characters(value); length > most)
    findings.push_back(
        {"name-too-long", fmt::format("{} has {} characters, at most {} are allowed", keyword, length, most)});
  if (!fits_string_type(attribute))
    findings.push_back({"bad-characters", fmt::format("{} has a character that its string type does not have: '{}'",
                                                      keyword, shown(value))});
}

// Old TLS clients take the common name for a host name where there are no alternative names, so it must not get around
// the rules for those.
void lint_common_name(const NamesInput& input, std::string_view value, std::vector<Finding>& findings) {
  const bool wildcard = value.starts_with("*.");
  const std::string_view host = wildcard ? value.substr(2) : value;
  if (wildcard && !input.policy.wildcards)
    findings.push_back({"wildcard-not-allowed", fmt::format("the common name '{}' is a wildcard", shown(value))});
  const bool for_servers =
      std::ranges::find(input.policy.extended_key_usages, oids::server_auth) != input.policy.extended_key_usages.end();
  if (for_servers && !input.policy.dns_suffixes.empty() && host.find('.') != std::string_view::npos &&
      dns_name_problem(host).empty() && !below_any(host, input.policy.dns_suffixes))
    findings.push_back(
        {"dns-suffix", fmt::format("the common name '{}' is not below a domain that is allowed here", shown(value))});
}

void lint_email_address(const NamesInput& input, std::string_view value, std::vector<Finding>& findings) {
  const std::size_t at = value.rfind('@');
  const std::string_view host = at == std::string_view::npos ? value : value.substr(at + 1);
  if (!input.policy.dns_suffixes.empty() && !below_any(host, input.policy.dns_suffixes))
    findings.push_back({"dns-suffix", fmt::format("the e-mail address '{}' is not below a domain that is allowed here",
                                                  shown(value))});
}

}  // namespace

void lint_subject(const NamesInput& input, std::vector<Finding>& findings) {
  if (input.subject.empty() && input.alternative_names.empty())
    findings.push_back({"missing-name", "there is neither a subject nor an alternative name"});
  for (const auto& relative : input.subject.relative_names()) {
    for (const pki::NameAttribute& attribute : relative) {
      lint_attribute(attribute, findings);
      if (attribute.type == oids::common_name) lint_common_name(input, attribute.value, findings);
      if (attribute.type == oids::email_address) lint_email_address(input, attribute.value, findings);
    }
  }
  // RFC 5280 section 6.1 tells self-issued certificates by equal names: such a one would pass for the CA's own.
  if (!input.subject.empty() && input.subject.matches(input.issuer.subject()))
    findings.push_back({"subject-equals-issuer", "the subject is the issuing CA's own name"});
}

}  // namespace chancery::ca
