// OpenSSL's handle of a key that is elsewhere: an EVP_PKEY with the public numbers, whose private operation is ours.
// OpenSSL 3 still takes such keys by the methods of 1.1, and calls what is needed around them (PSS, DigestInfo) itself.

// The methods are deprecated for providers, which are several times as much code for the same. The build hides them.
#undef OPENSSL_NO_DEPRECATED

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/check.h"
#include "pki/key.h"
#include "pki/key_elsewhere.h"
#include "pki/openssl.h"
#include "pki/rsa_padding.h"

namespace chancery::pki::openssl {
namespace {

using RsaPointer = Owned<RSA, RSA_free>;
using CurveKeyPointer = Owned<EC_KEY, EC_KEY_free>;
using NumberPointer = Owned<BIGNUM, BN_free>;

extern "C" void free_elsewhere(void*, void* key, CRYPTO_EX_DATA*, int, long, void*) {
  const std::unique_ptr<KeyElsewhere> owned(static_cast<KeyElsewhere*>(key));
}

// Which of the things that were hung on an OpenSSL object is ours. Only the one of EVP_PKEY owns it; -1 until there is
// such a key in the process.
std::atomic<int> owning_index = -1;
std::once_flag owning_index_made;

int rsa_index() {
  static const int index = RSA_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}
int curve_index() {
  static const int index = EC_KEY_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// What OpenSSL's caller is told.
int tell(const Error& error) {
  ERR_raise_data(ERR_LIB_USER, ERR_R_OPERATION_FAIL, "%s", error.text().c_str());
  return -1;
}

int exponentiate(RSA* rsa, ByteView block, unsigned char* to) {
  const auto result = static_cast<KeyElsewhere*>(RSA_get_ex_data(rsa, rsa_index()))->exponentiate(block);
  if (!result) return tell(result.error());
  if (result->size() != static_cast<std::size_t>(RSA_size(rsa))) return tell({ErrorCode::internal, "a short answer"});
  std::ranges::copy(*result, to);
  return static_cast<int>(result->size());
}

extern "C" int rsa_private_encrypt(int size, const unsigned char* from, unsigned char* to, RSA* rsa, int padding) {
  const ByteView content(from, static_cast<std::size_t>(size));
  if (padding == RSA_NO_PADDING) return exponentiate(rsa, content, to);
  if (padding != RSA_PKCS1_PADDING) return tell({ErrorCode::invalid, "a padding that is not supported"});
  const Bytes block = pad_signature(content, static_cast<std::size_t>(RSA_size(rsa)));
  if (block.empty()) return tell({ErrorCode::invalid, "too much to sign"});
  return exponentiate(rsa, block, to);
}

extern "C" int rsa_private_decrypt(int size, const unsigned char* from, unsigned char* to, RSA* rsa, int padding) {
  if (padding != RSA_NO_PADDING) return tell({ErrorCode::invalid, "a padding that is not supported"});
  return exponentiate(rsa, {from, static_cast<std::size_t>(size)}, to);
}

Digest digest_of_size(int size) {
  if (size == 48) return Digest::sha384;
  if (size == 64) return Digest::sha512;
  return size == 20 ? Digest::sha1 : Digest::sha256;
}

extern "C" ECDSA_SIG* sign_on_curve(const unsigned char* digest, int size, const BIGNUM*, const BIGNUM*, EC_KEY* key) {
  auto* const elsewhere = static_cast<KeyElsewhere*>(EC_KEY_get_ex_data(key, curve_index()));
  const auto signature = elsewhere->sign(digest_of_size(size), {digest, static_cast<std::size_t>(size)});
  if (!signature) {
    tell(signature.error());
    return nullptr;
  }
  const unsigned char* position = signature->data();
  return d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(signature->size()));
}

const RSA_METHOD* rsa_method() {
  static const RSA_METHOD* const method = [] {
    RSA_METHOD* made = RSA_meth_dup(RSA_PKCS1_OpenSSL());
    CHECK(made != nullptr && RSA_meth_set1_name(made, "a key elsewhere") == 1);
    CHECK(RSA_meth_set_priv_enc(made, rsa_private_encrypt) == 1);
    CHECK(RSA_meth_set_priv_dec(made, rsa_private_decrypt) == 1);
    return made;
  }();
  return method;
}

const EC_KEY_METHOD* curve_method() {
  static const EC_KEY_METHOD* const method = [] {
    EC_KEY_METHOD* made = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
    CHECK(made != nullptr);
    // The usual way to a signature in DER, which then asks for ours.
    int (*sign)(int, const unsigned char*, int, unsigned char*, unsigned int*, const BIGNUM*, const BIGNUM*, EC_KEY*) =
        nullptr;
    EC_KEY_METHOD_get_sign(EC_KEY_OpenSSL(), &sign, nullptr, nullptr);
    EC_KEY_METHOD_set_sign(made, sign, nullptr, sign_on_curve);
    return made;
  }();
  return method;
}

NumberPointer number(ByteView octets) {
  return NumberPointer(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
}

bool set_rsa(EVP_PKEY* native, const PublicKey& public_key, KeyElsewhere* key) {
  RsaPointer rsa(RSA_new());
  NumberPointer modulus = number(public_key.rsa_modulus()), exponent = number(public_key.rsa_exponent());
  if (rsa == nullptr || modulus == nullptr || exponent == nullptr ||
      RSA_set0_key(rsa.get(), modulus.get(), exponent.get(), nullptr) != 1)
    return false;
  static_cast<void>(modulus.release());
  static_cast<void>(exponent.release());
  if (RSA_set_method(rsa.get(), rsa_method()) != 1 || RSA_set_ex_data(rsa.get(), rsa_index(), key) != 1) return false;
  RSA_set_flags(rsa.get(), RSA_FLAG_EXT_PKEY);
  if (EVP_PKEY_assign_RSA(native, rsa.get()) != 1) return false;
  static_cast<void>(rsa.release());
  return true;
}

bool set_curve(EVP_PKEY* native, const PublicKey& public_key, KeyElsewhere* key) {
  const std::uint8_t* position = public_key.spki().data();
  CurveKeyPointer curve(d2i_EC_PUBKEY(nullptr, &position, static_cast<long>(public_key.spki().size())));
  if (curve == nullptr || EC_KEY_set_method(curve.get(), curve_method()) != 1 ||
      EC_KEY_set_ex_data(curve.get(), curve_index(), key) != 1 || EVP_PKEY_assign_EC_KEY(native, curve.get()) != 1)
    return false;
  static_cast<void>(curve.release());
  return true;
}

}  // namespace

Result<EVP_PKEY*> make_native(const PublicKey& public_key, std::unique_ptr<KeyElsewhere> key) {
  std::call_once(owning_index_made, [] {
    owning_index = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_EVP_PKEY, 0, nullptr, nullptr, nullptr, free_elsewhere);
  });
  KeyPointer native(EVP_PKEY_new());
  CHECK(native != nullptr);
  bool made = false;
  switch (public_key.spec().family) {
    case KeyFamily::rsa: made = set_rsa(native.get(), public_key, key.get()); break;
    case KeyFamily::ec: made = set_curve(native.get(), public_key, key.get()); break;
    case KeyFamily::ed25519: return invalid("Ed25519 keys are made in memory only");
  }
  if (!made || EVP_PKEY_set_ex_data(native.get(), owning_index, key.get()) != 1)
    return failure("take a key that is elsewhere");
  static_cast<void>(key.release());
  return native.release();
}

KeyElsewhere* elsewhere_of(const EVP_PKEY* key) {
  const int index = owning_index;
  return index < 0 ? nullptr : static_cast<KeyElsewhere*>(EVP_PKEY_get_ex_data(key, index));
}

}  // namespace chancery::pki::openssl
