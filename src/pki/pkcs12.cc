#include "pki/pkcs12.h"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/check.h"
#include "pki/openssl.h"

namespace chancery::pki {
namespace {

using openssl::KeyPointer;
using openssl::Owned;
using openssl::Pkcs8Pointer;
using openssl::X509Pointer;
using Pkcs12Pointer = Owned<PKCS12, PKCS12_free>;

void free_certificates(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
using X509Stack = Owned<STACK_OF(X509), free_certificates>;

constexpr std::size_t most_octets = std::size_t{1} << 20;
constexpr int iterations = 10'000;

// OpenSSL wants passphrases that end in a zero octet.
Result<SecretBytes> terminated(ByteView passphrase) {
  SecretBytes text(passphrase.size() + 1);
  for (std::size_t i = 0; i < passphrase.size(); ++i) {
    if (passphrase[i] == 0) return invalid("a passphrase cannot hold a zero octet");
    text.mutable_view()[i] = passphrase[i];
  }
  return text;
}

const char* as_c_string(const SecretBytes& text) { return reinterpret_cast<const char*>(text.view().data()); }

Pkcs12Pointer read_frame(ByteView der, OSSL_LIB_CTX* context) {
  Pkcs12Pointer file(PKCS12_init_ex(NID_pkcs7_data, context, nullptr));
  CHECK(file != nullptr);
  PKCS12* raw = file.release();
  const std::uint8_t* position = der.data();
  // On failure OpenSSL frees what it was given.
  if (d2i_PKCS12(&raw, &position, static_cast<long>(der.size())) == nullptr) return nullptr;
  return Pkcs12Pointer(raw);
}

// An empty passphrase is written in two ways: as an empty string and as none at all.
bool opens(PKCS12* file, const SecretBytes& passphrase) {
  if (PKCS12_mac_present(file) == 0) return true;
  const int size = static_cast<int>(passphrase.size()) - 1;
  return PKCS12_verify_mac(file, as_c_string(passphrase), size) == 1 ||
         (size == 0 && PKCS12_verify_mac(file, nullptr, 0) == 1);
}

Result<Bytes> encode(X509* certificate) {
  std::uint8_t* encoded = nullptr;
  const int size = i2d_X509(certificate, &encoded);
  if (size <= 0) return openssl::failure("encode a certificate");
  Bytes der(encoded, encoded + size);
  OPENSSL_free(encoded);
  return der;
}

Result<Certificate> convert(X509* certificate) {
  TRY(const Bytes der, encode(certificate));
  return Certificate::from_der(der);
}

// By way of PKCS#8, since the key may belong to the library context of old algorithms.
Result<PrivateKey> convert(EVP_PKEY* key) {
  const Pkcs8Pointer plain(EVP_PKEY2PKCS8(key));
  if (plain == nullptr) return openssl::failure("encode the private key");
  std::uint8_t* encoded = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(plain.get(), &encoded);
  if (size <= 0) return openssl::failure("encode the private key");
  SecretBytes der(Bytes(encoded, encoded + size));
  OPENSSL_clear_free(encoded, static_cast<std::size_t>(size));
  return PrivateKey::from_der(der.view());
}

struct Parsed {
  KeyPointer key;
  X509Pointer certificate;
  X509Stack chain;
};

bool parse(PKCS12* file, const SecretBytes& passphrase, Parsed& parsed) {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* chain = nullptr;
  const bool done = PKCS12_parse(file, as_c_string(passphrase), &key, &certificate, &chain) == 1;
  parsed.key.reset(key);
  parsed.certificate.reset(certificate);
  parsed.chain.reset(chain);
  openssl::forget_errors();
  return done;
}

void free_frames(STACK_OF(PKCS7) * stack) { sk_PKCS7_pop_free(stack, PKCS7_free); }
using Frames = Owned<STACK_OF(PKCS7), free_frames>;
void free_bags(STACK_OF(PKCS12_SAFEBAG) * stack) { sk_PKCS12_SAFEBAG_pop_free(stack, PKCS12_SAFEBAG_free); }
using Bags = Owned<STACK_OF(PKCS12_SAFEBAG), free_bags>;

constexpr int most_nested_bags = 8;

int keys_in(const STACK_OF(PKCS12_SAFEBAG) * bags, int depth = 0) {
  int keys = 0;
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
    const PKCS12_SAFEBAG* bag = sk_PKCS12_SAFEBAG_value(bags, i);
    const int kind = PKCS12_SAFEBAG_get_nid(bag);
    if (kind == NID_keyBag || kind == NID_pkcs8ShroudedKeyBag) ++keys;
    if (kind == NID_safeContentsBag && depth < most_nested_bags)
      keys += keys_in(PKCS12_SAFEBAG_get0_safes(bag), depth + 1);
  }
  return keys;
}

// OpenSSL takes the first key that it finds and says nothing of others. REQUIRES: the file was parsed.
int count_keys(PKCS12* file, const SecretBytes& passphrase) {
  const Frames frames(PKCS12_unpack_authsafes(file));
  int keys = 0;
  for (int i = 0; frames != nullptr && i < sk_PKCS7_num(frames.get()); ++i) {
    PKCS7* frame = sk_PKCS7_value(frames.get(), i);
    const int size = static_cast<int>(passphrase.size()) - 1;
    const bool encrypted = PKCS7_type_is_encrypted(frame);
    if (!encrypted && !PKCS7_type_is_data(frame)) continue;
    const Bags bags(encrypted ? PKCS12_unpack_p7encdata(frame, as_c_string(passphrase), size)
                              : PKCS12_unpack_p7data(frame));
    if (bags != nullptr) keys += keys_in(bags.get());
  }
  openssl::forget_errors();
  return keys;
}

X509Pointer to_native(const Certificate& certificate) {
  const std::uint8_t* position = certificate.der().data();
  return X509Pointer(d2i_X509(nullptr, &position, static_cast<long>(certificate.der().size())));
}

}  // namespace

Result<Pkcs12Content> read_pkcs12(ByteView der, ByteView passphrase) {
  if (der.size() > most_octets) return invalid("PKCS#12: more than 1 MiB");
  TRY(const SecretBytes text, terminated(passphrase));
  Pkcs12Pointer file = read_frame(der, nullptr);
  openssl::forget_errors();
  if (file == nullptr) return invalid("PKCS#12: malformed");
  const bool opened = opens(file.get(), text);
  openssl::forget_errors();
  if (!opened) return refused("PKCS#12: the passphrase does not open the file");

  Parsed parsed;
  if (!parse(file.get(), text, parsed)) {
    // Files of the last century encrypt with RC2 or RC4.
    OSSL_LIB_CTX* legacy = openssl::legacy_context();
    file = legacy == nullptr ? nullptr : read_frame(der, legacy);
    if (file == nullptr || !parse(file.get(), text, parsed))
      return invalid("PKCS#12: the content is malformed, or encrypted with an algorithm that is not supported");
  }
  if (count_keys(file.get(), text) > 1) return invalid("PKCS#12: more than one private key");
  Pkcs12Content content;
  if (parsed.key != nullptr) {
    TRY_IN("PKCS#12", content.key, convert(parsed.key.get()));
  }
  if (parsed.certificate != nullptr) {
    TRY_IN("PKCS#12", content.certificate, convert(parsed.certificate.get()));
  }
  for (int i = 0; parsed.chain != nullptr && i < sk_X509_num(parsed.chain.get()); ++i) {
    TRY_IN("PKCS#12", Certificate certificate, convert(sk_X509_value(parsed.chain.get(), i)));
    content.chain.push_back(std::move(certificate));
  }
  return content;
}

Result<Bytes> write_pkcs12(const PrivateKey& key, const Certificate& certificate, const std::vector<Certificate>& chain,
                           std::string_view friendly_name, ByteView passphrase) {
  if (passphrase.empty()) return invalid("an empty passphrase protects nothing");
  TRY(const SecretBytes text, terminated(passphrase));
  const X509Stack stack(sk_X509_new_null());
  CHECK(stack != nullptr);
  for (const Certificate& other : chain) {
    X509Pointer native = to_native(other);
    if (native == nullptr) return openssl::failure("read a certificate of the chain");
    CHECK(sk_X509_push(stack.get(), native.release()) > 0);
  }
  const X509Pointer own = to_native(certificate);
  if (own == nullptr) return openssl::failure("read the certificate");
  const std::string name(friendly_name);
  const Pkcs12Pointer file(PKCS12_create_ex(as_c_string(text), name.empty() ? nullptr : name.c_str(), key.native(),
                                            own.get(), stack.get(), NID_aes_256_cbc, NID_aes_256_cbc, iterations,
                                            iterations, 0, nullptr, nullptr));
  if (file == nullptr) return openssl::failure("put key and certificate into a PKCS#12 file");
  std::uint8_t* encoded = nullptr;
  const int size = i2d_PKCS12(file.get(), &encoded);
  if (size <= 0) return openssl::failure("encode a PKCS#12 file");
  Bytes der(encoded, encoded + size);
  OPENSSL_free(encoded);
  return der;
}

}  // namespace chancery::pki
