#pragma once

// The name of a key in a PKCS#11 token as a URI (RFC 7512), which other programs read too:
//   pkcs11:token=office;id=%01%02…;object=LABEL;type=private?module-path=/usr/lib/…/x.so&pin-source=file:/etc/…/pin
// It never holds a PIN (pin-value is refused), only where one is.

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace chancery::device {

// A token, and how to reach it.
struct TokenPlace {
  std::string module;    // the shared library that speaks PKCS#11
  std::string token;     // its label
  std::string pin_file;  // empty: the token has a keypad of its own, or wants no PIN
  friend bool operator==(const TokenPlace&, const TokenPlace&) = default;
};

struct TokenUri {
  TokenPlace place;
  Bytes id;           // CKA_ID
  std::string label;  // CKA_LABEL
};

[[nodiscard]] std::string to_text(const TokenUri& uri);
// Only what to_text() writes has to be understood; attributes that are not known are refused where RFC 7512 says so.
Result<TokenUri> token_uri_from_text(std::string_view text);

}  // namespace chancery::device
