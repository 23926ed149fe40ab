#pragma once

// The string types of ASN.1 that names, requests and challenges come in, and UTF-8, which everything else here uses.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace chancery::pki {

[[nodiscard]] bool is_string_type(std::uint8_t tag);
[[nodiscard]] bool is_utf8(std::string_view text);
// True for C0, DEL and C1 control characters. REQUIRES: is_utf8(text).
[[nodiscard]] bool has_control_characters(std::string_view text);
// True when PrintableString can hold the text (X.680 section 41.4).
[[nodiscard]] bool is_printable_string(std::string_view text);
[[nodiscard]] bool is_ascii(std::string_view text);

// Appends the text of a string element to `out` as UTF-8. TeletexString is read as Latin-1, which is what everyone puts
// in it. PrintableString and its kin may hold any ASCII character: many devices do not keep to the narrower sets.
Status append_utf8(std::string& out, std::uint8_t tag, ByteView content);
// The content octets of `text` in that string type; nothing when the type cannot hold it. REQUIRES: is_utf8(text).
[[nodiscard]] std::optional<Bytes> encode_string(std::uint8_t tag, std::string_view text);

}  // namespace chancery::pki
