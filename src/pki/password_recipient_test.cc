#include "pki/password_recipient.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace chancery::pki {
namespace {

using chancery::testing::FakeRandom;

TEST(PasswordRecipient, UnwrapsKeysOfEverySize) {
  FakeRandom random;
  for (const Cipher cipher : {Cipher::des3, Cipher::aes128, Cipher::aes256}) {
    for (const std::size_t size : {8U, 16U, 24U, 32U, 64U}) {
      const Bytes key = random.bytes(size);
      const auto wrapped = wrap_key(key, as_bytes("correct horse"), cipher, random);
      ASSERT_TRUE(wrapped.has_value());
      EXPECT_GE(wrapped->encrypted_key.size(), 2 * block_size_of(cipher));
      EXPECT_EQ(wrapped->encrypted_key.size() % block_size_of(cipher), 0U);
      const auto back = unwrap_key(*wrapped, as_bytes("correct horse"), size);
      ASSERT_TRUE(back.has_value()) << size;
      EXPECT_EQ(to_bytes(back->view()), key);
    }
  }
}

TEST(PasswordRecipient, FailsWithOneTextWhateverIsWrong) {
  FakeRandom random;
  const PasswordRecipient good = *wrap_key(Bytes(16, 3), as_bytes("correct horse"), Cipher::aes128, random);
  auto changed = [&](auto change) {
    PasswordRecipient recipient = good;
    change(recipient);
    return recipient;
  };
  const struct {
    const char* name;
    PasswordRecipient recipient;
    const char* password;
    std::size_t key_size;
    const char* expect;
  } rows[] = {
      {"the password", good, "correct horsf", 16, "the message could not be decrypted"},
      {"no password", good, "", 16, "the message could not be decrypted"},
      {"another key size", good, "correct horse", 24, "the message could not be decrypted"},
      {"too little wrapped", changed([](auto& r) { r.encrypted_key.resize(16); }), "correct horse", 12,
       "the message could not be decrypted"},
      {"wrapped in broken blocks", changed([](auto& r) { r.encrypted_key.push_back(0); }), "correct horse", 16,
       "the message could not be decrypted"},
      {"a changed octet", changed([](auto& r) { r.encrypted_key[3] ^= 1; }), "correct horse", 16,
       "the message could not be decrypted"},
      {"another salt", changed([](auto& r) { r.salt[0] ^= 1; }), "correct horse", 16,
       "the message could not be decrypted"},
      {"a key length of another cipher", changed([](auto& r) { r.key_length = 32; }), "correct horse", 16,
       "the message could not be decrypted"},
      {"no iterations", changed([](auto& r) { r.iterations = 0; }), "correct horse", 16,
       "the number of PBKDF2 iterations is not between 1 and 1000000"},
      {"too many iterations", changed([](auto& r) { r.iterations = 1'000'001; }), "correct horse", 16,
       "the number of PBKDF2 iterations is not between 1 and 1000000"},
  };
  for (const auto& row : rows) {
    const auto key = unwrap_key(row.recipient, as_bytes(row.password), row.key_size);
    ASSERT_FALSE(key.has_value()) << row.name;
    EXPECT_EQ(key.error().text(), row.expect) << row.name;
  }
}

Result<Recipient> read_back(ByteView encoded) {
  der::Reader outside(encoded, der::Rules::ber);
  TRY(der::Reader reader, outside.enter(der::tag::context_constructed(3), "recipient"));
  return read_password_recipient(reader);
}

TEST(PasswordRecipient, ComesBackAsWritten) {
  FakeRandom random;
  PasswordRecipient recipient = *wrap_key(Bytes(16, 3), as_bytes("correct horse"), Cipher::aes128, random);
  for (const Digest prf : {Digest::sha1, Digest::sha256, Digest::sha384, Digest::sha512}) {
    recipient.prf = prf;
    recipient.key_length = prf == Digest::sha384 ? std::optional(16) : std::nullopt;
    der::Writer out;
    write_password_recipient(out, recipient);
    const auto back = read_back(out.view());
    ASSERT_TRUE(back.has_value()) << back.error().text();
    const auto* same = std::get_if<PasswordRecipient>(&*back);
    ASSERT_NE(same, nullptr);
    EXPECT_EQ(same->prf, prf);
    EXPECT_EQ(same->key_length, recipient.key_length);
    EXPECT_EQ(same->iterations, password_iterations);
    EXPECT_EQ(same->salt, recipient.salt);
    EXPECT_EQ(same->key_encryption_iv, recipient.key_encryption_iv);
    EXPECT_EQ(same->encrypted_key, recipient.encrypted_key);
  }
}

TEST(PasswordRecipient, WithUnknownAlgorithmsIsSkipped) {
  FakeRandom random;
  const PasswordRecipient recipient = *wrap_key(Bytes(16, 3), as_bytes("x"), Cipher::aes128, random);
  der::Writer out;
  write_password_recipient(out, recipient);
  for (const Oid& oid : {oids::pbkdf2, oids::pwri_kek, oids::aes128_cbc, oids::hmac_with_sha256}) {
    Bytes changed = to_bytes(out.view());
    const ByteView wanted = oid.der_content();
    auto found = std::ranges::search(changed, wanted);
    ASSERT_FALSE(found.empty());
    found.back() = 0x7f;
    const auto back = read_back(changed);
    ASSERT_TRUE(back.has_value()) << oid.dotted();
    EXPECT_TRUE(std::holds_alternative<OtherRecipient>(*back)) << oid.dotted();
  }
}

}  // namespace
}  // namespace chancery::pki
