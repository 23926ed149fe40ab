#include "pki/string_types.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "pki/der.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

void append_code_point(std::string& out, char32_t c) {
  const auto push = [&out](char32_t octet) { out.push_back(static_cast<char>(static_cast<std::uint8_t>(octet))); };
  if (c < 0x80) {
    push(c);
  } else if (c < 0x800) {
    push(0xc0 | c >> 6);
    push(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    push(0xe0 | c >> 12);
    push(0x80 | (c >> 6 & 0x3f));
    push(0x80 | (c & 0x3f));
  } else {
    push(0xf0 | c >> 18);
    push(0x80 | (c >> 12 & 0x3f));
    push(0x80 | (c >> 6 & 0x3f));
    push(0x80 | (c & 0x3f));
  }
}

Status append_wide(std::string& out, ByteView content, std::size_t width, const char* wrong_size, const char* no_text) {
  if (content.size() % width != 0) return invalid(wrong_size);
  for (std::size_t i = 0; i < content.size(); i += width) {
    char32_t c = 0;
    for (std::size_t octet = 0; octet < width; ++octet) c = c << 8 | content[i + octet];
    if (!utf8::is_scalar_value(c)) return invalid(no_text);
    append_code_point(out, c);
  }
  return {};
}

}  // namespace

bool is_string_type(std::uint8_t tag) {
  switch (tag) {
    case tag::utf8_string:
    case tag::numeric_string:
    case tag::printable_string:
    case tag::teletex_string:
    case tag::ia5_string:
    case tag::visible_string:
    case tag::universal_string:
    case tag::bmp_string: return true;
    default: return false;
  }
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

bool is_utf8(std::string_view text) { return utf8::is_valid(text); }

bool has_control_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<std::uint8_t>(text[i]);
    if (octet < 0x20 || octet == 0x7f) return true;
    if (octet == 0xc2 && i + 1 < text.size() && static_cast<std::uint8_t>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

bool is_printable_string(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return ascii::is_letter_or_digit(c) || std::string_view(" '()+,-./:=?").contains(c); });
}

Status append_utf8(std::string& out, std::uint8_t tag, ByteView content) {
  const std::string_view text = as_text(content);
  switch (tag) {
    case tag::utf8_string:
      if (!is_utf8(text)) return invalid("a UTF8String that is not UTF-8");
      out.append(text);
      return {};
    case tag::numeric_string:
    case tag::printable_string:
    case tag::ia5_string:
    case tag::visible_string:
      if (!is_ascii(text)) return invalid("an ASCII string type with an octet above 0x7f");
      out.append(text);
      return {};
    case tag::teletex_string:
      out.reserve(out.size() + 2 * content.size());
      for (const std::uint8_t octet : content) append_code_point(out, octet);
      return {};
    case tag::bmp_string:
      out.reserve(out.size() + 2 * content.size());
      return append_wide(out, content, 2, "a BMPString with an odd number of octets",
                         "a BMPString with a surrogate code point");
    case tag::universal_string:
      out.reserve(out.size() + content.size());
      return append_wide(out, content, 4, "a UniversalString whose size is not a multiple of four",
                         "a UniversalString with an octet group that is no character");
    default: return invalid("not a string type");
  }
}

std::optional<Bytes> encode_string(std::uint8_t tag, std::string_view text) {
  const bool narrow = tag != tag::teletex_string && tag != tag::bmp_string && tag != tag::universal_string;
  if (narrow) {
    if (!is_string_type(tag) || (tag != tag::utf8_string && !is_ascii(text))) return std::nullopt;
    return to_bytes(as_bytes(text));
  }
  const int width = tag == tag::teletex_string ? 1 : tag == tag::bmp_string ? 2 : 4;
  const char32_t limit = width == 1 ? 0xff : width == 2 ? 0xffff : 0x10ffff;
  Bytes out;
  for (std::size_t position = 0; position < text.size();) {
    const char32_t c = utf8::next_code_point(text, position);
    if (c > limit) return std::nullopt;
    for (int octet = width - 1; octet >= 0; --octet) out.push_back(static_cast<std::uint8_t>(c >> (8 * octet)));
  }
  return out;
}

}  // namespace chancery::pki
