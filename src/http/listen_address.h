#pragma once

// The text that says where to listen.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace chancery::http {

struct ListenAddress {
  std::string unix_path;  // Empty for TCP.
  std::string host;       // A numeric address without brackets.
  std::uint16_t port = 0;
  bool ipv6 = false;
};

// "127.0.0.1:8080", "[::]:8443", "[::1]:0" or "unix:/path/socket". Host names are refused: what is listened on should
// not depend on a name service.
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace chancery::http
