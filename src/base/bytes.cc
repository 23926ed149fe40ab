#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/ascii.h"
#include "base/check.h"

namespace chancery {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";
constexpr char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char base64url_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::unexpected<Error> not_pairs() { return invalid("not hexadecimal: expected pairs of the digits 0-9 and a-f"); }

constexpr std::array<std::int8_t, 256> base64_values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (int i = 0; i < 64; ++i) values[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<std::int8_t>(i);
  return values;
}();

std::string encode_base64(ByteView bytes, const char* alphabet, bool padded) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group = (std::uint32_t{bytes[i]} << 16) | (std::uint32_t{bytes[i + 1]} << 8) | bytes[i + 2];
    for (const int shift : {18, 12, 6, 0}) text.push_back(alphabet[(group >> shift) & 63]);
  }
  if (const std::size_t left = bytes.size() - i; left > 0) {
    const std::uint32_t group = (std::uint32_t{bytes[i]} << 16) | (left == 2 ? std::uint32_t{bytes[i + 1]} << 8 : 0);
    text.push_back(alphabet[(group >> 18) & 63]);
    text.push_back(alphabet[(group >> 12) & 63]);
    if (left == 2) text.push_back(alphabet[(group >> 6) & 63]);
    if (padded) text.append(left == 2 ? "=" : "==");
  }
  return text;
}

}  // namespace

bool equal(ByteView a, ByteView b) { return std::ranges::equal(a, b); }

bool equal_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

std::string to_hex(ByteView bytes) {
  std::string text(bytes.size() * 2, '\0');
  auto place = text.begin();
  for (const std::uint8_t byte : bytes) {
    *place++ = hex_digits[byte >> 4];
    *place++ = hex_digits[byte & 15];
  }
  return text;
}

std::string to_colon_hex(ByteView bytes) {
  std::string text;
  text.reserve(bytes.size() * 3);
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text.push_back(':');
    text.push_back("0123456789ABCDEF"[byte >> 4]);
    text.push_back("0123456789ABCDEF"[byte & 15]);
  }
  return text;
}

Result<Bytes> from_hex(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ':' && i > 0) ++i;
    if (i == text.size()) return not_pairs();
    const int high = ascii::hex_value(text[i]);
    const int low = i + 1 < text.size() ? ascii::hex_value(text[i + 1]) : -1;
    if (high < 0 || low < 0) return not_pairs();
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    i += 2;
  }
  return bytes;
}

std::string to_base64(ByteView bytes) { return encode_base64(bytes, base64_alphabet, true); }
std::string to_base64url(ByteView bytes) { return encode_base64(bytes, base64url_alphabet, false); }

Result<Bytes> from_base64(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  int digits = 0;
  int padding = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c == '=') {
      if (++padding > 2) return invalid("not base64: too much padding");
      continue;
    }
    const int value = base64_values[static_cast<unsigned char>(c)];
    if (value < 0) return invalid("not base64: a character outside the alphabet");
    if (padding > 0) return invalid("not base64: data after the padding");
    group = group << 6 | static_cast<std::uint32_t>(value);
    if (++digits == 4) {
      bytes.push_back(static_cast<std::uint8_t>(group >> 16));
      bytes.push_back(static_cast<std::uint8_t>(group >> 8));
      bytes.push_back(static_cast<std::uint8_t>(group));
      group = 0;
      digits = 0;
    }
  }
  if ((digits + padding) % 4 != 0 || digits == 1) return invalid("not base64: the length is not a multiple of four");
  if (digits == 2) {
    bytes.push_back(static_cast<std::uint8_t>(group >> 4));
  } else if (digits == 3) {
    bytes.push_back(static_cast<std::uint8_t>(group >> 10));
    bytes.push_back(static_cast<std::uint8_t>(group >> 2));
  }
  return bytes;
}

void wipe(std::span<std::uint8_t> bytes) {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    wipe(bytes_);
    bytes_ = std::move(other.bytes_);
  }
  return *this;
}

void SecretBytes::shrink(std::size_t size) {
  CHECK(size <= bytes_.size());
  wipe(std::span(bytes_).subspan(size));
  bytes_.resize(size);
}

}  // namespace chancery
