#include "pki/tpm_key.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <mutex>

#include "base/check.h"
#include "pki/key_elsewhere.h"
#include "pki/openssl.h"

namespace chancery::pki {
namespace {

using openssl::BioPointer;
using openssl::KeyContext;
using openssl::KeyPointer;

constexpr const char* only_tpm = "provider=tpm2";
constexpr std::string_view first_line = "-----BEGIN TSS2 PRIVATE KEY-----";

std::string last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = reason == nullptr ? "no reason given" : reason;
  openssl::forget_errors();
  return text;
}

std::unexpected<Error> trouble(std::string_view doing) {
  return unavailable(fmt::format("the TPM does not {}: {}", doing, last_reason()));
}

// One operation at a time: all keys share the provider's one way to the TPM.
std::mutex one_at_a_time;

// Loaded when there is a TPM to talk to: one that comes later is found then. REQUIRES: one_at_a_time is held.
Result<OSSL_LIB_CTX*> tpm_context() {
  static OSSL_LIB_CTX* loaded = nullptr;
  if (loaded != nullptr) return loaded;
  openssl::Owned<OSSL_LIB_CTX, OSSL_LIB_CTX_free> context(OSSL_LIB_CTX_new());
  CHECK(context != nullptr);
  openssl::forget_errors();
  if (OSSL_PROVIDER_load(context.get(), "default") == nullptr || OSSL_PROVIDER_load(context.get(), "tpm2") == nullptr)
    return unavailable(
        fmt::format("there is no TPM to keep a key in: {}. It takes the package tpm2-openssl, and a TPM 2.0 that this "
                    "process may open (/dev/tpmrm0)",
                    last_reason()));
  loaded = context.release();
  return loaded;
}

Result<KeyPointer> load(std::string_view pem) {
  TRY(OSSL_LIB_CTX* const context, tpm_context());
  const BioPointer bio = openssl::reading(as_bytes(pem));
  KeyPointer key(PEM_read_bio_PrivateKey_ex(bio.get(), nullptr, nullptr, nullptr, context, "?provider=tpm2"));
  if (key == nullptr) return trouble("load a key: it is another machine's, or the TPM was cleared since");
  openssl::forget_errors();
  return key;
}

Result<KeyContext> begin(EVP_PKEY* key, int (*init)(EVP_PKEY_CTX*), std::string_view doing) {
  TRY(OSSL_LIB_CTX* const context, tpm_context());
  KeyContext operation(EVP_PKEY_CTX_new_from_pkey(context, key, only_tpm));
  if (operation == nullptr || init(operation.get()) != 1) return trouble(doing);
  return operation;
}

class TpmKey final : public KeyElsewhere {
 public:
  TpmKey(std::string pem, bool is_rsa) : pem_(std::move(pem)), is_rsa_(is_rsa) {}

  std::string reference() const override { return pem_; }
  std::string place() const override { return "this machine's TPM"; }

  Result<Bytes> sign(Digest algorithm, ByteView digest) override {
    const std::scoped_lock lock(one_at_a_time);
    TRY(const KeyPointer key, load(pem_));
    TRY(const KeyContext context, begin(key.get(), EVP_PKEY_sign_init, "sign"));
    Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())));
    std::size_t size = signature.size();
    if ((is_rsa_ && EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1) ||
        EVP_PKEY_CTX_set_signature_md(context.get(), openssl::native(algorithm)) != 1 ||
        EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) != 1)
      return trouble("sign");
    signature.resize(size);
    return signature;
  }

  Result<SecretBytes> decrypt_pkcs1(ByteView encrypted) override {
    const std::scoped_lock lock(one_at_a_time);
    TRY(const KeyPointer key, load(pem_));
    TRY(const KeyContext context, begin(key.get(), EVP_PKEY_decrypt_init, "decrypt"));
    SecretBytes content(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())));
    std::size_t size = content.size();
    if (EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_decrypt(context.get(), content.mutable_view().data(), &size, encrypted.data(), encrypted.size()) != 1)
      return trouble("decrypt");
    content.shrink(size);
    return content;
  }

  Result<SecretBytes> decrypt_oaep(ByteView, Digest, Digest) override {
    return unavailable("the TPM decrypts PKCS#1 v1.5 only: tpm2-openssl sets no digest for OAEP");
  }
  Result<Bytes> exponentiate(ByteView) override {
    return unavailable("the TPM's provider does not do RSA without padding");
  }
  Status fit_for_tls() const override {
    if (is_rsa_) return unavailable("TLS cannot use an RSA key of a TPM: let the slot have an EC key, such as ec:p256");
    return {};
  }

 private:
  std::string pem_;
  bool is_rsa_;
};

Result<PrivateKey> wrap(EVP_PKEY* key, std::string pem) {
  std::uint8_t* encoded = nullptr;
  const int size = i2d_PUBKEY(key, &encoded);
  if (size <= 0) return trouble("tell the public key");
  const Bytes spki(encoded, encoded + size);
  OPENSSL_free(encoded);
  const bool is_rsa = EVP_PKEY_is_a(key, "RSA") == 1;
  return PrivateKey::from_elsewhere(spki, std::make_unique<TpmKey>(std::move(pem), is_rsa));
}

}  // namespace

Status tpm_can_make(const KeySpec& spec) {
  const bool can = (spec.family == KeyFamily::rsa && spec.bits == 2048) ||
                   (spec.family == KeyFamily::ec && (spec.bits == 256 || spec.bits == 384));
  if (!can) return invalid(fmt::format("a TPM makes rsa:2048, ec:p256 and ec:p384, not {}", to_string(spec)));
  return {};
}

Result<PrivateKey> make_tpm_key(const KeySpec& spec) {
  TRY_STATUS(tpm_can_make(spec));
  const std::scoped_lock lock(one_at_a_time);
  TRY(OSSL_LIB_CTX* const context, tpm_context());
  const bool is_rsa = spec.family == KeyFamily::rsa;
  const KeyPointer key(is_rsa ? EVP_PKEY_Q_keygen(context, only_tpm, "RSA", static_cast<std::size_t>(spec.bits))
                              : EVP_PKEY_Q_keygen(context, only_tpm, "EC", fmt::format("P-{}", spec.bits).c_str()));
  if (key == nullptr) return trouble("make a key");
  const BioPointer bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return trouble("give out the wrapped key");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  std::string pem(data, static_cast<std::size_t>(size));
  if (!is_tpm_pem(pem)) return internal("the TPM's provider wrote a key in another form than TSS2 PRIVATE KEY");
  return wrap(key.get(), std::move(pem));
}

bool is_tpm_pem(std::string_view pem) { return pem.starts_with(first_line); }

Result<PrivateKey> tpm_key_from_pem(std::string_view pem) {
  const std::scoped_lock lock(one_at_a_time);
  TRY(const KeyPointer key, load(pem));
  return wrap(key.get(), std::string(pem));
}

}  // namespace chancery::pki
