#pragma once

// Text as it must stand in HTML.

#include <string>
#include <string_view>

namespace chancery::api {

// Safe between tags and inside quoted attributes: & < > " ' become character references, and control characters other
// than line breaks become U+FFFD.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace chancery::api
