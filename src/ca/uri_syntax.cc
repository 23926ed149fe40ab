#include "ca/uri_syntax.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/ascii.h"
#include "ca/dns_name.h"

namespace chancery::ca {
namespace {

using ascii::is_digit;
using ascii::is_letter;

bool is_hex(char c) { return ascii::hex_value(c) >= 0; }

bool is_scheme(std::string_view scheme) {
  return !scheme.empty() && is_letter(scheme[0]) && std::ranges::all_of(scheme, [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

bool has_uri_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
    } else if (!is_letter(c) && !is_digit(c) &&
               std::string_view("-._~:/?#[]@!$&'()*+,;=").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool is_ip(const std::string& text, int family) {
  unsigned char octets[16];
  return inet_pton(family, text.c_str(), octets) == 1;
}

// [user@]host[:port]
void examine_authority(std::string_view authority, UriParts& parts) {
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    parts.host_is_address = end != std::string_view::npos && is_ip(std::string(authority.substr(1, end - 1)), AF_INET6);
    if (!parts.host_is_address) {
      parts.problem = "has no IPv6 address in its brackets";
      return;
    }
    parts.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else {
    const std::size_t colon = authority.find(':');
    parts.host = authority.substr(0, colon);
    if (colon != std::string_view::npos) port = authority.substr(colon);
    parts.host_is_address = is_ip(std::string(parts.host), AF_INET);
  }
  if (!port.empty() && (port[0] != ':' || port.size() > 6 || !std::ranges::all_of(port.substr(1), is_digit)))
    parts.problem = "has a port that is no number";
  else if (!parts.host_is_address && !dns_name_problem(parts.host).empty())
    parts.problem = "has a host that " + dns_name_problem(parts.host);
}

}  // namespace

UriParts examine_uri(std::string_view uri) {
  UriParts parts;
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos || !is_scheme(uri.substr(0, colon))) {
    parts.problem = "is not absolute: a scheme comes first, as in https://";
    return parts;
  }
  if (uri.size() > 2048) {
    parts.problem = "has more than 2048 characters";
    return parts;
  }
  std::string scheme = ascii::lower(uri.substr(0, colon));
  std::string_view rest = uri.substr(colon + 1);
  if (rest.empty()) {
    parts.problem = "has nothing after its scheme";
  } else if (!has_uri_characters(rest)) {
    parts.problem = "has a character that must be percent-encoded";
  } else if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    examine_authority(rest.substr(0, rest.find_first_of("/?#")), parts);
  } else if (scheme == "sip" || scheme == "sips") {
    // RFC 5922 section 7.1 takes a SIP domain's identity from here.
    examine_authority(rest.substr(0, rest.find_first_of(";?")), parts);
  } else if (scheme == "http" || scheme == "https") {
    parts.problem = "has no host";
  }
  return parts;
}

}  // namespace chancery::ca
