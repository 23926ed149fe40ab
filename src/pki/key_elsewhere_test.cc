#include "pki/key_elsewhere.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "pki/key.h"
#include "pki/openssl.h"
#include "pki/tpm_key.h"
#include "testing/fakes.h"

namespace chancery::pki {
namespace {

// A device that has a key in memory, and can be unplugged.
class FakeDevice final : public KeyElsewhere {
 public:
  FakeDevice(const PrivateKey& key, const bool& is_there, int* gone = nullptr)
      : key_(key), is_there_(is_there), gone_(gone) {}
  FakeDevice(const FakeDevice&) = delete;
  FakeDevice& operator=(const FakeDevice&) = delete;
  ~FakeDevice() override {
    if (gone_ != nullptr) ++*gone_;
  }

  std::string reference() const override { return "device:1"; }
  std::string place() const override { return "a device"; }
  Result<Bytes> sign(Digest algorithm, ByteView digest) override {
    if (!is_there_) return unavailable("it is unplugged");
    Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.native())));
    std::size_t size = signature.size();
    const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.native(), nullptr));
    if (EVP_PKEY_sign_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context.get(), openssl::native(algorithm)) != 1 ||
        EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) != 1)
      return openssl::failure("sign");
    signature.resize(size);
    return signature;
  }
  Result<SecretBytes> decrypt_pkcs1(ByteView encrypted) override { return decrypted(encrypted, RSA_PKCS1_PADDING); }
  Result<SecretBytes> decrypt_oaep(ByteView encrypted, Digest, Digest) override {
    return decrypted(encrypted, RSA_PKCS1_OAEP_PADDING);  // with SHA-1, as OpenSSL has it
  }
  Result<Bytes> exponentiate(ByteView block) override {
    TRY(const SecretBytes result, decrypted(block, RSA_NO_PADDING));
    return to_bytes(result.view());
  }

 private:
  Result<SecretBytes> decrypted(ByteView encrypted, int padding) {
    if (!is_there_) return unavailable("it is unplugged");
    SecretBytes content(512);
    std::size_t size = content.size();
    const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.native(), nullptr));
    if (EVP_PKEY_decrypt_init(context.get()) != 1 || EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) != 1 ||
        EVP_PKEY_decrypt(context.get(), content.mutable_view().data(), &size, encrypted.data(), encrypted.size()) != 1)
      return openssl::failure("decrypt");
    content.shrink(size);
    return content;
  }

  const PrivateKey& key_;
  const bool& is_there_;
  int* gone_;
};

class KeyElsewhereTest : public ::testing::Test {
 protected:
  PrivateKey elsewhere(const PrivateKey& key, int* gone = nullptr) {
    return PrivateKey::from_elsewhere(key.public_key().spki(), std::make_unique<FakeDevice>(key, is_there_, gone))
        .value();
  }

  const PrivateKey rsa_ = PrivateKey::generate({KeyFamily::rsa, 2048}).value();
  const PrivateKey curve_ = PrivateKey::generate({KeyFamily::ec, 384}).value();
  bool is_there_ = true;
};

TEST_F(KeyElsewhereTest, SignsLikeAKeyInMemory) {
  for (const PrivateKey* const inside : {&rsa_, &curve_}) {
    const PrivateKey key = elsewhere(*inside);
    EXPECT_EQ(key.spec(), inside->spec());
    const auto signature = key.sign(key.default_algorithm(), as_bytes("a text"));
    ASSERT_TRUE(signature) << signature.error().text();
    EXPECT_TRUE(inside->public_key().verify(key.default_algorithm(), as_bytes("a text"), *signature));
  }
}

TEST_F(KeyElsewhereTest, DecryptsAndTellsNobodyWhenItCannot) {
  const PrivateKey key = elsewhere(rsa_);
  testing::FakeRandom random;
  const Bytes content(16, 7);
  const Bytes pkcs1 = rsa_.public_key().encrypt_pkcs1(content, random).value();
  const Bytes oaep = rsa_.public_key().encrypt_oaep(content, Digest::sha1).value();
  const auto by_pkcs1 = [&](std::size_t size) {
    return to_bytes(key.decrypt_pkcs1_or_random(pkcs1, size, random).view());
  };
  const auto by_oaep = [&] {
    return to_bytes(key.decrypt_oaep_or_random(oaep, Digest::sha1, Digest::sha1, content.size(), random).view());
  };
  EXPECT_EQ(by_pkcs1(16), content);
  EXPECT_EQ(by_oaep(), content);
  EXPECT_EQ(by_pkcs1(24).size(), 24U) << "a content of another size is none";
  is_there_ = false;
  EXPECT_NE(by_pkcs1(16), content);
  EXPECT_NE(by_oaep(), content);
}

// As TLS does it: OpenSSL pads (PSS in TLS 1.3), the device exponentiates.
TEST_F(KeyElsewhereTest, SignsForTlsThroughOpenSslsHandle) {
  for (const PrivateKey* const inside : {&rsa_, &curve_}) {
    const PrivateKey key = elsewhere(*inside);
    const bool is_rsa = key.spec().family == KeyFamily::rsa;
    const auto set_up = [&](EVP_PKEY_CTX* context) {
      return !is_rsa || (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
                         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
    };
    const auto sign = [&](Bytes& signature) {
      const openssl::DigestContext context(EVP_MD_CTX_new());
      EVP_PKEY_CTX* inner = nullptr;
      std::size_t size = signature.size();
      const bool done =
          EVP_DigestSignInit_ex(context.get(), &inner, "SHA256", nullptr, nullptr, key.native(), nullptr) == 1 &&
          set_up(inner) && EVP_DigestSign(context.get(), signature.data(), &size, as_bytes("hello").data(), 5) == 1;
      openssl::forget_errors();
      signature.resize(size);
      return done;
    };
    Bytes signature(512);
    ASSERT_TRUE(sign(signature));
    const openssl::DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* inner = nullptr;
    EXPECT_EQ(EVP_DigestVerifyInit_ex(context.get(), &inner, "SHA256", nullptr, nullptr, inside->native(), nullptr), 1);
    EXPECT_TRUE(set_up(inner));
    EXPECT_EQ(EVP_DigestVerify(context.get(), signature.data(), signature.size(), as_bytes("hello").data(), 5), 1);
    is_there_ = false;
    Bytes other(512);
    EXPECT_FALSE(sign(other));
    is_there_ = true;
  }
}

TEST_F(KeyElsewhereTest, SaysWhyItDoesNotSignAndDoesNotLeave) {
  const PrivateKey key = elsewhere(curve_);
  is_there_ = false;
  EXPECT_EQ(key.sign(key.default_algorithm(), as_bytes("x")).error().text(), "it is unplugged");
  EXPECT_EQ(key.to_plain_pem().error().text(), "the private key is in a device and does not leave it");
  EXPECT_EQ(key.to_encrypted_pem(as_bytes("secret")).error().text(),
            "the private key is in a device and does not leave it");
  EXPECT_EQ(curve_.elsewhere(), nullptr);
}

TEST_F(KeyElsewhereTest, IsLetGoWithItsLastHandle) {
  int gone = 0;
  {
    std::optional<PrivateKey> first = elsewhere(curve_, &gone);
    const PrivateKey second = first->share();
    EXPECT_EQ(second.elsewhere(), first->elsewhere());
    const PrivateKey moved = *std::move(first);
    first.reset();
    EXPECT_TRUE(second.sign(second.default_algorithm(), as_bytes("x")));
    EXPECT_EQ(gone, 0);
  }
  EXPECT_EQ(gone, 1);
  const PrivateKey edwards = PrivateKey::generate({KeyFamily::ed25519, 256}).value();
  const auto refused =
      PrivateKey::from_elsewhere(edwards.public_key().spki(), std::make_unique<FakeDevice>(edwards, is_there_, &gone));
  EXPECT_EQ(refused ? "" : refused.error().text(), "Ed25519 keys are made in memory only");
  EXPECT_EQ(gone, 2);
}

TEST(TpmKey, IsOfFewKindsAndKnownByItsFirstLine) {
  for (const char* const kind : {"rsa:2048", "ec:p256", "ec:p384"})
    EXPECT_TRUE(tpm_can_make(key_spec_from_text(kind).value())) << kind;
  for (const char* const kind : {"rsa:3072", "ec:p521", "ed25519"})
    EXPECT_EQ(tpm_can_make(key_spec_from_text(kind).value()).error().text(),
              std::string("a TPM makes rsa:2048, ec:p256 and ec:p384, not ") + kind);
  EXPECT_TRUE(is_tpm_pem("-----BEGIN TSS2 PRIVATE KEY-----\nMII"));
  EXPECT_FALSE(is_tpm_pem("-----BEGIN PRIVATE KEY-----\nMII"));
}

}  // namespace
}  // namespace chancery::pki
