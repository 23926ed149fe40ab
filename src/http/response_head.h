#pragma once

// The bytes of a response before its body.

#include <string>

#include "base/time.h"
#include "http/message.h"

namespace chancery::http {

struct ResponseHeadOptions {
  unsigned version = 11;    // Of the request: an HTTP/1.0 client is answered in HTTP/1.0.
  bool keep_alive = false;  // The connection stays open behind this response.
  std::string_view date;    // As imf_fixdate() makes it.
};

// Status line and headers, with Content-Length and the empty line. Line breaks in header values become spaces, so that
// a value cannot begin another header.
[[nodiscard]] std::string response_head(const Response& response, const ResponseHeadOptions& options);

// Whether a response of this status may have a body and a Content-Length (RFC 9110 section 8.6).
[[nodiscard]] constexpr bool has_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
[[nodiscard]] std::string imf_fixdate(Timestamp time);

}  // namespace chancery::http
