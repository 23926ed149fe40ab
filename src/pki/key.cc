#include "pki/key.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/check.h"
#include "pki/der.h"
#include "pki/openssl.h"
#include "pki/rsa_padding.h"
#include "pki/rsa_public.h"

namespace chancery::pki {
namespace {

using openssl::KeyContext;
using openssl::KeyPointer;

struct Curve {
  Oid oid;
  int bits;
  const char* group;
};
constexpr std::array<Curve, 3> curves = {
    {{oids::p256, 256, "prime256v1"}, {oids::p384, 384, "secp384r1"}, {oids::p521, 521, "secp521r1"}}};

// What is read, not what is issued: the bounds keep the work of a verification small.
constexpr int least_rsa_bits = 512;
constexpr int most_rsa_bits = 8192;
constexpr std::size_t most_exponent_octets = 8;

// A context that makes keys of `type` from their numbers; one a thread, since it cannot be shared.
KeyContext prepare_import(const char* type) {
  KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  CHECK(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
  return context;
}

Result<KeyPointer> import_key(EVP_PKEY_CTX* context, OSSL_PARAM* params, std::string_view kind) {
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1 || key == nullptr) {
    openssl::forget_errors();
    return invalid(fmt::format("{}: the public key is not valid", kind));
  }
  return KeyPointer(key);
}

// A positive INTEGER's magnitude without its sign octet.
Result<ByteView> positive(der::Reader& reader, std::string_view what, std::size_t most_octets) {
  TRY(ByteView octets, reader.integer(what, most_octets + 1));
  if ((octets[0] & 0x80) != 0) return invalid(fmt::format("{}: negative", what));
  if (octets[0] == 0) octets = octets.subspan(1);
  if (octets.empty()) return invalid(fmt::format("{}: zero", what));
  if (octets.size() > most_octets) return invalid(fmt::format("{}: too large", what));
  return octets;
}

struct RsaNumbers {
  ByteView modulus, exponent;
  int bits = 0;
};

// RSAPublicKey (RFC 8017 appendix A.1.1).
Result<RsaNumbers> read_rsa(ByteView der) {
  TRY(const der::Element whole, der::only_element(der, der::tag::sequence, "RSA public key"));
  der::Reader reader(whole.content);
  RsaNumbers numbers;
  TRY(numbers.modulus, positive(reader, "RSA modulus", most_rsa_bits / 8));
  TRY(numbers.exponent, positive(reader, "RSA public exponent", most_exponent_octets));
  TRY_STATUS(reader.end("the RSA public key"));
  numbers.bits = static_cast<int>(numbers.modulus.size() * 8) - std::countl_zero(numbers.modulus[0]);
  if (numbers.bits < least_rsa_bits)
    return invalid(fmt::format("RSA modulus: {} bits are fewer than {}", numbers.bits, least_rsa_bits));
  return numbers;
}

// Only OAEP needs OpenSSL's own form of it; everything else goes through rsa_public().
Result<KeyPointer> import_rsa(const RsaPublicNumbers& numbers) {
  thread_local const KeyContext context = prepare_import("RSA");
  // OSSL_PARAM wants integers in the machine's order.
  static_assert(std::endian::native == std::endian::little);
  Bytes modulus(numbers.modulus.rbegin(), numbers.modulus.rend());
  Bytes exponent(numbers.exponent.rbegin(), numbers.exponent.rend());
  OSSL_PARAM params[] = {OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, modulus.data(), modulus.size()),
                         OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, exponent.data(), exponent.size()),
                         OSSL_PARAM_construct_end()};
  return import_key(context.get(), params, "RSA");
}

Result<KeyPointer> import_ec(const Curve& curve, ByteView point) {
  thread_local const KeyContext context = prepare_import("EC");
  std::string group = curve.group;
  Bytes octets = to_bytes(point);
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
                         OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
                         OSSL_PARAM_construct_end()};
  return import_key(context.get(), params, "EC");
}

Result<Curve> read_curve(ByteView parameters) {
  der::Reader reader(parameters);
  if (reader.peek() != der::tag::oid) return invalid("an elliptic curve that is not given by name");
  TRY(const Oid oid, reader.oid("curve"));
  for (const Curve& curve : curves)
    if (curve.oid == oid) return curve;
  return invalid(fmt::format("an elliptic curve that is not supported: {}", oid.dotted()));
}

// SubjectPublicKeyInfo in its two parts; both point into the bytes read.
struct SpkiParts {
  der::Reader::Algorithm algorithm;
  ByteView key;
};

Result<SpkiParts> read_spki(ByteView spki) {
  TRY(const der::Element whole, der::only_element(spki, der::tag::sequence, "public key"));
  der::Reader reader(whole.content);
  SpkiParts parts;
  TRY(parts.algorithm, reader.algorithm("public key algorithm"));
  TRY(parts.key, reader.bit_string("public key"));
  TRY_STATUS(reader.end("the public key"));
  return parts;
}

}  // namespace

std::string to_string(const KeySpec& spec) {
  switch (spec.family) {
    case KeyFamily::rsa: return fmt::format("rsa:{}", spec.bits);
    case KeyFamily::ec: return fmt::format("ec:p{}", spec.bits);
    case KeyFamily::ed25519: return "ed25519";
  }
  CHECK(false);
}

Result<KeySpec> key_spec_from_text(std::string_view text) {
  if (text == "ed25519") return KeySpec{.family = KeyFamily::ed25519, .bits = 256};
  for (const Curve& curve : curves) {
    const KeySpec spec{.family = KeyFamily::ec, .bits = curve.bits};
    if (to_string(spec) == text) return spec;
  }
  if (text.starts_with("rsa:")) {
    KeySpec spec{.family = KeyFamily::rsa, .bits = 0};
    const char* const end = text.data() + text.size();
    const auto [rest, status] = std::from_chars(text.data() + 4, end, spec.bits);
    if (status == std::errc() && rest == end && spec.bits >= 2048 && spec.bits <= 4096 && spec.bits % 64 == 0)
      return spec;
  }
  return invalid(fmt::format(
      "unknown kind of key '{}': expected rsa:2048 to rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519", text));
}

PublicKey::PublicKey(EVP_PKEY* owned, KeySpec spec, Bytes spki) : key_(owned), spec_(spec), spki_(std::move(spki)) {}

// One key has one encoding here, so that keys can be told apart by their bytes: the parameters must be what RFC 3279
// section 2.3.1 and RFC 8410 section 3 say, and points must be uncompressed.
Result<PublicKey> PublicKey::from_spki(ByteView spki) {
  TRY(const SpkiParts parts, read_spki(spki));
  const Oid& oid = parts.algorithm.oid;
  if (oid == oids::rsa_encryption) {
    constexpr std::array<std::uint8_t, 2> null = {der::tag::null, 0};
    if (!equal(parts.algorithm.parameters, null)) return invalid("RSA: the key's algorithm parameters are not NULL");
    TRY(const RsaNumbers numbers, read_rsa(parts.key));
    PublicKey rsa(nullptr, {.family = KeyFamily::rsa, .bits = numbers.bits}, to_bytes(spki));
    rsa.modulus_ = to_bytes(numbers.modulus);
    rsa.exponent_ = to_bytes(numbers.exponent);
    return rsa;
  }
  if (oid == oids::ec_public_key) {
    TRY(const Curve curve, read_curve(parts.algorithm.parameters));
    if (parts.key.empty() || parts.key[0] != 0x04) return invalid("EC: the point is not in uncompressed form");
    TRY(KeyPointer key, import_ec(curve, parts.key));
    return PublicKey(key.release(), {.family = KeyFamily::ec, .bits = curve.bits}, to_bytes(spki));
  }
  if (oid == oids::ed25519) {
    if (!parts.algorithm.parameters.empty()) return invalid("Ed25519: the key's algorithm has parameters");
    KeyPointer key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, parts.key.data(), parts.key.size()));
    openssl::forget_errors();
    if (key == nullptr) return invalid("Ed25519: the public key is not valid");
    return PublicKey(key.release(), {.family = KeyFamily::ed25519, .bits = 256}, to_bytes(spki));
  }
  return invalid(fmt::format("a public key algorithm that is not supported: {}", oid.dotted()));
}

PublicKey::PublicKey(const PublicKey& other)
    : key_(other.key_), spec_(other.spec_), spki_(other.spki_), modulus_(other.modulus_), exponent_(other.exponent_) {
  CHECK(key_ == nullptr || EVP_PKEY_up_ref(key_) == 1);
}

PublicKey& PublicKey::operator=(const PublicKey& other) { return *this = PublicKey(other); }

PublicKey::PublicKey(PublicKey&& other) noexcept
    : key_(std::exchange(other.key_, nullptr)),
      spec_(other.spec_),
      spki_(std::move(other.spki_)),
      modulus_(std::move(other.modulus_)),
      exponent_(std::move(other.exponent_)) {}

PublicKey& PublicKey::operator=(PublicKey&& other) noexcept {
  std::swap(key_, other.key_);
  spec_ = other.spec_;
  spki_.swap(other.spki_);
  modulus_.swap(other.modulus_);
  exponent_.swap(other.exponent_);
  return *this;
}

PublicKey::~PublicKey() { EVP_PKEY_free(key_); }

Bytes PublicKey::key_identifier() const {
  auto parts = read_spki(spki_);
  CHECK(parts.has_value());
  return hash(Digest::sha1, parts->key);
}

Bytes PublicKey::fingerprint() const { return hash(Digest::sha256, spki_); }

bool PublicKey::verify(const SignatureAlgorithm& algorithm, ByteView data, ByteView signature) const {
  if (algorithm.family != spec_.family) return false;
  int result = 0;
  if (spec_.family == KeyFamily::ed25519) {
    const openssl::DigestContext context(EVP_MD_CTX_new());
    CHECK(context != nullptr);
    result = EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_) == 1
                 ? EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(), data.size())
                 : 0;
  } else if (spec_.family == KeyFamily::rsa) {
    // RFC 8017 section 8.2.2: the whole encoding is made and compared, so that there is nothing to misread.
    const Bytes expected = pad_signature(digest_info(algorithm.digest, hash(algorithm.digest, data)), modulus_.size());
    const auto found = rsa_public({.modulus = modulus_, .exponent = exponent_}, signature);
    return found && !expected.empty() && equal(*found, expected);
  } else {
    const Bytes digest = hash(algorithm.digest, data);
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_, nullptr));
    CHECK(context != nullptr);
    result = EVP_PKEY_verify_init(context.get()) == 1
                 ? EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(), digest.size())
                 : 0;
  }
  if (result != 1) openssl::forget_errors();
  return result == 1;
}

Result<Bytes> PublicKey::encrypt_pkcs1(ByteView plain, Random& random) const {
  if (!can_encrypt()) return invalid("only RSA keys encrypt");
  TRY(const SecretBytes padded, pad_pkcs1(plain, modulus_.size(), random));
  return rsa_public({.modulus = modulus_, .exponent = exponent_}, padded.view());
}

Result<Bytes> PublicKey::encrypt_oaep(ByteView plain, Digest digest) const {
  if (!can_encrypt()) return invalid("only RSA keys encrypt");
  TRY(const KeyPointer key, import_rsa({.modulus = modulus_, .exponent = exponent_}));
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  Bytes encrypted(modulus_.size());
  std::size_t size = encrypted.size();
  if (context == nullptr || EVP_PKEY_encrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
      EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), openssl::native(digest)) != 1 ||
      EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), openssl::native(digest)) != 1 ||
      EVP_PKEY_encrypt(context.get(), encrypted.data(), &size, plain.data(), plain.size()) != 1)
    return openssl::failure("encrypt with RSA-OAEP");
  CHECK(size == encrypted.size());
  return encrypted;
}

}  // namespace chancery::pki
