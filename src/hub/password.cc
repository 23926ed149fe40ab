#include "hub/password.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "pki/string_types.h"

namespace chancery::hub {
namespace {

void start_sodium() {
  // Later calls do nothing; all of them are safe from several threads.
  CHECK(sodium_init() >= 0);
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

Status check_new_password(ByteView password, std::string_view user) {
  const std::string_view text = as_text(password);
  if (!pki::is_utf8(text) || pki::has_control_characters(text))
    return invalid("the password holds bytes that are no characters");
  if (text.size() > most_password_bytes)
    return invalid(fmt::format("the password is longer than {} bytes", most_password_bytes));
  if (characters_in(text) < least_password_characters)
    return invalid(fmt::format("the password is too short: at least {} characters", least_password_characters));
  if (std::ranges::all_of(text, [&](char c) { return c == text.front(); }))
    return invalid("the password is one character over and over");
  if (text == user) return invalid("the password is the user's name");
  return {};
}

namespace {

// libsodium wants an address even where there is nothing to read.
const char* characters_of(ByteView password) {
  return password.empty() ? "" : reinterpret_cast<const char*>(password.data());
}

}  // namespace

Result<std::string> Passwords::hash(ByteView password) const {
  start_sodium();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str(out.data(), characters_of(password), password.size(), cost_.passes, cost_.memory_bytes) != 0)
    return unavailable("there is not enough memory to hash a password now");
  return std::string(out.data());
}

bool Passwords::verify(const std::string& hash, ByteView password) const {
  start_sodium();
  return crypto_pwhash_str_verify(hash.c_str(), characters_of(password), password.size()) == 0;
}

bool Passwords::is_outdated(const std::string& hash) const {
  start_sodium();
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost_.passes, cost_.memory_bytes) != 0;
}

}  // namespace chancery::hub
