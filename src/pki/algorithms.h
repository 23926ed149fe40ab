#pragma once

// Digests, content ciphers and signature algorithms as values, with their names, sizes and identifiers.

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "pki/der.h"
#include "pki/oid.h"

namespace chancery::pki {

enum class Digest : std::uint8_t { md5, sha1, sha256, sha384, sha512 };

[[nodiscard]] std::string_view to_string(Digest digest);  // "sha256"
[[nodiscard]] const Oid& oid_of(Digest digest);
[[nodiscard]] std::optional<Digest> digest_of(const Oid& oid);
[[nodiscard]] std::size_t size_of(Digest digest);
[[nodiscard]] Bytes hash(Digest digest, ByteView data);

// CBC ciphers of CMS content encryption.
enum class Cipher : std::uint8_t { des, des3, aes128, aes192, aes256 };

[[nodiscard]] std::string_view to_string(Cipher cipher);  // "aes128"
[[nodiscard]] const Oid& oid_of(Cipher cipher);
[[nodiscard]] std::optional<Cipher> cipher_of(const Oid& oid);
[[nodiscard]] std::size_t key_size_of(Cipher cipher);
[[nodiscard]] std::size_t block_size_of(Cipher cipher);

// CBC with PKCS#7 padding (RFC 5652 section 6.3). REQUIRES: key and iv of the cipher's sizes.
Result<Bytes> encrypt_cbc(Cipher cipher, ByteView key, ByteView iv, ByteView plain);
Result<SecretBytes> decrypt_cbc(Cipher cipher, ByteView key, ByteView iv, ByteView encrypted);
// CBC without padding. REQUIRES: also data in whole blocks.
Result<SecretBytes> encrypt_cbc_raw(Cipher cipher, ByteView key, ByteView iv, ByteView plain);
Result<SecretBytes> decrypt_cbc_raw(Cipher cipher, ByteView key, ByteView iv, ByteView encrypted);

enum class KeyFamily : std::uint8_t { rsa, ec, ed25519 };

// RSASSA-PKCS1-v1_5, ECDSA, or Ed25519, for which `digest` says nothing.
struct SignatureAlgorithm {
  KeyFamily family = KeyFamily::rsa;
  Digest digest = Digest::sha256;
  bool operator==(const SignatureAlgorithm&) const = default;
};

[[nodiscard]] std::string_view to_string(const SignatureAlgorithm& algorithm);  // "sha256WithRSAEncryption"
[[nodiscard]] std::optional<SignatureAlgorithm> signature_algorithm_of(const Oid& oid);
void write_algorithm(der::Writer& out, const SignatureAlgorithm& algorithm);

}  // namespace chancery::pki
