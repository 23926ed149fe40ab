#pragma once

// What a server answers, as the load generators read it: as little as they need, and no copy.

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::bench {

struct WholeResponse {
  unsigned status = 0;
  std::string_view body;  // in what was received
};

// The response that `received` begins with, once it is whole. REQUIRES: it has a Content-Length, if it has a body.
inline std::optional<WholeResponse> whole_response(const std::string& received) {
  const std::size_t head = received.find("\r\n\r\n");
  if (head == std::string::npos) return std::nullopt;
  constexpr std::string_view field = "\r\nContent-Length:";
  const char* const begin = received.c_str();
  std::size_t size = 0;
  if (const char* length = strcasestr(begin, field.data()); length != nullptr && length < begin + head)
    size = std::strtoul(length + field.size(), nullptr, 10);
  if (received.size() < head + 4 + size) return std::nullopt;
  WholeResponse response{.body = std::string_view(received).substr(head + 4, size)};
  if (head >= 12) std::from_chars(begin + 9, begin + 12, response.status);
  return response;
}

}  // namespace chancery::bench
