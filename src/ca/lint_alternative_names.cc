#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "ca/dns_name.h"
#include "ca/lint_rules.h"
#include "ca/uri_syntax.h"
#include "pki/string_types.h"

namespace chancery::ca {
namespace {

using Kind = pki::GeneralName::Kind;

// Checks one name. What is looked at is the octets that will be signed, not the text that was made of them.
class NameLint {
 public:
  NameLint(const NamesInput& input, std::vector<Finding>& findings) : input_(input), findings_(findings) {}

  void check(const pki::GeneralName& name) {
    if (std::ranges::find(input_.policy.alternative_names, name.kind) == input_.policy.alternative_names.end()) {
      add("san-not-allowed", "alternative names of kind {} are not allowed here", pki::to_string(name.kind));
      return;
    }
    const std::string_view text = as_text(name.value);
    switch (name.kind) {
      case Kind::dns: dns(text); break;
      case Kind::email: email(text); break;
      case Kind::uri: uri(text); break;
      case Kind::ip: ip(name.value); break;
      case Kind::other_name: other(name.text); break;
      case Kind::directory_name: directory(name.value); break;
      case Kind::registered_id: break;
      case Kind::x400_address:
      case Kind::edi_party_name:
        add("san-not-allowed", "alternative names of kind {} cannot be checked", pki::to_string(name.kind));
        break;
    }
  }

 private:
  template <class... Values>
  void add(std::string_view rule, fmt::format_string<Values...> text, Values&&... values) {
    findings_.push_back({std::string(rule), fmt::format(text, std::forward<Values>(values)...)});
  }

  void suffix(std::string_view host, std::string_view whole) {
    if (!input_.policy.dns_suffixes.empty() && !below_any(host, input_.policy.dns_suffixes))
      add("dns-suffix", "'{}' is not below a domain that is allowed here", shown(whole));
  }

  void dns(std::string_view name) {
    std::string_view host = name;
    // RFC 6125 section 6.4.3: the star is the whole leftmost label. Below a single label it would cover a whole domain
    // of the top level.
    if (name.starts_with("*.")) {
      host.remove_prefix(2);
      if (!input_.policy.wildcards) {
        add("wildcard-not-allowed", "'{}'", shown(name));
        return;
      }
      if (host.find('.') == std::string_view::npos) {
        add("bad-dns-name", "'{}' covers a whole top-level domain", shown(name));
        return;
      }
    }
    if (const std::string problem = dns_name_problem(host); !problem.empty() || name.size() > 253) {
      add("bad-dns-name", "'{}' {}", shown(name), problem.empty() ? "has more than 253 characters" : problem);
      return;
    }
    suffix(host, name);
  }

  // RFC 5280 section 4.2.1.6: a Mailbox of RFC 2821 without angle brackets; quoted local parts are refused.
  void email(std::string_view address) {
    const std::size_t at = address.find('@');
    const std::string_view local = address.substr(0, at);
    const auto is_atom = [](char c) {
      return ascii::is_letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
    };
    if (at == std::string_view::npos || local.empty() || local.size() > 64 || address.size() > 254 ||
        !std::ranges::all_of(local, is_atom) || local.starts_with('.') || local.ends_with('.') ||
        local.find("..") != std::string_view::npos || !dns_name_problem(address.substr(at + 1)).empty()) {
      add("bad-email", "'{}' is not user@host", shown(address));
      return;
    }
    suffix(address.substr(at + 1), address);
  }

  void uri(std::string_view text) {
    // The form in which Microsoft's directories take an account's identifier from an alternative name.
    constexpr std::string_view account = "tag:microsoft.com,";
    if (ascii::equal_ignoring_case(text.substr(0, account.size()), account)) {
      add("microsoft-sid", "'{}' names an account; a device may not choose it", shown(text));
      return;
    }
    const UriParts parts = examine_uri(text);
    if (!parts.problem.empty()) {
      add("bad-uri", "'{}' {}", shown(text), parts.problem);
      return;
    }
    if (!parts.host.empty() && !parts.host_is_address) suffix(parts.host, text);
  }

  void ip(ByteView octets) {
    if (octets.size() != 4 && octets.size() != 16) {
      add("bad-ip", "an address has 4 or 16 octets, not {}", octets.size());
      return;
    }
    const auto is = [](std::uint8_t value) { return [value](std::uint8_t octet) { return octet == value; }; };
    const bool multicast = octets.size() == 4 ? (octets[0] & 0xf0) == 0xe0 : octets[0] == 0xff;
    if (std::ranges::all_of(octets, is(0)))
      add("bad-ip", "the unspecified address is nobody's");
    else if (multicast || (octets.size() == 4 && std::ranges::all_of(octets, is(0xff))))
      add("bad-ip", "a multicast or broadcast address is nobody's");
  }

  // Of other names, Microsoft's security identifier is never taken from a request, and only the user principal
  // name is known well enough to be held to the suffixes.
  void other(std::string_view text) {
    if (text.starts_with(pki::oids::microsoft_sid.dotted())) {
      add("microsoft-sid", "'{}' names an account; a device may not choose it", shown(text));
      return;
    }
    if (!text.starts_with("upn:")) {
      add("san-not-allowed", "'{}' is another kind of name than upn", shown(text));
      return;
    }
    text.remove_prefix(4);
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || !pki::is_utf8(text) || pki::has_control_characters(text) ||
        !dns_name_problem(text.substr(at + 1)).empty()) {
      add("bad-upn", "'{}' is not user@host", shown(text));
      return;
    }
    suffix(text.substr(at + 1), text);
  }

  void directory(ByteView der) {
    const auto name = pki::Name::from_der(der);
    if (!name || name->empty()) add("bad-directory-name", "a directory name must have a part");
  }

  const NamesInput& input_;
  std::vector<Finding>& findings_;
};

}  // namespace

void lint_alternative_names(const NamesInput& input, std::vector<Finding>& findings) {
  NameLint lint(input, findings);
  for (const pki::GeneralName& name : input.alternative_names) lint.check(name);
}

}  // namespace chancery::ca
