#include "base/utf8.h"

namespace chancery::utf8 {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

bool continues(char c) { return (static_cast<std::uint8_t>(c) & 0xc0) == 0x80; }

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& position) {
  const auto lead = static_cast<std::uint8_t>(text[position++]);
  if (lead < 0x80) return lead;
  const std::size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - position < more) return bad;
  char32_t value = lead & (0x3fU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if (!continues(text[position])) return bad;
    value = value << 6 | (static_cast<std::uint8_t>(text[position++]) & 0x3fU);
  }
  const char32_t least = more == 3 ? 0x10000 : more == 2 ? 0x800 : 0x80;
  return value >= least && is_scalar_value(value) ? value : bad;
}

bool is_valid(std::string_view text) {
  for (std::size_t position = 0; position < text.size();)
    if (next_code_point(text, position) == bad) return false;
  return true;
}

std::string_view cut(std::string_view text, std::size_t most_bytes) {
  if (text.size() <= most_bytes) return text;
  std::size_t end = most_bytes;
  while (end > 0 && continues(text[end])) --end;
  return text.substr(0, end);
}

std::string repaired(std::string text) {
  if (is_valid(text)) return text;
  std::string whole;
  for (std::size_t position = 0; position < text.size();) {
    const std::size_t begin = position;
    if (next_code_point(text, position) == bad) {
      whole += replacement;
      position = begin + 1;
    } else {
      whole.append(text, begin, position - begin);
    }
  }
  return whole;
}

}  // namespace chancery::utf8
