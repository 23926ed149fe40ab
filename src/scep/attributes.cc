#include "scep/attributes.h"

#include <cstdint>

namespace chancery::scep {
namespace {

// How many octets the UTF-8 character at the front of `text` has; 0 when there is no valid one (RFC 3629 section 4).
std::size_t character_size(std::string_view text) {
  const auto octet = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = octet(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((octet(i) & 0xc0) != 0x80) return 0;
  const bool overlong = (first == 0xe0 && octet(1) < 0xa0) || (first == 0xf0 && octet(1) < 0x90);
  const bool surrogate = first == 0xed && octet(1) >= 0xa0;
  const bool too_high = first == 0xf4 && octet(1) >= 0x90;
  return overlong || surrogate || too_high ? 0 : size;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<std::uint8_t>(character[0]);
  if (first < 0x20 || first == 0x7f) return true;
  // U+0080 to U+009F.
  return character.size() == 2 && first == 0xc2 && static_cast<std::uint8_t>(character[1]) < 0xa0;
}

}  // namespace

std::string text_for_people(std::string_view text) {
  std::string harmless;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const bool shown = size > 0 && !is_control(text.substr(0, size));
    const std::string_view character = shown ? text.substr(0, size) : std::string_view("?");
    if (harmless.size() + character.size() > max_fail_info_text) break;
    harmless += character;
    text.remove_prefix(size > 0 ? size : 1);
  }
  return harmless;
}

}  // namespace chancery::scep
