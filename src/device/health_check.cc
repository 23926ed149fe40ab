#include "device/health_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace chancery::device {
namespace {

constexpr std::string_view tls_kind = "tls:", command_kind = "command:";

std::unexpected<Error> not_a_target(std::string_view text) {
  return invalid(fmt::format("expected tls:HOST:PORT or tls:HOST:PORT:NAME, found '{}'", text));
}

// A host's name or address; nothing that a name service or a log could take for something else.
bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
    return ascii::is_letter_or_digit(c) || c == '.' || c == '-' || c == '_' || c == ':';
  });
}

Result<TlsTarget> tls_target(std::string_view text) {
  std::string_view rest = text.substr(tls_kind.size());
  TlsTarget target;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find("]:");
    if (end == std::string_view::npos) return not_a_target(text);
    target.host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 2);
  } else {
    const std::size_t end = rest.find(':');
    if (end == std::string_view::npos) return not_a_target(text);
    target.host = rest.substr(0, end);
    rest.remove_prefix(end + 1);
  }
  const std::size_t end = rest.find(':');
  const std::string_view port = rest.substr(0, end);
  const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), target.port);
  if (error != std::errc() || stop != port.data() + port.size() || target.port == 0 || !is_host(target.host))
    return not_a_target(text);
  if (end == std::string_view::npos) return target;
  target.server_name = rest.substr(end + 1);
  if (!is_host(target.server_name) || target.server_name.contains(':')) return not_a_target(text);
  return target;
}

Result<HealthCommand> health_command(std::string_view text) {
  HealthCommand command;
  std::string_view rest = text.substr(command_kind.size());
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (rest.empty()) break;
    const std::string_view argument = rest.substr(0, rest.find(' '));
    command.arguments.emplace_back(argument);
    rest.remove_prefix(argument.size());
  }
  if (command.arguments.empty() || !command.arguments[0].starts_with('/'))
    return invalid(fmt::format("expected 'command: ' and the path of a program from / on, found '{}'", text));
  return command;
}

}  // namespace

Result<HealthCheck> health_check_from_text(std::string_view text) {
  if (text == "none" || text.empty()) return HealthCheck(NoHealthCheck{});
  if (text.starts_with(tls_kind)) {
    TRY(TlsTarget target, tls_target(text));
    return HealthCheck(std::move(target));
  }
  if (text.starts_with(command_kind)) {
    TRY(HealthCommand command, health_command(text));
    return HealthCheck(std::move(command));
  }
  return invalid(fmt::format("expected 'none', 'tls:HOST:PORT' or 'command: PROGRAM ARGUMENT…', found '{}'", text));
}

std::string to_text(const TlsTarget& target) {
  const bool is_ipv6 = target.host.contains(':');
  return fmt::format("{}{}{}:{}", is_ipv6 ? "[" : "", target.host, is_ipv6 ? "]" : "", target.port);
}

}  // namespace chancery::device
