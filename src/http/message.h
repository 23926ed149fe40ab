#pragma once

// What an HTTP exchange is to everyone outside http/: two values.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace chancery::http {

struct Header {
  std::string name;
  std::string value;
};

// One request, complete and within the server's limits.
struct Request {
  std::string method;  // As sent: methods are case-sensitive.
  std::string target;  // As sent: path and query, nothing decoded. May be in absolute form ("http://host/path").
  std::vector<Header> headers;  // In the order sent, names as sent.
  Bytes body;                   // Without its chunked framing, if it had one.
  std::string remote_address;   // "192.0.2.1", "2001:db8::1", or "unix" on a Unix socket. Never an IPv4-mapped form.
  unsigned version = 11;        // 10 or 11.
  bool tls = false;
  Bytes peer_certificate;  // DER. The peer owns its key; whether that means anything is not decided. Empty: none.
  std::optional<unsigned> peer_uid;  // Who the kernel says is at the other end of a Unix socket.

  // The target before '?', without scheme and authority, not decoded.
  [[nodiscard]] std::string_view path() const;
  // The target after the first '?', not decoded; empty if there is none.
  [[nodiscard]] std::string_view query() const;
  // The value of the first header of that name in any case; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

// One response. Content-Length, Connection and Date are added by the server and must not be among `headers`.
struct Response {
  unsigned status = 200;
  std::string content_type;
  Bytes body;
  std::vector<Header> headers;

  // The value of the first header of that name in any case; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

// A response that is one line of text for a person: text/plain, with the line break added.
[[nodiscard]] Response text_response(unsigned status, std::string_view text);

// "Not Found" for 404; "Unknown" for a status that has no name here.
[[nodiscard]] std::string_view reason_phrase(unsigned status);

}  // namespace chancery::http
