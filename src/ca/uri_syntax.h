#pragma once

// URIs as certificates may hold them (RFC 5280 section 4.2.1.6, RFC 3986).

#include <string>
#include <string_view>

namespace chancery::ca {

struct UriParts {
  std::string problem;    // what is wrong, as the rest of a sentence; empty: nothing
  std::string_view host;  // of the authority, or of a sip: or sips: address; empty where there is none
  bool host_is_address = false;
};

// Absolute, with a scheme and something after it, in the characters of RFC 3986; with an authority, the host is a DNS
// name or an IP address. The views point into `uri`.
[[nodiscard]] UriParts examine_uri(std::string_view uri);

}  // namespace chancery::ca
