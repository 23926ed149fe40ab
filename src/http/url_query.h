#pragma once

// The query of a URL, without the conventions of HTML forms: '+' is a plus sign and stays one, because SCEP clients
// send base64 unescaped.

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace chancery::http {

// The value of the first parameter called `name` in `query` (the text after '?'), not decoded. A parameter without '='
// has an empty value. The value ends at '&' and may itself contain '='. Names are compared as sent, with case.
[[nodiscard]] std::optional<std::string_view> raw_parameter(std::string_view query, std::string_view name);

// "%41+b" is "A+b". A '%' without two hexadecimal digits after it is an error (invalid).
[[nodiscard]] Result<std::string> percent_decode(std::string_view text);

// Escapes everything but the unreserved characters of RFC 3986 section 2.3.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace chancery::http
