#pragma once

// How weak an algorithm of the other side may be. What this side sends goes down to the floor only where the server
// offers nothing better, and never below 3DES and SHA-1.

#include "pki/algorithms.h"

namespace chancery::agent {

struct AlgorithmFloor {
  pki::Digest digest = pki::Digest::sha256;
  pki::Cipher cipher = pki::Cipher::aes128;
};
// --allow-weak-algorithms: what RFC 8894 section 2.9 still knows.
inline constexpr AlgorithmFloor weak_algorithms{.digest = pki::Digest::sha1, .cipher = pki::Cipher::des3};
// --insecure-allow-single-des-and-md5: what anybody can forge and read.
inline constexpr AlgorithmFloor broken_algorithms{.digest = pki::Digest::md5, .cipher = pki::Cipher::des};

// How the operator may allow what stood below the floor; the end of a refusal.
[[nodiscard]] constexpr std::string_view advice_for(pki::Digest digest) {
  return digest == pki::Digest::md5 ? "; to take it nevertheless, say --insecure-allow-single-des-and-md5"
                                    : "; to take it nevertheless, say --allow-weak-algorithms";
}

}  // namespace chancery::agent
