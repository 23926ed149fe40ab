#include "pki/algorithms.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace chancery::pki {
namespace {

constexpr Digest all_digests[] = {Digest::md5, Digest::sha1, Digest::sha256, Digest::sha384, Digest::sha512};
constexpr Cipher all_ciphers[] = {Cipher::des, Cipher::des3, Cipher::aes128, Cipher::aes192, Cipher::aes256};

TEST(Algorithms, DigestsOfTheEmptyStringAreTheKnownOnes) {
  EXPECT_EQ(to_hex(hash(Digest::md5, {})), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(to_hex(hash(Digest::sha1, {})), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(to_hex(hash(Digest::sha256, {})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(hash(Digest::sha384, {})).substr(0, 16), "38b060a751ac9638");
  EXPECT_EQ(to_hex(hash(Digest::sha512, {})).substr(0, 16), "cf83e1357eefb8bd");
}

TEST(Algorithms, IdentifiersLeadBackToTheValue) {
  for (const Digest digest : all_digests) {
    EXPECT_EQ(digest_of(oid_of(digest)), digest);
    EXPECT_EQ(hash(digest, {}).size(), size_of(digest));
  }
  for (const Cipher cipher : all_ciphers) EXPECT_EQ(cipher_of(oid_of(cipher)), cipher);
}

TEST(Algorithms, SignatureAlgorithmsAreWrittenWithTheParametersTheirRfcWants) {
  const struct {
    SignatureAlgorithm algorithm;
    const char* name;
    const char* der;
  } rows[] = {
      {{KeyFamily::rsa, Digest::sha256}, "sha256WithRSAEncryption", "300d06092a864886f70d01010b0500"},
      {{KeyFamily::ec, Digest::sha384}, "ecdsa-with-SHA384", "300a06082a8648ce3d040303"},
      {{KeyFamily::ed25519, Digest::sha256}, "Ed25519", "300506032b6570"},
  };
  for (const auto& row : rows) {
    der::Writer out;
    write_algorithm(out, row.algorithm);
    EXPECT_EQ(to_hex(out.view()), row.der);
    EXPECT_EQ(to_string(row.algorithm), row.name);
    der::Reader reader(out.view());
    EXPECT_EQ(signature_algorithm_of(reader.algorithm("it")->oid), row.algorithm);
  }
  EXPECT_FALSE(signature_algorithm_of(oids::rsassa_pss).has_value());
}

TEST(Ciphers, Aes128IsThatOfSp80038a) {
  const Bytes key = *from_hex("2b7e151628aed2a6abf7158809cf4f3c");
  const Bytes iv = *from_hex("000102030405060708090a0b0c0d0e0f");
  const Bytes plain = *from_hex("6bc1bee22e409f96e93d7e117393172a");
  EXPECT_EQ(to_hex(encrypt_cbc_raw(Cipher::aes128, key, iv, plain)->view()), "7649abac8119b246cee98e9b12e9197d");
}

TEST(Ciphers, EveryLengthComesBack) {
  testing::FakeRandom random;
  for (const Cipher cipher : all_ciphers) {
    const Bytes key = random.bytes(key_size_of(cipher));
    const Bytes iv = random.bytes(block_size_of(cipher));
    for (std::size_t size = 0; size <= 33; ++size) {
      const Bytes plain = random.bytes(size);
      const auto encrypted = encrypt_cbc(cipher, key, iv, plain);
      ASSERT_TRUE(encrypted.has_value()) << to_string(cipher) << ": " << encrypted.error().text();
      EXPECT_GT(encrypted->size(), size);
      const auto back = decrypt_cbc(cipher, key, iv, *encrypted);
      ASSERT_TRUE(back.has_value());
      EXPECT_EQ(to_bytes(back->view()), plain);
    }
  }
}

TEST(Ciphers, AWrongPaddingIsToldWhereverItIsWrong) {
  const Bytes key(16, 1);
  const Bytes iv(16, 2);
  const struct {
    const char* name;
    const char* last_block;
    bool good;
  } rows[] = {
      {"one octet", "61616161616161616161616161616101", true},
      {"a whole block", "10101010101010101010101010101010", true},
      {"zero", "61616161616161616161616161616100", false},
      {"longer than a block", "11111111111111111111111111111111", false},
      {"a very large one", "616161616161616161616161616161ff", false},
      {"the first padding octet differs", "61616161616161616161616104030404", false},
      {"the octet before the last differs", "61616161616161616161616161610302", false},
      {"the first of a whole block differs", "0f101010101010101010101010101010", false},
  };
  for (const auto& row : rows) {
    const auto encrypted = encrypt_cbc_raw(Cipher::aes128, key, iv, *from_hex(row.last_block));
    const auto plain = decrypt_cbc(Cipher::aes128, key, iv, encrypted->view());
    EXPECT_EQ(plain.has_value(), row.good) << row.name;
    if (!plain) {
      EXPECT_EQ(plain.error().text(), "the padding of the encrypted data is wrong") << row.name;
    }
  }
  EXPECT_EQ(decrypt_cbc(Cipher::aes128, key, iv, {}).error().text(), "the encrypted data is not in whole blocks");
  EXPECT_EQ(decrypt_cbc(Cipher::aes128, key, iv, Bytes(17)).error().text(),
            "the encrypted data is not in whole blocks");
}

}  // namespace
}  // namespace chancery::pki
