// Private keys in files: PEM and DER in, PKCS#8 out.

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>

#include "base/check.h"
#include "pki/key.h"
#include "pki/key_elsewhere.h"
#include "pki/openssl.h"

namespace chancery::pki {
namespace {

using openssl::BioPointer;
using openssl::KeyPointer;
using openssl::Owned;
using openssl::Pkcs8Pointer;

// What OpenSSL's callback is asked, and whether it was.
struct Passphrase {
  ByteView octets;
  bool asked = false;
};

int give_passphrase(char* buffer, int size, int /*writing*/, void* context) {
  auto& passphrase = *static_cast<Passphrase*>(context);
  passphrase.asked = true;
  if (passphrase.octets.empty() || passphrase.octets.size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(passphrase.octets, reinterpret_cast<std::uint8_t*>(buffer));
  return static_cast<int>(passphrase.octets.size());
}

// A BIO in memory that is wiped when it goes.
BioPointer secret_memory() {
  BioPointer bio(BIO_new(BIO_s_secmem()));
  CHECK(bio != nullptr);
  return bio;
}

ByteView contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

Status can_leave(const PrivateKey& key) {
  if (key.elsewhere() == nullptr) return {};
  return refused(fmt::format("the private key is in {} and does not leave it", key.elsewhere()->place()));
}

// RFC 7914: 16 MiB and some 50 ms for each guess.
constexpr std::uint64_t scrypt_cost = 16384;
constexpr std::uint64_t scrypt_block_size = 8;
constexpr std::uint64_t scrypt_parallelism = 1;

}  // namespace

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, ByteView passphrase) {
  const BioPointer bio = openssl::reading(as_bytes(pem));
  Passphrase answer{.octets = passphrase};
  KeyPointer key(PEM_read_bio_PrivateKey_ex(bio.get(), nullptr, give_passphrase, &answer, nullptr, nullptr));
  openssl::forget_errors();
  if (key != nullptr) return adopt(key.release());
  if (answer.asked && passphrase.empty()) return refused("the private key is encrypted and needs a passphrase");
  if (answer.asked) return refused("the passphrase does not open the private key");
  return invalid("no private key that can be read");
}

Result<PrivateKey> PrivateKey::from_der(ByteView der) {
  const std::uint8_t* position = der.data();
  if (der.size() > 65536) return invalid("a private key of more than 64 KiB");
  KeyPointer key(d2i_AutoPrivateKey_ex(nullptr, &position, static_cast<long>(der.size()), nullptr, nullptr));
  openssl::forget_errors();
  if (key == nullptr) return invalid("no private key that can be read");
  if (position != der.data() + der.size()) return invalid("unexpected data after the private key");
  return adopt(key.release());
}

Result<std::string> PrivateKey::to_encrypted_pem(ByteView passphrase) const {
  if (passphrase.empty()) return invalid("an empty passphrase protects nothing");
  TRY_STATUS(can_leave(*this));
  const Pkcs8Pointer plain(EVP_PKEY2PKCS8(key_));
  if (plain == nullptr) return openssl::failure("encode the private key");
  Owned<X509_ALGOR, X509_ALGOR_free> scheme(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, scrypt_cost,
                                                                  scrypt_block_size, scrypt_parallelism));
  if (scheme == nullptr) return openssl::failure("set up the encryption of the private key");
  const Owned<X509_SIG, X509_SIG_free> encrypted(PKCS8_set0_pbe(reinterpret_cast<const char*>(passphrase.data()),
                                                                static_cast<int>(passphrase.size()), plain.get(),
                                                                scheme.get()));
  if (encrypted == nullptr) return openssl::failure("encrypt the private key");
  // The encrypted key owns it now.
  static_cast<void>(scheme.release());
  const BioPointer bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_PKCS8(bio.get(), encrypted.get()) != 1)
    return openssl::failure("write the private key");
  return std::string(as_text(contents(bio.get())));
}

Result<SecretBytes> PrivateKey::to_plain_pem() const {
  TRY_STATUS(can_leave(*this));
  const Pkcs8Pointer plain(EVP_PKEY2PKCS8(key_));
  if (plain == nullptr) return openssl::failure("encode the private key");
  const BioPointer bio = secret_memory();
  if (PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio.get(), plain.get()) != 1) return openssl::failure("write the private key");
  return SecretBytes::copy_of(contents(bio.get()));
}

}  // namespace chancery::pki
