#include "pki/pkcs12.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>

#include "testing/vectors.h"

namespace chancery::pki {
namespace {

using chancery::testing::read_vector;

Bytes vector(std::string_view name) { return read_vector(std::string("cms/").append(name)); }
Certificate test_certificate(std::string_view name) { return Certificate::from_pem_or_der(vector(name)).value(); }
PrivateKey test_key() { return PrivateKey::from_pem(as_text(vector("rsa.key"))).value(); }

TEST(Pkcs12, OfOthersIsRead) {
  for (const char* name : {"pkcs12-modern.p12", "pkcs12-legacy.p12"}) {
    const auto content = read_pkcs12(vector(name), as_bytes("correct horse"));
    ASSERT_TRUE(content.has_value()) << name << ": " << content.error().text();
    ASSERT_TRUE(content->key && content->certificate) << name;
    EXPECT_EQ(content->key->public_key(), test_key().public_key()) << name;
    EXPECT_TRUE(equal(content->certificate->der(), test_certificate("rsa.crt").der())) << name;
  }
}

TEST(Pkcs12, OfOursComesBack) {
  const Certificate certificate = test_certificate("rsa.crt");
  std::vector<Certificate> chain;
  chain.push_back(test_certificate("ec.crt"));
  const auto file = write_pkcs12(test_key(), certificate, chain, "printer 7", as_bytes("correct horse"));
  ASSERT_TRUE(file.has_value()) << file.error().text();
  const auto content = read_pkcs12(*file, as_bytes("correct horse"));
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(content->key->public_key(), test_key().public_key());
  EXPECT_TRUE(equal(content->certificate->der(), certificate.der()));
  ASSERT_EQ(content->chain.size(), 1U);
  EXPECT_TRUE(equal(content->chain[0].der(), chain[0].der()));
}

// Written with OpenSSL's own functions, since its command puts no more than one key into a file.
Bytes with_keys(int count) {
  STACK_OF(PKCS12_SAFEBAG)* bags = nullptr;
  STACK_OF(PKCS7)* frames = nullptr;
  const PrivateKey key = test_key();
  for (int i = 0; i < count; ++i)
    EXPECT_NE(PKCS12_add_key(&bags, key.native(), 0, 2048, NID_aes_256_cbc, "correct horse"), nullptr);
  EXPECT_EQ(PKCS12_add_safe(&frames, bags, -1, 0, nullptr), 1);
  PKCS12* file = PKCS12_add_safes(frames, 0);
  EXPECT_EQ(PKCS12_set_mac(file, "correct horse", -1, nullptr, 0, 2048, EVP_sha256()), 1);
  std::uint8_t* encoded = nullptr;
  const int size = i2d_PKCS12(file, &encoded);
  Bytes der(encoded, encoded + size);
  OPENSSL_free(encoded);
  PKCS12_free(file);
  sk_PKCS7_pop_free(frames, PKCS7_free);
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
  return der;
}

TEST(Pkcs12, WithoutACertificateHasAKeyAllTheSame) {
  const auto content = read_pkcs12(with_keys(1), as_bytes("correct horse"));
  ASSERT_TRUE(content.has_value()) << content.error().text();
  EXPECT_EQ(content->key->public_key(), test_key().public_key());
  EXPECT_FALSE(content->certificate);
}

TEST(Pkcs12, ThatDoesNotOpenTellsWhy) {
  Bytes changed = vector("pkcs12-modern.p12");
  changed[200] ^= 1;
  const struct {
    const char* name;
    Bytes file;
    const char* passphrase;
    ErrorCode code;
    const char* expect;
  } rows[] = {
      {"wrong passphrase", vector("pkcs12-modern.p12"), "x", ErrorCode::refused,
       "PKCS#12: the passphrase does not open the file"},
      {"no passphrase", vector("pkcs12-modern.p12"), "", ErrorCode::refused,
       "PKCS#12: the passphrase does not open the file"},
      {"a changed octet", changed, "correct horse", ErrorCode::refused,
       "PKCS#12: the passphrase does not open the file"},
      {"two keys", with_keys(2), "correct horse", ErrorCode::invalid, "PKCS#12: more than one private key"},
      {"something else", vector("rsa.crt"), "correct horse", ErrorCode::invalid, "PKCS#12: malformed"},
      {"nothing", {}, "correct horse", ErrorCode::invalid, "PKCS#12: malformed"},
      {"too long", Bytes((1 << 20) + 1), "", ErrorCode::invalid, "PKCS#12: more than 1 MiB"},
  };
  for (const auto& row : rows) {
    const auto content = read_pkcs12(row.file, as_bytes(row.passphrase));
    ASSERT_FALSE(content.has_value()) << row.name;
    EXPECT_EQ(content.error().text(), row.expect) << row.name;
    EXPECT_EQ(content.error().code(), row.code) << row.name;
  }
  EXPECT_EQ(write_pkcs12(test_key(), test_certificate("rsa.crt"), {}, "", {}).error().text(),
            "an empty passphrase protects nothing");
}

}  // namespace
}  // namespace chancery::pki
