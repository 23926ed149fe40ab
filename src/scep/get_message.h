#pragma once

// The `message` parameter of a GET (RFC 8894 section 4.1), as clients really send it.

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace chancery::scep {

// From the raw (still percent-encoded) parameter value: base64, where a space or a raw '+' means '+', base64url letters
// mean their base64 twins, CR, LF and tabs are skipped, and padding may be missing. Anything else, or nothing, is an
// error.
Result<Bytes> decode_get_message(std::string_view raw);
// What a client sends: base64, with '+', '/' and '=' percent-encoded.
[[nodiscard]] std::string encode_get_message(ByteView message);

}  // namespace chancery::scep
