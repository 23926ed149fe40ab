#pragma once

// What the .cc files of this layer share of OpenSSL: owning pointers, algorithms fetched once, and one way to tell a
// failure. Not for other layers.

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "pki/algorithms.h"

namespace chancery::pki {
class KeyElsewhere;
class PublicKey;
}  // namespace chancery::pki

namespace chancery::pki::openssl {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Deleter<Free>>;

using KeyPointer = Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using CipherContext = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using BioPointer = Owned<BIO, BIO_free_all>;
using X509Pointer = Owned<X509, X509_free>;
using Pkcs8Pointer = Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

// Fetched on first use and kept for the life of the process: a fetch a call costs more than hashing a small message.
[[nodiscard]] const EVP_MD* native(Digest digest);
// Null when this machine's OpenSSL does not have the cipher: single DES without its legacy provider.
[[nodiscard]] const EVP_CIPHER* native(Cipher cipher);
// A library context of its own with the default and the legacy provider, loaded when first asked for, so that old
// algorithms are not there for anybody else. Null when the legacy provider is not installed.
[[nodiscard]] OSSL_LIB_CTX* legacy_context();

// Drops what OpenSSL left in this thread's error queue. Failures here are expected ones: a wrong signature is no news.
void forget_errors();
// ErrorCode::internal, "OpenSSL could not `doing`: reason". Empties the error queue.
std::unexpected<Error> failure(std::string_view doing);

// OpenSSL's handle of a key that signs elsewhere: TLS can use it like any other. It owns `key`.
Result<EVP_PKEY*> make_native(const PublicKey& public_key, std::unique_ptr<KeyElsewhere> key);
// What make_native() was given; null for other keys.
[[nodiscard]] KeyElsewhere* elsewhere_of(const EVP_PKEY* key);

// A reading BIO on `bytes`, which must outlive it.
[[nodiscard]] BioPointer reading(ByteView bytes);

}  // namespace chancery::pki::openssl
