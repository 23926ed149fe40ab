#include "device/tokens.h"

#include <fmt/format.h>

#include <optional>

#include "device/pkcs11_session.h"
#include "pki/der.h"
#include "pki/key_elsewhere.h"
#include "pki/rsa_padding.h"

namespace chancery::device {
namespace {

using pki::Digest;
using pki::KeyFamily;
using pki::KeySpec;
namespace der = pki::der;

CK_MECHANISM plain(CK_MECHANISM_TYPE type) { return {.mechanism = type, .pParameter = nullptr, .ulParameterLen = 0}; }

pki::Oid curve_of(int bits) { return bits == 256 ? pki::oids::p256 : bits == 384 ? pki::oids::p384 : pki::oids::p521; }

Attributes named(CK_OBJECT_CLASS kind, const TokenUri& uri) {
  Attributes wanted;
  wanted.add(CKA_CLASS, kind).add(CKA_ID, uri.id);
  return wanted;
}

Result<CK_OBJECT_HANDLE> find_one(Pkcs11Session& session, CK_OBJECT_CLASS kind, const TokenUri& uri) {
  TRY(const auto found, session.find(named(kind, uri)));
  if (found.empty())
    return unavailable(
        fmt::format("the PKCS#11 token '{}' does not have the key {} any more", uri.place.token, to_hex(uri.id)));
  return found.front();
}

// SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) of the public half in the token.
Result<Bytes> read_spki(Pkcs11Session& session, const TokenUri& uri) {
  TRY(const CK_OBJECT_HANDLE key, find_one(session, CKO_PUBLIC_KEY, uri));
  TRY(const Bytes type, session.attribute(key, CKA_KEY_TYPE));
  const CK_ULONG rsa = CKK_RSA;
  const bool is_rsa = equal(type, {reinterpret_cast<const std::uint8_t*>(&rsa), sizeof rsa});
  der::Writer out;
  if (is_rsa) {
    TRY(const Bytes modulus, session.attribute(key, CKA_MODULUS));
    TRY(const Bytes exponent, session.attribute(key, CKA_PUBLIC_EXPONENT));
    der::Writer numbers;
    numbers.sequence([&] { numbers.unsigned_integer(modulus).unsigned_integer(exponent); });
    out.sequence([&] { out.algorithm(pki::oids::rsa_encryption, true).bit_string(numbers.view()); });
    return out.take();
  }
  TRY(const Bytes curve, session.attribute(key, CKA_EC_PARAMS));
  TRY(const Bytes wrapped, session.attribute(key, CKA_EC_POINT));
  der::Reader reader(wrapped);
  TRY_IN("the public key in the token", const ByteView point, reader.octet_string("EC point"));
  out.sequence([&] {
    out.sequence([&] { out.oid(pki::oids::ec_public_key).raw(curve); });
    out.bit_string(point);
  });
  return out.take();
}

// From r and s one after the other to DER (RFC 3279 section 2.2.3).
Bytes signature_in_der(ByteView both) {
  der::Writer out;
  const std::size_t half = both.size() / 2;
  out.sequence([&] { out.unsigned_integer(both.first(half)).unsigned_integer(both.subspan(half)); });
  return out.take();
}

struct HashNames {
  CK_MECHANISM_TYPE digest;
  CK_RSA_PKCS_MGF_TYPE mgf;
};

std::optional<HashNames> hash_names(Digest digest) {
  switch (digest) {
    case Digest::sha1: return HashNames{CKM_SHA_1, CKG_MGF1_SHA1};
    case Digest::sha256: return HashNames{CKM_SHA256, CKG_MGF1_SHA256};
    case Digest::sha384: return HashNames{CKM_SHA384, CKG_MGF1_SHA384};
    case Digest::sha512: return HashNames{CKM_SHA512, CKG_MGF1_SHA512};
    case Digest::md5: break;
  }
  return std::nullopt;
}

// Everything that makes a key of ours: it stays there, it is found again, and it does what it is for.
void describe_pair(const TokenUri& uri, const KeySpec& spec, Attributes& public_key, Attributes& private_key) {
  const bool is_rsa = spec.family == KeyFamily::rsa;
  for (Attributes* const half : {&public_key, &private_key})
    half->add_flag(CKA_TOKEN, true).add(CKA_ID, uri.id).add(CKA_LABEL, as_bytes(uri.label));
  public_key.add_flag(CKA_VERIFY, true);
  private_key.add_flag(CKA_PRIVATE, true).add_flag(CKA_SENSITIVE, true).add_flag(CKA_EXTRACTABLE, false);
  private_key.add_flag(CKA_SIGN, true);
  if (is_rsa) {
    constexpr std::uint8_t exponent[] = {1, 0, 1};
    public_key.add_flag(CKA_ENCRYPT, true);
    public_key.add(CKA_MODULUS_BITS, static_cast<CK_ULONG>(spec.bits)).add(CKA_PUBLIC_EXPONENT, ByteView(exponent));
    private_key.add_flag(CKA_DECRYPT, true);
  } else {
    der::Writer curve;
    curve.oid(curve_of(spec.bits));
    public_key.add(CKA_EC_PARAMS, curve.view());
  }
}

}  // namespace

Status token_can_make(const KeySpec& spec) {
  const bool can =
      (spec.family == KeyFamily::rsa && spec.bits >= 2048 && spec.bits <= 4096) || spec.family == KeyFamily::ec;
  if (!can)
    return invalid(
        fmt::format("PKCS#11 tokens make RSA keys, and EC keys on P-256, P-384 and P-521, not {}", to_string(spec)));
  return {};
}

struct Tokens::Reached {
  Pkcs11Session& session;
  const std::string& pin_file;
};

// A key in a token. It looks itself up for each operation, so that the token may have gone in between.
class Tokens::Key final : public pki::KeyElsewhere {
 public:
  Key(Tokens& tokens, TokenUri uri, bool is_rsa) : tokens_(tokens), uri_(std::move(uri)), is_rsa_(is_rsa) {}

  std::string reference() const override { return to_text(uri_) + "\n"; }
  std::string place() const override { return fmt::format("the PKCS#11 token '{}'", uri_.place.token); }

  Result<Bytes> sign(Digest algorithm, ByteView digest) override {
    if (is_rsa_) return sign_with(CKM_RSA_PKCS, pki::digest_info(algorithm, digest));
    TRY(const Bytes both, sign_with(CKM_ECDSA, digest));
    return signature_in_der(both);
  }
  Result<Bytes> exponentiate(ByteView block) override { return sign_with(CKM_RSA_X_509, block); }

  Result<SecretBytes> decrypt_pkcs1(ByteView encrypted) override {
    return decrypt_with(plain(CKM_RSA_PKCS), encrypted);
  }
  Result<SecretBytes> decrypt_oaep(ByteView encrypted, Digest digest, Digest mgf_digest) override {
    const auto label_hash = hash_names(digest), mask_hash = hash_names(mgf_digest);
    if (!label_hash || !mask_hash) return invalid("OAEP with a digest that PKCS#11 does not have");
    CK_RSA_PKCS_OAEP_PARAMS parameters{.hashAlg = label_hash->digest,
                                       .mgf = mask_hash->mgf,
                                       .source = CKZ_DATA_SPECIFIED,
                                       .pSourceData = nullptr,
                                       .ulSourceDataLen = 0};
    return decrypt_with(
        {.mechanism = CKM_RSA_PKCS_OAEP, .pParameter = &parameters, .ulParameterLen = sizeof parameters}, encrypted);
  }

 private:
  Result<Bytes> sign_with(CK_MECHANISM_TYPE mechanism, ByteView data) {
    return tokens_.with(uri_, [&](Pkcs11Session& session) -> Result<Bytes> {
      TRY(const CK_OBJECT_HANDLE key, find_one(session, CKO_PRIVATE_KEY, uri_));
      return session.sign(plain(mechanism), key, data);
    });
  }
  Result<SecretBytes> decrypt_with(CK_MECHANISM mechanism, ByteView encrypted) {
    return tokens_.with(uri_, [&](Pkcs11Session& session) -> Result<SecretBytes> {
      TRY(const CK_OBJECT_HANDLE key, find_one(session, CKO_PRIVATE_KEY, uri_));
      return session.decrypt(mechanism, key, encrypted);
    });
  }

  Tokens& tokens_;
  TokenUri uri_;
  bool is_rsa_;
};

Tokens::Tokens(RefusedPins refused_pins) : refused_pins_(std::move(refused_pins)) {}

Tokens::~Tokens() {
  // Sessions before their modules.
  sessions_.clear();
}

Status Tokens::know(const TokenPlace& place) {
  const std::scoped_lock lock(mutex_);
  const auto [found, is_new] = known_.try_emplace(place.token, place);
  if (!is_new && !(found->second == place))
    return conflict(fmt::format(
        "the slots' files reach the PKCS#11 token '{}' by different modules or PIN files: give them the same",
        place.token));
  return {};
}

Result<Tokens::Reached> Tokens::reach(const TokenPlace& written) {
  const auto known = known_.find(written.token);
  const TokenPlace& place = known == known_.end() ? written : known->second;
  std::unique_ptr<Pkcs11Module>& module = modules_[place.module];
  if (module == nullptr) {
    TRY(module, Pkcs11Module::load(place.module));
  }
  std::unique_ptr<Pkcs11Session>& session = sessions_[{place.module, place.token}];
  if (session == nullptr) session = std::make_unique<Pkcs11Session>(*module, place.token, refused_pins_);
  return Reached{.session = *session, .pin_file = place.pin_file};
}

template <class Work>
auto Tokens::with(const TokenUri& uri, Work work) -> decltype(work(std::declval<Pkcs11Session&>())) {
  const std::scoped_lock lock(mutex_);
  TRY(const Reached reached, reach(uri.place));
  TRY_STATUS(reached.session.open(reached.pin_file));
  auto done = work(reached.session);
  if (done || !reached.session.was_lost()) return done;
  reached.session.close();
  TRY_STATUS(reached.session.open(reached.pin_file));
  return work(reached.session);
}

Result<pki::PrivateKey> Tokens::make(const TokenUri& uri, const KeySpec& spec) {
  TRY_STATUS(token_can_make(spec));
  const bool is_rsa = spec.family == KeyFamily::rsa;
  TRY_STATUS(with(uri, [&](Pkcs11Session& session) -> Status {
    TRY(const auto others, session.find(named(CKO_PRIVATE_KEY, uri)));
    if (!others.empty())
      return conflict(fmt::format("the PKCS#11 token '{}' has a key {} already", uri.place.token, to_hex(uri.id)));
    Attributes public_key, private_key;
    describe_pair(uri, spec, public_key, private_key);
    return session.generate(is_rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, std::move(public_key),
                            std::move(private_key));
  }));
  return find(uri);
}

Result<pki::PrivateKey> Tokens::find(const TokenUri& uri) {
  TRY(const Bytes spki, with(uri, [&](Pkcs11Session& session) { return read_spki(session, uri); }));
  TRY(const pki::PublicKey public_key, pki::PublicKey::from_spki(spki));
  const bool is_rsa = public_key.spec().family == KeyFamily::rsa;
  return pki::PrivateKey::from_elsewhere(spki, std::make_unique<Key>(*this, uri, is_rsa));
}

Status Tokens::destroy(const TokenUri& uri) {
  return with(uri, [&](Pkcs11Session& session) -> Status {
    // The private half first: what a cut leaves is found again by the other.
    for (const CK_OBJECT_CLASS kind : {CK_OBJECT_CLASS{CKO_PRIVATE_KEY}, CK_OBJECT_CLASS{CKO_PUBLIC_KEY}}) {
      TRY(const auto found, session.find(named(kind, uri).add(CKA_LABEL, as_bytes(uri.label))));
      for (const CK_OBJECT_HANDLE object : found) TRY_STATUS(session.destroy(object));
    }
    return {};
  });
}

}  // namespace chancery::device
