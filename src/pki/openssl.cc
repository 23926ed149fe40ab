#include "pki/openssl.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/provider.h>

#include <array>

#include "base/check.h"

namespace chancery::pki::openssl {
namespace {

OSSL_LIB_CTX* load_legacy_context() {
  Owned<OSSL_LIB_CTX, OSSL_LIB_CTX_free> context(OSSL_LIB_CTX_new());
  CHECK(context != nullptr);
  const bool loaded =
      OSSL_PROVIDER_load(context.get(), "default") != nullptr && OSSL_PROVIDER_load(context.get(), "legacy") != nullptr;
  forget_errors();
  return loaded ? context.release() : nullptr;
}

const EVP_CIPHER* fetch_cipher(OSSL_LIB_CTX* context, const char* name) {
  const EVP_CIPHER* cipher = EVP_CIPHER_fetch(context, name, nullptr);
  forget_errors();
  return cipher;
}

}  // namespace

const EVP_MD* native(Digest digest) {
  static const std::array<const EVP_MD*, 5> digests = [] {
    constexpr std::array<const char*, 5> names = {"MD5", "SHA1", "SHA2-256", "SHA2-384", "SHA2-512"};
    std::array<const EVP_MD*, 5> fetched{};
    for (std::size_t i = 0; i < names.size(); ++i) {
      fetched[i] = EVP_MD_fetch(nullptr, names[i], nullptr);
      CHECK(fetched[i] != nullptr);
    }
    return fetched;
  }();
  return digests.at(static_cast<std::size_t>(digest));
}

const EVP_CIPHER* native(Cipher cipher) {
  if (cipher == Cipher::des) {
    static const EVP_CIPHER* des = [] {
      OSSL_LIB_CTX* context = legacy_context();
      return context == nullptr ? nullptr : fetch_cipher(context, "DES-CBC");
    }();
    return des;
  }
  static const std::array<const EVP_CIPHER*, 5> ciphers = {
      nullptr, fetch_cipher(nullptr, "DES-EDE3-CBC"), fetch_cipher(nullptr, "AES-128-CBC"),
      fetch_cipher(nullptr, "AES-192-CBC"), fetch_cipher(nullptr, "AES-256-CBC")};
  return ciphers.at(static_cast<std::size_t>(cipher));
}

OSSL_LIB_CTX* legacy_context() {
  static OSSL_LIB_CTX* context = load_legacy_context();
  return context;
}

void forget_errors() { ERR_clear_error(); }

std::unexpected<Error> failure(std::string_view doing) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = fmt::format("OpenSSL could not {}: {}", doing, reason == nullptr ? "no reason given" : reason);
  forget_errors();
  return internal(std::move(text));
}

BioPointer reading(ByteView bytes) {
  CHECK(bytes.size() <= INT32_MAX);
  BioPointer bio(
      BIO_new_mem_buf(bytes.empty() ? "" : static_cast<const void*>(bytes.data()), static_cast<int>(bytes.size())));
  CHECK(bio != nullptr);
  return bio;
}

}  // namespace chancery::pki::openssl
