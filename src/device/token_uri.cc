#include "device/token_uri.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace chancery::device {
namespace {

constexpr std::string_view scheme = "pkcs11:", file_scheme = "file:";

bool is_plain(std::uint8_t octet) {
  const char c = static_cast<char>(octet);
  return ascii::is_letter_or_digit(c) || std::string_view("-._~").contains(c);
}

std::string escaped(ByteView octets, std::string_view also_plain = {}) {
  std::string text;
  for (const std::uint8_t octet : octets)
    if (is_plain(octet) || also_plain.contains(static_cast<char>(octet)))
      text += static_cast<char>(octet);
    else
      text += fmt::format("%{:02X}", octet);
  return text;
}

std::string all_escaped(ByteView octets) {
  std::string text;
  for (const std::uint8_t octet : octets) text += fmt::format("%{:02X}", octet);
  return text;
}

Result<Bytes> unescaped(std::string_view text) {
  Bytes octets;
  while (!text.empty()) {
    if (text[0] != '%') {
      octets.push_back(static_cast<std::uint8_t>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    TRY(const Bytes octet, from_hex(text.substr(1, 2)));
    if (octet.size() != 1) return invalid("'%' without two digits");
    octets.push_back(octet[0]);
    text.remove_prefix(3);
  }
  return octets;
}

// The part up to `end`, off the front.
std::string_view take(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

Status read_attribute(std::string_view attribute, TokenUri& uri) {
  const std::string_view name = take(attribute, '=');
  TRY(Bytes value, unescaped(attribute));
  const std::string text(as_text(value));
  if (name == "token") {
    uri.place.token = text;
  } else if (name == "id") {
    uri.id = std::move(value);
  } else if (name == "object") {
    uri.label = text;
  } else if (name == "type") {
    if (text != "private") return invalid(fmt::format("it names no private key but '{}'", text));
  } else if (name == "module-path") {
    uri.place.module = text;
  } else if (name == "pin-source") {
    uri.place.pin_file = text.starts_with(file_scheme) ? text.substr(file_scheme.size()) : text;
  } else if (name == "pin-value") {
    return refused("it holds a PIN, which belongs into a file of its own");
  } else {
    return invalid(fmt::format("'{}' is not known", name));
  }
  return {};
}

}  // namespace

std::string to_text(const TokenUri& uri) {
  std::string text =
      fmt::format("{}token={};id={};object={};type=private?module-path={}", scheme, escaped(as_bytes(uri.place.token)),
                  all_escaped(uri.id), escaped(as_bytes(uri.label)), escaped(as_bytes(uri.place.module), "/"));
  if (!uri.place.pin_file.empty())
    text += fmt::format("&pin-source={}{}", file_scheme, escaped(as_bytes(uri.place.pin_file), "/"));
  return text;
}

Result<TokenUri> token_uri_from_text(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  if (!text.starts_with(scheme)) return invalid("it does not begin with 'pkcs11:'");
  text.remove_prefix(scheme.size());
  TokenUri uri;
  std::string_view path = take(text, '?');
  while (!path.empty()) TRY_STATUS_IN("a PKCS#11 URI", read_attribute(take(path, ';'), uri));
  while (!text.empty()) TRY_STATUS_IN("a PKCS#11 URI", read_attribute(take(text, '&'), uri));
  if (uri.place.module.empty() || uri.place.token.empty() || uri.id.empty())
    return invalid("a PKCS#11 URI: token, id and module-path have to be there");
  return uri;
}

}  // namespace chancery::device
