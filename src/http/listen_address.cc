#include "http/listen_address.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <sys/un.h>

#include <charconv>

namespace chancery::http {
namespace {

std::unexpected<Error> wrong(std::string_view text, std::string_view why) {
  return invalid(fmt::format("listen address '{}': {}", text, why));
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  if (text.starts_with("unix:")) {
    const auto path = text.substr(5);
    if (!path.starts_with('/')) return wrong(text, "the path must begin with /");
    if (path.size() >= sizeof(sockaddr_un::sun_path)) return wrong(text, "the path is too long for a socket");
    if (path.find('\0') != std::string_view::npos) return wrong(text, "the path holds a NUL");
    return ListenAddress{.unix_path = std::string(path)};
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong(text, "there is no port");
  ListenAddress address;
  const auto port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size())
    return wrong(text, "the port is not a number from 0 to 65535");
  auto host = text.substr(0, colon);
  address.ipv6 = host.starts_with('[') && host.ends_with(']');
  if (address.ipv6) host = host.substr(1, host.size() - 2);
  address.host = host;
  in6_addr parsed{};
  if (inet_pton(address.ipv6 ? AF_INET6 : AF_INET, address.host.c_str(), &parsed) != 1)
    return wrong(text, "the host is not a numeric address such as 0.0.0.0 or [::]");
  return address;
}

}  // namespace chancery::http
