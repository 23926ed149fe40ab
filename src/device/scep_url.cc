#include "device/scep_url.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace chancery::device {
namespace {

constexpr std::string_view usual_path = "/cgi-bin/pkiclient.exe";

bool starts_with_scheme(std::string_view text, std::string_view scheme) {
  return ascii::equal_ignoring_case(text.substr(0, scheme.size()), scheme);
}

}  // namespace

Result<std::string> scep_url_from_text(std::string_view text) {
  const bool harmless = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
  if (text.empty() || !harmless) return invalid("the URL is empty or has characters that no URL has");
  std::string_view scheme = "http://";
  if (starts_with_scheme(text, "https://")) scheme = "https://";
  if (starts_with_scheme(text, scheme)) {
    text.remove_prefix(scheme.size());
  } else if (text.find("://") != std::string_view::npos) {
    return invalid(fmt::format("the URL '{}' must begin with http:// or https://", text));
  }
  if (text.find_first_of("?#") != std::string_view::npos)
    return invalid("the URL must end before '?': the operation is added to it");
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string_view host = text.substr(0, slash);
  std::string_view path = text.substr(slash);
  if (host.empty()) return invalid("the URL names no host");
  if (host.find('@') != std::string_view::npos) return invalid("the URL must not hold a user name or password");
  if (path.empty() || path == "/") path = usual_path;
  return fmt::format("{}{}{}", scheme, host, path);
}

}  // namespace chancery::device
