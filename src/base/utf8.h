#pragma once

// UTF-8 (RFC 3629), which all text here is.

#include <cstdint>
#include <string>
#include <string_view>

namespace chancery::utf8 {

inline constexpr char32_t bad = 0xffffffff;

// Everything but the surrogates, up to U+10FFFF.
[[nodiscard]] constexpr bool is_scalar_value(char32_t c) { return c < 0xd800 || (c > 0xdfff && c <= 0x10ffff); }
// The code point that starts at `position`, which moves behind it; `bad` for what is no UTF-8. REQUIRES: position is
// inside.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& position);
[[nodiscard]] bool is_valid(std::string_view text);

// The beginning of `text`, of so many bytes at most and without half of a character.
[[nodiscard]] std::string_view cut(std::string_view text, std::size_t most_bytes);
// With U+FFFD in place of each octet that is part of no character: for what somebody else wrote long ago.
[[nodiscard]] std::string repaired(std::string text);

}  // namespace chancery::utf8
