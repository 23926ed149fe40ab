#include "pki/key.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "testing/fakes.h"
#include "testing/vectors.h"

namespace chancery::pki {
namespace {

using chancery::testing::FakeRandom;
using chancery::testing::read_vector;

PrivateKey test_key(std::string_view file) {
  auto key = PrivateKey::from_pem(as_text(read_vector(std::string("cms/").append(file))));
  EXPECT_TRUE(key.has_value());
  return std::move(*key);
}

TEST(KeySpec, TextLeadsBackToTheValue) {
  for (const char* text : {"rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384", "ec:p521", "ed25519"})
    EXPECT_EQ(to_string(key_spec_from_text(text).value()), text);
  for (const char* text : {"", "rsa", "rsa:1024", "rsa:8192", "rsa:2049", "rsa:2048 ", "ec:p224", "RSA:2048"})
    EXPECT_FALSE(key_spec_from_text(text).has_value()) << text;
}

TEST(PrivateKey, OfEachKindSignsWhatItsPublicHalfVerifies) {
  for (const char* text : {"rsa:2048", "ec:p256", "ec:p384", "ec:p521", "ed25519"}) {
    const KeySpec spec = *key_spec_from_text(text);
    const auto key = PrivateKey::generate(spec);
    ASSERT_TRUE(key.has_value()) << text;
    EXPECT_EQ(key->spec(), spec);
    const auto fresh = PublicKey::from_spki(key->public_key().spki());
    ASSERT_TRUE(fresh.has_value()) << text;
    EXPECT_EQ(*fresh, key->public_key());
    const SignatureAlgorithm algorithm = key->default_algorithm();
    auto signature = key->sign(algorithm, as_bytes("words"));
    ASSERT_TRUE(signature.has_value()) << text;
    EXPECT_TRUE(fresh->verify(algorithm, as_bytes("words"), *signature)) << text;
    EXPECT_FALSE(fresh->verify(algorithm, as_bytes("other words"), *signature)) << text;
    EXPECT_FALSE(fresh->verify(algorithm, as_bytes("words"), {})) << text;
    signature->back() ^= 1;
    EXPECT_FALSE(fresh->verify(algorithm, as_bytes("words"), *signature)) << text;
    const SignatureAlgorithm foreign{.family = spec.family == KeyFamily::rsa ? KeyFamily::ec : KeyFamily::rsa};
    EXPECT_FALSE(fresh->verify(foreign, as_bytes("words"), *signature)) << text;
  }
}

TEST(PrivateKey, SignsWithEveryDigest) {
  const PrivateKey key = test_key("rsa.key");
  for (const Digest digest : {Digest::md5, Digest::sha1, Digest::sha256, Digest::sha384, Digest::sha512}) {
    const SignatureAlgorithm algorithm{.family = KeyFamily::rsa, .digest = digest};
    const auto signature = key.sign(algorithm, as_bytes("words"));
    ASSERT_TRUE(signature.has_value());
    EXPECT_TRUE(key.public_key().verify(algorithm, as_bytes("words"), *signature)) << to_string(digest);
  }
}

TEST(PrivateKey, OfSmallSizeIsNotMade) {
  EXPECT_EQ(PrivateKey::generate({.family = KeyFamily::rsa, .bits = 1024}).error().text(),
            "RSA keys are made with 2048 to 4096 bits");
  EXPECT_EQ(PrivateKey::generate({.family = KeyFamily::ec, .bits = 224}).error().text(),
            "EC keys are made on P-256, P-384 and P-521");
}

TEST(PrivateKey, ComesBackFromItsFiles) {
  for (const char* text : {"rsa:2048", "ec:p384", "ed25519"}) {
    const auto key = PrivateKey::generate(*key_spec_from_text(text));
    const auto plain = key->to_plain_pem();
    ASSERT_TRUE(plain.has_value());
    EXPECT_EQ(PrivateKey::from_pem(as_text(plain->view()))->public_key(), key->public_key());
    const auto encrypted = key->to_encrypted_pem(as_bytes("correct horse"));
    ASSERT_TRUE(encrypted.has_value());
    EXPECT_TRUE(encrypted->starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    EXPECT_EQ(PrivateKey::from_pem(*encrypted, as_bytes("correct horse"))->public_key(), key->public_key());
  }
}

TEST(PrivateKey, OfTheOlderFormsIsRead) {
  EXPECT_EQ(PrivateKey::from_pem(as_text(read_vector("cms/key-old-form.pem")), as_bytes("correct horse"))->public_key(),
            test_key("rsa.key").public_key());
  EXPECT_EQ(test_key("key-ec-old-form.pem").public_key(), test_key("ec.key").public_key());
}

TEST(PrivateKey, ThatIsLockedIsRefused) {
  const std::string pem(as_text(read_vector("cms/key-old-form.pem")));
  const auto without = PrivateKey::from_pem(pem);
  EXPECT_EQ(without.error().code(), ErrorCode::refused);
  EXPECT_EQ(without.error().text(), "the private key is encrypted and needs a passphrase");
  const auto encrypted = test_key("ec.key").to_encrypted_pem(as_bytes("correct horse"));
  const auto wrong = PrivateKey::from_pem(*encrypted, as_bytes("battery staple"));
  EXPECT_EQ(wrong.error().code(), ErrorCode::refused);
  EXPECT_EQ(wrong.error().text(), "the passphrase does not open the private key");
  EXPECT_EQ(PrivateKey::from_pem("nothing").error().text(), "no private key that can be read");
  EXPECT_EQ(PrivateKey::from_der(Bytes{0x30, 0}).error().text(), "no private key that can be read");
  EXPECT_EQ(test_key("ec.key").to_encrypted_pem({}).error().text(), "an empty passphrase protects nothing");
}

// A SubjectPublicKeyInfo of any content.
Bytes spki_of(const Oid& algorithm, std::string_view parameters_hex, ByteView key) {
  der::Writer out;
  out.sequence([&] {
    out.sequence([&] {
      out.oid(algorithm);
      out.raw(*from_hex(parameters_hex));
    });
    out.bit_string(key);
  });
  return out.take();
}

Bytes rsa_spki(std::string_view modulus_hex, std::string_view exponent_hex) {
  der::Writer key;
  key.sequence([&] {
    key.primitive(der::tag::integer, *from_hex(modulus_hex));
    key.primitive(der::tag::integer, *from_hex(exponent_hex));
  });
  return spki_of(oids::rsa_encryption, "0500", key.view());
}

TEST(PublicKey, ThatBreaksARuleIsNotRead) {
  const std::string p256 = "06082a8648ce3d030107";
  const std::string modulus = "00c1" + std::string(126, '5');
  const PrivateKey ec_key = test_key("ec.key");
  Bytes trailing = to_bytes(ec_key.public_key().spki());
  trailing.push_back(0);
  const struct {
    const char* name;
    Bytes spki;
    const char* expect;
  } rows[] = {
      {"empty", {}, "public key: missing"},
      {"something after it", trailing, "unexpected data after public key"},
      {"unknown algorithm", spki_of(oids::rsassa_pss, "", Bytes(1)),
       "a public key algorithm that is not supported: 1.2.840.113549.1.1.10"},
      {"curve that is not ours", spki_of(oids::ec_public_key, "06082a8648ce3d030101", Bytes(1)),
       "an elliptic curve that is not supported: 1.2.840.10045.3.1.1"},
      {"curve by parameters", spki_of(oids::ec_public_key, "3000", Bytes(1)),
       "an elliptic curve that is not given by name"},
      {"point off the curve", spki_of(oids::ec_public_key, p256, Bytes(65, 4)), "EC: the public key is not valid"},
      {"no point", spki_of(oids::ec_public_key, p256, {}), "EC: the point is not in uncompressed form"},
      {"compressed point", spki_of(oids::ec_public_key, p256, Bytes(33, 2)),
       "EC: the point is not in uncompressed form"},
      {"Ed25519 with parameters", spki_of(oids::ed25519, "0500", Bytes(32)),
       "Ed25519: the key's algorithm has parameters"},
      {"RSA with odd parameters", spki_of(oids::rsa_encryption, "0403010203", {}),
       "RSA: the key's algorithm parameters are not NULL"},
      {"RSA without parameters", spki_of(oids::rsa_encryption, "", {}),
       "RSA: the key's algorithm parameters are not NULL"},
      {"Ed25519 too short", spki_of(oids::ed25519, "", Bytes(31)), "Ed25519: the public key is not valid"},
      {"RSA without numbers", spki_of(oids::rsa_encryption, "0500", {}), "RSA public key: missing"},
      {"negative modulus", rsa_spki("c1" + std::string(126, '5'), "03"), "RSA modulus: negative"},
      {"modulus zero", rsa_spki("00", "03"), "RSA modulus: zero"},
      {"modulus of 4 bits", rsa_spki("0f", "03"), "RSA modulus: 4 bits are fewer than 512"},
      {"modulus of 8200 bits", rsa_spki("7f" + std::string(2048, '5'), "03"), "RSA modulus: too large"},
      {"exponent zero", rsa_spki(modulus, "00"), "RSA public exponent: zero"},
      {"exponent of 72 bits", rsa_spki(modulus, "7f" + std::string(16, '5')), "RSA public exponent: too large"},
  };
  for (const auto& row : rows) {
    const auto key = PublicKey::from_spki(row.spki);
    ASSERT_FALSE(key.has_value()) << row.name;
    EXPECT_EQ(key.error().text(), row.expect) << row.name;
  }
  EXPECT_EQ(PublicKey::from_spki(rsa_spki(modulus, "03"))->spec().bits, 512);
}

TEST(PublicKey, TellsItsNumbersAndIdentifiers) {
  const PublicKey key = test_key("rsa.key").public_key();
  EXPECT_EQ(key.rsa_modulus().size(), 256U);
  EXPECT_EQ(to_hex(key.rsa_exponent()), "010001");
  EXPECT_EQ(key.key_identifier().size(), 20U);
  EXPECT_EQ(key.fingerprint(), hash(Digest::sha256, key.spki()));
  EXPECT_TRUE(key.can_encrypt());
  const PublicKey other = test_key("ec.key").public_key();
  EXPECT_TRUE(other.rsa_modulus().empty());
  EXPECT_FALSE(other.can_encrypt());
  EXPECT_FALSE(key == other);
  PublicKey copy = key;
  copy = other;
  EXPECT_EQ(copy, other);
}

TEST(RsaEncryption, IsTheSameForTheSameRandomness) {
  const PrivateKey key = test_key("rsa.key");
  FakeRandom first(7);
  FakeRandom second(7);
  const Bytes content(16, 3);
  const auto encrypted = key.public_key().encrypt_pkcs1(content, first);
  ASSERT_TRUE(encrypted.has_value());
  EXPECT_EQ(key.public_key().encrypt_pkcs1(content, second), *encrypted);
  EXPECT_EQ(to_bytes(key.decrypt_pkcs1_or_random(*encrypted, 16, first).view()), content);
}

TEST(RsaEncryption, YieldsRandomOctetsWhenItDoesNotOpen) {
  const PrivateKey key = test_key("rsa.key");
  const Bytes content(16, 3);
  FakeRandom random;
  const Bytes pkcs1 = *key.public_key().encrypt_pkcs1(content, random);
  const Bytes oaep = *key.public_key().encrypt_oaep(content, Digest::sha256);
  Bytes changed = pkcs1;
  changed[100] ^= 1;
  const struct {
    const char* name;
    Bytes encrypted;
    std::size_t expected_size;
  } rows[] = {
      {"changed", changed, 16},
      {"the other padding", oaep, 16},
      {"another size", pkcs1, 24},
      {"a smaller size", pkcs1, 8},
      {"too short", Bytes(255, 1), 16},
      {"too long", Bytes(257, 1), 16},
      {"empty", {}, 16},
      {"not below the modulus", Bytes(256, 0xff), 16},
      {"zero", Bytes(256), 16},
  };
  for (const auto& row : rows) {
    FakeRandom used(42);
    FakeRandom same(42);
    const SecretBytes result = key.decrypt_pkcs1_or_random(row.encrypted, row.expected_size, used);
    EXPECT_EQ(to_bytes(result.view()), same.bytes(row.expected_size)) << row.name;
  }
  FakeRandom used(42);
  FakeRandom same(42);
  EXPECT_EQ(to_bytes(key.decrypt_oaep_or_random(pkcs1, Digest::sha256, Digest::sha256, 16, used).view()),
            same.bytes(16));
  EXPECT_EQ(to_bytes(key.decrypt_oaep_or_random(oaep, Digest::sha1, Digest::sha1, 16, used).view()), same.bytes(16));
  EXPECT_EQ(to_bytes(key.decrypt_oaep_or_random(oaep, Digest::sha256, Digest::sha256, 300, used).view()),
            same.bytes(300));
  EXPECT_EQ(to_bytes(key.decrypt_oaep_or_random(oaep, Digest::sha256, Digest::sha256, 16, used).view()), content);
}

TEST(RsaEncryption, IsNotForOtherKeys) {
  FakeRandom random;
  const PrivateKey key = test_key("ec.key");
  EXPECT_EQ(key.public_key().encrypt_pkcs1(Bytes(16), random).error().text(), "only RSA keys encrypt");
  EXPECT_EQ(key.public_key().encrypt_oaep(Bytes(16), Digest::sha1).error().text(), "only RSA keys encrypt");
}

TEST(PrivateKey, ServesManyThreads) {
  const PrivateKey key = test_key("rsa.key");
  FakeRandom random;
  const Bytes content(16, 3);
  const Bytes encrypted = *key.public_key().encrypt_pkcs1(content, random);
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 32; ++i) {
      threads.emplace_back([&, i] {
        const std::string data = std::to_string(i);
        for (int round = 0; round < 3; ++round) {
          const auto signature = key.sign({}, as_bytes(data));
          const auto fresh = PublicKey::from_spki(key.public_key().spki());
          const SecretBytes back = key.decrypt_pkcs1_or_random(encrypted, 16, random);
          if (signature && fresh && fresh->verify({}, as_bytes(data), *signature) && equal(back.view(), content))
            ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 96);
}

}  // namespace
}  // namespace chancery::pki
