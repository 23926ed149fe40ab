#pragma once

// GetCACaps (RFC 8894 section 3.5).

#include <string>
#include <string_view>
#include <vector>

#include "pki/algorithms.h"

namespace chancery::scep {

struct Capabilities {
  bool aes = false;
  bool des3 = false;
  bool get_next_ca_cert = false;
  bool post = false;
  bool renewal = false;
  bool sha1 = false;
  bool sha256 = false;
  bool sha384 = false;  // not in the RFC's table; one widespread client misreads the list without it
  bool sha512 = false;
  bool scep_standard = false;  // implies aes, post and sha256: parse_capabilities() sets those
};

// One keyword a line, LF, in the RFC's case.
[[nodiscard]] std::string to_text(const Capabilities& capabilities);
// Case-insensitive, CRLF or LF, unknown keywords ignored, at most 64 KiB looked at. Anything can be parsed.
[[nodiscard]] Capabilities parse_capabilities(std::string_view text);

// What a client should use with such a server: the best it offers, never below 3DES and SHA-1.
struct ChosenAlgorithms {
  pki::Cipher cipher = pki::Cipher::aes128;
  pki::Digest digest = pki::Digest::sha256;
  bool weak = false;  // 3DES or SHA-1: only with the operator's consent (section 7.5: lists can be forged)
};
[[nodiscard]] ChosenAlgorithms choose_algorithms(const Capabilities& capabilities);

}  // namespace chancery::scep
