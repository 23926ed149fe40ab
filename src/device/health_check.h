#pragma once

// How to find out whether a service works with the certificate that it was given, as text in a service file:
//
//   "none"
//   "tls:HOST:PORT" or "tls:HOST:PORT:NAME"   shows the certificate in a TLS handshake; NAME is asked for (SNI)
//   "command: PROGRAM ARGUMENT…"              ends with 0; arguments stand between blanks, there is no shell

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace chancery::device {

struct NoHealthCheck {
  friend bool operator==(const NoHealthCheck&, const NoHealthCheck&) = default;
};

// Where a TLS server is.
struct TlsTarget {
  std::string host;  // a name, or an address without brackets
  std::uint16_t port = 0;
  std::string server_name;  // empty: none is asked for
  friend bool operator==(const TlsTarget&, const TlsTarget&) = default;
};

struct HealthCommand {
  std::vector<std::string> arguments;  // the program's path first
  friend bool operator==(const HealthCommand&, const HealthCommand&) = default;
};

using HealthCheck = std::variant<NoHealthCheck, TlsTarget, HealthCommand>;

Result<HealthCheck> health_check_from_text(std::string_view text);
[[nodiscard]] std::string to_text(const TlsTarget& target);

}  // namespace chancery::device
