#pragma once

// Passwords of users: Argon2id (RFC 9106) by libsodium.

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace chancery::hub {

// What one guess costs. The defaults are libsodium's for sign-in on a server: tests take less.
struct PasswordCost {
  unsigned long long passes = 2;
  std::size_t memory_bytes = std::size_t{64} * 1024 * 1024;
};

inline constexpr std::size_t least_password_characters = 12;
inline constexpr std::size_t most_password_bytes = 256;
// At least 12 characters, at most 256 bytes, UTF-8, more than one character over and over, and not the user's name.
Status check_new_password(ByteView password, std::string_view user);

// Thread-safe; each call takes the memory and the time that `cost` says.
class Passwords {
 public:
  explicit Passwords(PasswordCost cost = {}) : cost_(cost) {}

  // "$argon2id$v=19$m=65536,t=2,p=1$…": parameters, salt and hash in one text.
  Result<std::string> hash(ByteView password) const;
  // Takes as long for a wrong password as for the right one. A hash that cannot be read matches nothing.
  [[nodiscard]] bool verify(const std::string& hash, ByteView password) const;
  // True when `hash` was made with another cost: the password is to be hashed anew when it is known next.
  [[nodiscard]] bool is_outdated(const std::string& hash) const;

 private:
  PasswordCost cost_;
};

}  // namespace chancery::hub
