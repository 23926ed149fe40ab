// What a private key does: being made, signing, decrypting. Its files are in key_pem.cc.

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/check.h"
#include "pki/constant_time.h"
#include "pki/key.h"
#include "pki/key_elsewhere.h"
#include "pki/openssl.h"
#include "pki/rsa_padding.h"

namespace chancery::pki {
namespace {

using openssl::KeyContext;
using openssl::KeyPointer;

EVP_PKEY_CTX* prepare_signing(EVP_PKEY* key) {
  KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  CHECK(context != nullptr && EVP_PKEY_sign_init(context.get()) == 1);
  return context.release();
}

EVP_PKEY_CTX* prepare_decrypting(EVP_PKEY* key, int padding) {
  KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  CHECK(context != nullptr && EVP_PKEY_decrypt_init(context.get()) == 1);
  CHECK(EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) == 1);
  return context.release();
}

void take_if_fitting(Result<SecretBytes> content, SecretBytes& result) {
  if (content && content->size() == result.size()) result = *std::move(content);
}

}  // namespace

PrivateKey::PrivateKey(EVP_PKEY* owned, PublicKey public_key)
    : key_(owned), elsewhere_(openssl::elsewhere_of(owned)), public_(std::move(public_key)) {
  if (elsewhere_ != nullptr) return;
  if (spec().family != KeyFamily::ed25519) signing_ = prepare_signing(key_);
  if (spec().family == KeyFamily::rsa) decrypting_ = prepare_decrypting(key_, RSA_NO_PADDING);
}

Result<PrivateKey> PrivateKey::adopt(EVP_PKEY* owned) {
  KeyPointer key(owned);
  std::uint8_t* encoded = nullptr;
  const int size = i2d_PUBKEY(key.get(), &encoded);
  if (size <= 0) {
    openssl::forget_errors();
    return invalid("a private key of a kind that is not supported");
  }
  const Bytes spki(encoded, encoded + size);
  OPENSSL_free(encoded);
  TRY_IN("private key", PublicKey public_key, PublicKey::from_spki(spki));
  return PrivateKey(key.release(), std::move(public_key));
}

Result<PrivateKey> PrivateKey::generate(const KeySpec& spec) {
  EVP_PKEY* key = nullptr;
  switch (spec.family) {
    case KeyFamily::rsa:
      if (spec.bits < 2048 || spec.bits > 4096) return invalid("RSA keys are made with 2048 to 4096 bits");
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(spec.bits));
      break;
    case KeyFamily::ec:
      if (spec.bits != 256 && spec.bits != 384 && spec.bits != 521)
        return invalid("EC keys are made on P-256, P-384 and P-521");
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", fmt::format("P-{}", spec.bits).c_str());
      break;
    case KeyFamily::ed25519: key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"); break;
  }
  if (key == nullptr) return openssl::failure("make a key");
  return adopt(key);
}

Result<PrivateKey> PrivateKey::from_elsewhere(ByteView spki, std::unique_ptr<KeyElsewhere> key) {
  TRY_IN("a key elsewhere", PublicKey public_key, PublicKey::from_spki(spki));
  TRY(EVP_PKEY* const native, openssl::make_native(public_key, std::move(key)));
  return PrivateKey(native, std::move(public_key));
}

PrivateKey PrivateKey::share() const {
  CHECK(EVP_PKEY_up_ref(key_) == 1);
  return {key_, public_};
}

PrivateKey::PrivateKey(PrivateKey&& other) noexcept
    : key_(std::exchange(other.key_, nullptr)),
      elsewhere_(std::exchange(other.elsewhere_, nullptr)),
      signing_(std::exchange(other.signing_, nullptr)),
      decrypting_(std::exchange(other.decrypting_, nullptr)),
      public_(std::move(other.public_)) {}

PrivateKey& PrivateKey::operator=(PrivateKey&& other) noexcept {
  std::swap(key_, other.key_);
  std::swap(elsewhere_, other.elsewhere_);
  std::swap(signing_, other.signing_);
  std::swap(decrypting_, other.decrypting_);
  std::swap(public_, other.public_);
  return *this;
}

PrivateKey::~PrivateKey() {
  EVP_PKEY_CTX_free(signing_);
  EVP_PKEY_CTX_free(decrypting_);
  EVP_PKEY_free(key_);
}

SignatureAlgorithm PrivateKey::default_algorithm() const {
  SignatureAlgorithm algorithm{.family = spec().family};
  if (spec().family == KeyFamily::ec && spec().bits == 384) algorithm.digest = Digest::sha384;
  if (spec().family == KeyFamily::ec && spec().bits == 521) algorithm.digest = Digest::sha512;
  return algorithm;
}

Result<Bytes> PrivateKey::sign(const SignatureAlgorithm& algorithm, ByteView data) const {
  CHECK(algorithm.family == spec().family);
  if (elsewhere_ != nullptr) return elsewhere_->sign(algorithm.digest, hash(algorithm.digest, data));
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_)));
  std::size_t size = signature.size();
  if (algorithm.family == KeyFamily::ed25519) {
    const openssl::DigestContext context(EVP_MD_CTX_new());
    if (context == nullptr || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, data.data(), data.size()) != 1)
      return openssl::failure("sign");
  } else {
    const Bytes digest = hash(algorithm.digest, data);
    const Bytes to_sign = algorithm.family == KeyFamily::rsa ? digest_info(algorithm.digest, digest) : digest;
    const KeyContext context(EVP_PKEY_CTX_dup(signing_));
    if (context == nullptr ||
        EVP_PKEY_sign(context.get(), signature.data(), &size, to_sign.data(), to_sign.size()) != 1)
      return openssl::failure("sign");
  }
  signature.resize(size);
  return signature;
}

SecretBytes PrivateKey::decrypt_pkcs1_or_random(ByteView encrypted, std::size_t expected_size, Random& random) const {
  CHECK(spec().family == KeyFamily::rsa);
  SecretBytes result(expected_size);
  random.fill(result.mutable_view());
  if (elsewhere_ != nullptr) {
    // The device judges the padding; how long it takes for that is its own affair.
    take_if_fitting(elsewhere_->decrypt_pkcs1(encrypted), result);
    return result;
  }
  SecretBytes padded(public_.rsa_modulus().size());
  std::size_t size = padded.size();
  const KeyContext context(EVP_PKEY_CTX_dup(decrypting_));
  CHECK(context != nullptr);
  // Without padding this fails only when `encrypted` is not below the modulus or has another size: no secret.
  if (EVP_PKEY_decrypt(context.get(), padded.mutable_view().data(), &size, encrypted.data(), encrypted.size()) == 1 &&
      size == padded.size()) {
    unpad_pkcs1_into(padded.view(), result.mutable_view());
  }
  openssl::forget_errors();
  return result;
}

SecretBytes PrivateKey::decrypt_oaep_or_random(ByteView encrypted, Digest digest, Digest mgf_digest,
                                               std::size_t expected_size, Random& random) const {
  CHECK(spec().family == KeyFamily::rsa);
  SecretBytes result(expected_size);
  random.fill(result.mutable_view());
  if (elsewhere_ != nullptr) {
    take_if_fitting(elsewhere_->decrypt_oaep(encrypted, digest, mgf_digest), result);
    return result;
  }
  const std::size_t modulus_size = public_.rsa_modulus().size();
  SecretBytes content(std::max(modulus_size, expected_size));
  std::size_t size = modulus_size;
  const KeyContext context(prepare_decrypting(key_, RSA_PKCS1_OAEP_PADDING));
  CHECK(EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), openssl::native(digest)) == 1);
  CHECK(EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), openssl::native(mgf_digest)) == 1);
  const int status =
      EVP_PKEY_decrypt(context.get(), content.mutable_view().data(), &size, encrypted.data(), encrypted.size());
  const constant_time::Mask good =
      constant_time::equals(static_cast<std::uint32_t>(status), 1) &
      constant_time::equals(static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(expected_size));
  constant_time::copy_if(good, result.mutable_view(), content.view().first(expected_size));
  openssl::forget_errors();
  return result;
}

}  // namespace chancery::pki
