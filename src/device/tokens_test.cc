#include "device/tokens.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "device/softhsm_testing.h"
#include "pki/key_elsewhere.h"

namespace chancery::device {
namespace {

using pki::Digest;
using pki::KeyFamily;

class TokensTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!SoftHsm::is_installed()) GTEST_SKIP() << "SoftHSM is not installed";
    place_ = hsm_.token("office");
    tokens_.emplace();
  }
  [[nodiscard]] TokenUri uri(std::uint8_t number = 1) const {
    return {.place = place_, .id = Bytes(16, number), .label = "chancery-agent web"};
  }
  template <class T>
  static std::string told(const Result<T>& result) {
    return result ? "done" : std::string(to_string(result.error().code())) + ": " + result.error().text();
  }

  SoftHsm hsm_;
  TokenPlace place_;
  std::optional<Tokens> tokens_;
};

TEST_F(TokensTest, MakesKeysThatSignLikeOthersAndDoNotLeave) {
  for (const char* const kind : {"rsa:2048", "ec:p256", "ec:p384", "ec:p521"}) {
    const pki::KeySpec spec = pki::key_spec_from_text(kind).value();
    static std::uint8_t number = 0;
    const auto key = tokens_->make(uri(++number), spec);
    ASSERT_TRUE(key) << kind << ": " << key.error().text();
    EXPECT_EQ(key->spec(), spec);
    for (const Digest digest : {Digest::sha256, Digest::sha512}) {
      const pki::SignatureAlgorithm algorithm{.family = spec.family, .digest = digest};
      const auto signature = key->sign(algorithm, as_bytes("a text"));
      ASSERT_TRUE(signature) << kind << ": " << signature.error().text();
      EXPECT_TRUE(key->public_key().verify(algorithm, as_bytes("a text"), *signature)) << kind;
    }
    EXPECT_EQ(told(key->to_plain_pem()),
              "refused: the private key is in the PKCS#11 token 'office' and does not leave it");
    EXPECT_EQ(told(key->to_encrypted_pem(as_bytes("secret"))),
              "refused: the private key is in the PKCS#11 token 'office' and does not leave it");
  }
  EXPECT_EQ(told(tokens_->make(uri(), {KeyFamily::ed25519, 256})),
            "invalid: PKCS#11 tokens make RSA keys, and EC keys on P-256, P-384 and P-521, not ed25519");
}

TEST_F(TokensTest, DecryptsWithAnRsaKey) {
  const auto key = tokens_->make(uri(), {KeyFamily::rsa, 2048}).value();
  testing::FakeRandom random;
  const Bytes content(16, 7);
  const Bytes encrypted = key.public_key().encrypt_pkcs1(content, random).value();
  EXPECT_TRUE(equal(key.decrypt_pkcs1_or_random(encrypted, content.size(), random).view(), content));
  EXPECT_FALSE(equal(key.decrypt_pkcs1_or_random(Bytes(256, 1), content.size(), random).view(), content));
  const Bytes oaep = key.public_key().encrypt_oaep(content, Digest::sha1).value();
  EXPECT_TRUE(
      equal(key.decrypt_oaep_or_random(oaep, Digest::sha1, Digest::sha1, content.size(), random).view(), content));
}

TEST_F(TokensTest, FindsAKeyAgainInAnotherProcessAndNotOnceItIsDestroyed) {
  const Bytes spki = to_bytes(tokens_->make(uri(), {KeyFamily::ec, 256})->public_key().spki());
  tokens_.emplace();
  const auto key = tokens_->find(uri());
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_TRUE(equal(key->public_key().spki(), spki));
  EXPECT_EQ(key->elsewhere()->reference(), to_text(uri()) + "\n");

  TokenUri of_another = uri();
  of_another.label = "somebody else's";
  EXPECT_EQ(told(tokens_->destroy(of_another)), "done");
  EXPECT_TRUE(key->sign(key->default_algorithm(), as_bytes("x"))) << "a key with another label is left alone";

  EXPECT_EQ(told(tokens_->destroy(uri())), "done");
  EXPECT_EQ(told(tokens_->destroy(uri())), "done") << "it need not be there";
  const std::string gone =
      "unavailable: the PKCS#11 token 'office' does not have the key " + to_hex(uri().id) + " any more";
  EXPECT_EQ(told(key->sign(key->default_algorithm(), as_bytes("x"))), gone);
  EXPECT_EQ(told(tokens_->find(uri())), gone);
}

TEST_F(TokensTest, SharesOneKeyAmongItsHandles) {
  std::optional<pki::PrivateKey> key = tokens_->make(uri(), {KeyFamily::ec, 256}).value();
  const pki::PrivateKey other = key->share();
  key.reset();
  EXPECT_TRUE(other.sign(other.default_algorithm(), as_bytes("x")));
  EXPECT_EQ(other.elsewhere()->place(), "the PKCS#11 token 'office'");
}

TEST_F(TokensTest, SayWhatToDoWhenATokenCannotBeUsed) {
  const std::string pin = place_.pin_file;
  ASSERT_EQ(::chmod(hsm_.write_pin("open", "246813").c_str(), 0644), 0);
  const std::string open_pin = pin.substr(0, pin.rfind('/')) + "/open.pin";
  const struct {
    const char* name;
    TokenPlace place;
    std::string expect;
  } rows[] = {
      {"no module",
       {"/nowhere/p11.so", "office", pin},
       "the PKCS#11 module /nowhere/p11.so cannot be used: /nowhere/p11.so: cannot open shared object file: No such "
       "file or directory. pkcs11_module has to name the token's shared library"},
      {"no PKCS#11",
       {"libc.so.6", "office", pin},
       "the PKCS#11 module libc.so.6 cannot be used: it has no C_GetFunctionList. pkcs11_module has to name the "
       "token's shared library"},
      {"another token",
       {SoftHsm::module, "home", pin},
       "there is no token 'home' behind /usr/lib/softhsm/libsofthsm2.so: it has 'office'. Plug it in, or correct "
       "'token'"},
      {"no PIN",
       {SoftHsm::module, "office", ""},
       "the PKCS#11 token 'office' wants a PIN: name a file with it as pin_file"},
      {"a PIN for all to read",
       {SoftHsm::module, "office", open_pin},
       "the PIN of the PKCS#11 token 'office': " + open_pin + " may be read by others: chmod 600 it"},
  };
  for (const auto& row : rows) {
    TokenUri uri = this->uri();
    uri.place = row.place;
    EXPECT_EQ(told(Tokens().find(uri)), "unavailable: " + row.expect) << row.name;
  }
}

TEST_F(TokensTest, DoNotSendAWrongPinTwiceAndGoOnWithTheRightOne) {
  ASSERT_TRUE(tokens_->make(uri(), {KeyFamily::ec, 256}));
  tokens_.emplace();
  hsm_.write_pin("office", "111111");
  const std::string refused = "unavailable: the PKCS#11 token 'office' refuses the PIN in " + place_.pin_file +
                              ", which is not tried again, lest the token lock: put the right one there";
  EXPECT_EQ(told(tokens_->find(uri())), refused);
  EXPECT_EQ(told(tokens_->find(uri())), refused);
  hsm_.write_pin("office", "246813");
  EXPECT_EQ(told(tokens_->find(uri())), "done");
}

TEST_F(TokensTest, DoNotSendAWrongPinOnceMoreAfterARestart) {
  ASSERT_TRUE(tokens_->make(uri(), {KeyFamily::ec, 256}));
  const testing::TemporaryDirectory state;
  testing::FakeRandom random(1);
  const auto restart = [&] { tokens_.emplace(RefusedPins(state.file("refused-pins"), random)); };
  // While the token has another one.
  restart();
  hsm_.write_pin("office", "111111");
  EXPECT_NE(told(tokens_->find(uri())), "done");
  RefusedPins kept(state.file("refused-pins"), random);
  EXPECT_TRUE(kept.contains("office", as_bytes("111111")));
  // Were it sent now, the token would take it: so it was not.
  hsm_.write_pin("office", "246813");
  kept.keep("office", as_bytes("246813"));
  restart();
  EXPECT_EQ(told(tokens_->find(uri())),
            "unavailable: the PKCS#11 token 'office' refuses the PIN in " + place_.pin_file +
                ", which is not tried again, lest the token lock: put the right one there, or remove " +
                kept.file_of("office") + " if the token has that one now");
  ASSERT_EQ(std::remove(kept.file_of("office").c_str()), 0);
  EXPECT_EQ(told(tokens_->find(uri())), "done");
}

TEST_F(TokensTest, AreReachedAsTheConfigurationSaysAndNotAsAnOlderFileDoes) {
  ASSERT_TRUE(tokens_->make(uri(), {KeyFamily::ec, 256}));
  tokens_.emplace();
  TokenUri old = uri();
  old.place.pin_file = "/nowhere/pin";
  EXPECT_NE(told(tokens_->find(old)), "done");
  tokens_.emplace();
  EXPECT_EQ(told(tokens_->know(place_)), "done");
  EXPECT_EQ(told(tokens_->know(place_)), "done");
  EXPECT_EQ(told(tokens_->find(old)), "done");
  EXPECT_EQ(told(tokens_->know(old.place)),
            "conflict: the slots' files reach the PKCS#11 token 'office' by different modules or PIN files: give them "
            "the same");
}

}  // namespace
}  // namespace chancery::device
