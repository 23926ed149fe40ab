#pragma once

// For the tests of X.509 in this directory: vectors from files, keys, and hexadecimal in tables.

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "pki/key.h"
#include "testing/vectors.h"

namespace chancery::pki::testing {

// The text of a file in vectors/x509.
inline std::string read_vector(const std::string& file) {
  return std::string(as_text(chancery::testing::read_vector("x509/" + file)));
}

// "ec" (P-256), "rsa" (2048 bits) or "ed" (Ed25519): fixed keys, so that tests need no randomness.
inline PrivateKey test_key(const std::string& name) {
  return *PrivateKey::from_pem(read_vector("keys/" + name + ".pem"));
}

// Bytes from hexadecimal with spaces.
inline Bytes hex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ') digits.push_back(c);
  }
  return from_hex(digits).value();
}

inline Timestamp time_of(std::string_view text) { return from_rfc3339(text).value(); }

// The text of the error, or "" when there is none.
template <class T>
std::string error_of(const Result<T>& result) {
  return result ? std::string() : result.error().text();
}

// Calls `read` with every truncation of `bytes` and with a spread of changed octets. What reads must not crash; what it
// makes of them is its own affair.
template <class Read>
void read_damaged(ByteView bytes, Read&& read) {
  for (std::size_t size = 0; size < bytes.size(); ++size) read(to_bytes(bytes.first(size)));
  Bytes damaged = to_bytes(bytes);
  for (std::size_t i = 0; i < damaged.size(); ++i) {
    const std::uint8_t kept = damaged[i];
    for (const int change : {0x01, 0x04, 0x20, 0x80, 0xff}) {
      damaged[i] = static_cast<std::uint8_t>(kept ^ change);
      read(damaged);
    }
    damaged[i] = kept;
  }
}

}  // namespace chancery::pki::testing
