#pragma once

// Public and private keys: RSA 2048 to 4096 bits, ECDSA on P-256, P-384 and P-521, Ed25519.
// Smaller and other RSA keys can be read and reported on (lint names them), but not generated.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "pki/algorithms.h"

using EVP_PKEY = struct evp_pkey_st;
using EVP_PKEY_CTX = struct evp_pkey_ctx_st;

namespace chancery::pki {

class KeyElsewhere;

// What a key is: "rsa:3072", "ec:p256", "ed25519".
struct KeySpec {
  KeyFamily family = KeyFamily::rsa;
  int bits = 2048;  // RSA modulus, or curve size: 256, 384, 521; 256 for Ed25519
  bool operator==(const KeySpec&) const = default;
};

[[nodiscard]] std::string to_string(const KeySpec& spec);
Result<KeySpec> key_spec_from_text(std::string_view text);

// Immutable; copies share one OpenSSL object. Thread-safe.
class PublicKey {
 public:
  // From a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
  static Result<PublicKey> from_spki(ByteView spki);

  PublicKey(const PublicKey& other);
  PublicKey& operator=(const PublicKey& other);
  PublicKey(PublicKey&& other) noexcept;
  PublicKey& operator=(PublicKey&& other) noexcept;
  ~PublicKey();

  [[nodiscard]] const KeySpec& spec() const { return spec_; }
  [[nodiscard]] ByteView spki() const { return spki_; }
  // SHA-1 of the subjectPublicKey bits: the key identifier of RFC 5280 section 4.2.1.2 (1). No security rests on it.
  [[nodiscard]] Bytes key_identifier() const;
  // SHA-256 of the SubjectPublicKeyInfo: how this project tells keys apart.
  [[nodiscard]] Bytes fingerprint() const;
  // RSA only: modulus and exponent, big-endian without leading zeros; for lint. Empty for others.
  [[nodiscard]] ByteView rsa_modulus() const { return modulus_; }
  [[nodiscard]] ByteView rsa_exponent() const { return exponent_; }
  [[nodiscard]] bool can_encrypt() const { return spec_.family == KeyFamily::rsa; }

  // True when `signature` over `data` is this key's.
  [[nodiscard]] bool verify(const SignatureAlgorithm& algorithm, ByteView data, ByteView signature) const;
  // RSA PKCS#1 v1.5 encryption with padding drawn from `random` (so that a transcript can be reproduced).
  Result<Bytes> encrypt_pkcs1(ByteView plain, Random& random) const;
  // RSAES-OAEP with `digest` for both the label hash and MGF1, and an empty label.
  Result<Bytes> encrypt_oaep(ByteView plain, Digest digest) const;

  bool operator==(const PublicKey& other) const { return equal(spki_, other.spki_); }

 private:
  PublicKey(EVP_PKEY* owned, KeySpec spec, Bytes spki);
  friend class PrivateKey;

  EVP_PKEY* key_;  // null for RSA, whose numbers are all it needs
  KeySpec spec_;
  Bytes spki_;
  Bytes modulus_, exponent_;
};

// A private key in memory, or one that stays in a device (key_elsewhere.h). Not copyable by accident; share it by
// reference. Thread-safe.
class PrivateKey {
 public:
  static Result<PrivateKey> generate(const KeySpec& spec);
  // PEM: PKCS#8 plain or encrypted, and the older RSA and EC forms. `passphrase` is empty for plain keys. A wrong
  // passphrase is ErrorCode::refused; an encrypted key without passphrase is ErrorCode::refused, too.
  static Result<PrivateKey> from_pem(std::string_view pem, ByteView passphrase = {});
  // DER: PKCS#8 PrivateKeyInfo or the older forms.
  static Result<PrivateKey> from_der(ByteView der);
  // A key that signs and decrypts elsewhere; `spki` is its public half. RSA and EC only.
  static Result<PrivateKey> from_elsewhere(ByteView spki, std::unique_ptr<KeyElsewhere> key);
  // Another handle of the same key.
  [[nodiscard]] PrivateKey share() const;

  PrivateKey(const PrivateKey&) = delete;
  PrivateKey& operator=(const PrivateKey&) = delete;
  PrivateKey(PrivateKey&& other) noexcept;
  PrivateKey& operator=(PrivateKey&& other) noexcept;
  ~PrivateKey();

  [[nodiscard]] const PublicKey& public_key() const { return public_; }
  [[nodiscard]] const KeySpec& spec() const { return public_.spec(); }
  // PKCS#8, encrypted with AES-256-CBC under a key from scrypt (RFC 7914).
  Result<std::string> to_encrypted_pem(ByteView passphrase) const;
  // PKCS#8 in the clear: for a device's own key file (mode 0600) only. ErrorCode::refused for a key that is elsewhere.
  Result<SecretBytes> to_plain_pem() const;
  // Null for a key in memory. Lives as long as any handle of the key, native ones included.
  [[nodiscard]] KeyElsewhere* elsewhere() const { return elsewhere_; }

  // The algorithm this key signs with by default: SHA-256, or the digest that fits the curve.
  [[nodiscard]] SignatureAlgorithm default_algorithm() const;
  // REQUIRES: algorithm.family == spec().family.
  Result<Bytes> sign(const SignatureAlgorithm& algorithm, ByteView data) const;
  // RSA PKCS#1 v1.5 without telling why it fails: on bad padding, or a content of another size than `expected_size`,
  // the result is `expected_size` bytes from `random`, in about the same time (RFC 8017 section 7.2.2, CMS: RFC 3218).
  SecretBytes decrypt_pkcs1_or_random(ByteView encrypted, std::size_t expected_size, Random& random) const;
  // The same for OAEP.
  SecretBytes decrypt_oaep_or_random(ByteView encrypted, Digest digest, Digest mgf_digest, std::size_t expected_size,
                                     Random& random) const;

  [[nodiscard]] EVP_PKEY* native() const { return key_; }

 private:
  PrivateKey(EVP_PKEY* owned, PublicKey public_key);
  // Takes `owned` over, also when it fails: a key of a kind that this project does not use.
  static Result<PrivateKey> adopt(EVP_PKEY* owned);

  EVP_PKEY* key_;
  KeyElsewhere* elsewhere_ = nullptr;  // the EVP_PKEY owns it
  // Prepared once; each operation works on a duplicate, which is cheaper than preparing again and safe from any thread.
  EVP_PKEY_CTX* signing_ = nullptr;     // not for Ed25519, nor for a key that is elsewhere
  EVP_PKEY_CTX* decrypting_ = nullptr;  // RSA in memory only, without padding
  PublicKey public_;
};

}  // namespace chancery::pki
