#include "scep/get_message.h"

#include <fmt/format.h>

#include "base/ascii.h"

namespace chancery::scep {
namespace {

Result<std::string> percent_decoded(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '%') {
      text.push_back(raw[i]);
      continue;
    }
    if (raw.size() - i < 3) return invalid("a percent escape that is cut off");
    const int high = ascii::hex_value(raw[i + 1]);
    const int low = ascii::hex_value(raw[i + 2]);
    if (high < 0 || low < 0) return invalid("a percent escape that is not hexadecimal");
    text.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return text;
}

bool is_base64_letter(char letter) { return ascii::is_letter_or_digit(letter) || letter == '+' || letter == '/'; }

}  // namespace

Result<Bytes> decode_get_message(std::string_view raw) {
  TRY(const std::string text, percent_decoded(raw));
  std::string base64;
  base64.reserve(text.size() + 2);
  std::size_t padding = 0;
  for (char letter : text) {
    if (letter == '\r' || letter == '\n' || letter == '\t') continue;
    if (letter == ' ' || letter == '-') letter = '+';
    if (letter == '_') letter = '/';
    if (letter == '=') {
      ++padding;
      continue;
    }
    if (!is_base64_letter(letter)) return invalid("the message is not base64");
    if (padding > 0) return invalid("base64 padding inside the message");
    base64.push_back(letter);
  }
  if (base64.empty()) return invalid("the message is empty");
  if (base64.size() % 4 == 1) return invalid("the message is cut off in the middle of an octet");
  const std::size_t wanted = (4 - base64.size() % 4) % 4;
  if (padding > wanted) return invalid("too much base64 padding");
  base64.append(wanted, '=');
  return from_base64(base64);
}

std::string encode_get_message(ByteView message) {
  std::string text;
  for (const char letter : to_base64(message)) {
    switch (letter) {
      case '+': text += "%2B"; break;
      case '/': text += "%2F"; break;
      case '=': text += "%3D"; break;
      default: text.push_back(letter);
    }
  }
  return text;
}

}  // namespace chancery::scep
