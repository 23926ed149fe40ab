#include "programs/chancery/address_rules.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "http/listen_address.h"

namespace chancery::program {
namespace {

// An IPv6 address has several spellings.
in6_addr value_of(const http::ListenAddress& address) {
  in6_addr value{};
  inet_pton(address.ipv6 ? AF_INET6 : AF_INET, address.host.c_str(), &value);
  return value;
}

bool is_any(const http::ListenAddress& address) {
  return std::ranges::all_of(value_of(address).s6_addr, [](unsigned char octet) { return octet == 0; });
}

// Whether the second of them could not be listened on.
bool collide(const http::ListenAddress& a, const http::ListenAddress& b) {
  if (!a.unix_path.empty() || !b.unix_path.empty()) return a.unix_path == b.unix_path;
  if (a.port != b.port || a.port == 0) return false;
  // [::] is IPv4, too.
  if (a.ipv6 != b.ipv6) return (a.ipv6 && is_any(a)) || (b.ipv6 && is_any(b));
  return is_any(a) || is_any(b) || std::ranges::equal(value_of(a).s6_addr, value_of(b).s6_addr);
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port < 65536;
}

}  // namespace

std::vector<std::pair<std::string_view, std::string>> listen_addresses(const ServerOptions& options) {
  std::vector<std::pair<std::string_view, std::string>> all;
  const auto add = [&](std::string_view key, const std::vector<std::string>& addresses) {
    for (const std::string& address : addresses) all.emplace_back(key, address);
  };
  add("http.listen", options.http_listen);
  add("https.listen", options.https_listen);
  add("monitoring.listen", options.monitoring_listen);
  add("hub.web_listen", options.web_listen);
  add("hub.link_listen", options.link_listen);
  return all;
}

void check_listen_addresses(const ServerOptions& options, std::vector<std::string>& problems) {
  struct Taken {
    std::string_view key;
    std::string text;
    http::ListenAddress address;
  };
  std::vector<Taken> taken;
  for (const auto& [key, text] : listen_addresses(options)) {
    auto address = http::parse_listen_address(text);
    if (!address) {
      problems.push_back(fmt::format("{}: {}", key, address.error().text()));
      continue;
    }
    const auto other = std::ranges::find_if(taken, [&](const Taken& t) { return collide(t.address, *address); });
    if (other == taken.end())
      taken.push_back({.key = key, .text = text, .address = *std::move(address)});
    else if (other->text == text && other->key == key)
      problems.push_back(fmt::format("{}: {} is there twice", key, text));
    else
      problems.push_back(fmt::format("{}: {} has the port that {} takes with {}", key, text, other->key, other->text));
  }
}

void check_base_url(const std::string& url, std::vector<std::string>& problems) {
  const std::size_t scheme = url.find("://");
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    problems.emplace_back("base_url: must begin with http:// or https://");
    return;
  }
  if (std::ranges::any_of(url, [](unsigned char c) { return c <= ' ' || c >= 0x7f; })) {
    problems.emplace_back("base_url: must not contain spaces, and nothing but ASCII");
    return;
  }
  const std::string_view rest = std::string_view(url).substr(scheme + 3);
  if (rest.find('?') != std::string_view::npos) problems.emplace_back("base_url: must not have a query ('?')");
  if (rest.find('#') != std::string_view::npos) problems.emplace_back("base_url: must not have a fragment ('#')");
  if (url.ends_with('/')) problems.emplace_back("base_url: must not end in '/'");
  std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.find('@') != std::string_view::npos) {
    problems.emplace_back("base_url: must not have a user ('@')");
    return;
  }
  // Behind the bracket of an IPv6 address, or where there is none.
  const std::size_t bracket = host.find(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos && !is_port(host.substr(colon + 1)))
    problems.emplace_back("base_url: its port is not a number from 1 to 65535");
  host = host.substr(0, colon);
  if (host.empty() || host == "[]") problems.emplace_back("base_url: has no host");
}

}  // namespace chancery::program
