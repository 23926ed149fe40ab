#include "pki/enveloped_data.h"

#include <gtest/gtest.h>
#include <openssl/cms.h>

#include <set>

#include "pki/content_info.h"
#include "pki/openssl.h"
#include "testing/fakes.h"
#include "testing/vectors.h"

namespace chancery::pki {
namespace {

using chancery::testing::FakeRandom;
using chancery::testing::read_vector;

constexpr std::string_view not_decrypted = "the message could not be decrypted";

Bytes vector(std::string_view name) { return read_vector(std::string("cms/").append(name)); }

// The recipient of all vectors. Made once: reading a key is slower than decrypting with it.
struct TestRecipient {
  Certificate certificate = Certificate::from_pem_or_der(vector("rsa.crt")).value();
  PrivateKey key = PrivateKey::from_pem(as_text(vector("rsa.key"))).value();
};
const TestRecipient& recipient() {
  static const TestRecipient it;
  return it;
}

Result<Bytes> open_message(ByteView message, std::uint64_t seed = 1) {
  TRY(const EnvelopedData data, EnvelopedData::parse(message));
  if (!data.cipher) return invalid("unknown cipher");
  FakeRandom random(seed);
  TRY(const SecretBytes plain, decrypt(data, recipient().certificate, recipient().key, random));
  return to_bytes(plain.view());
}

Result<Bytes> open_with(ByteView message, std::string_view password) {
  TRY(const EnvelopedData data, EnvelopedData::parse(message));
  if (!data.cipher) return invalid("unknown cipher");
  TRY(const SecretBytes plain, decrypt(data, as_bytes(password)));
  return to_bytes(plain.view());
}

// What OpenSSL's own implementation makes of a message.
Result<Bytes> openssl_opens(ByteView message, std::optional<std::string> password) {
  const openssl::BioPointer in = openssl::reading(message);
  const openssl::Owned<CMS_ContentInfo, CMS_ContentInfo_free> cms(d2i_CMS_bio(in.get(), nullptr));
  if (cms == nullptr) return openssl::failure("read the message");
  const ByteView der = recipient().certificate.der();
  const std::uint8_t* position = der.data();
  const openssl::X509Pointer certificate(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
  if (password) {
    if (CMS_decrypt_set1_password(cms.get(), reinterpret_cast<std::uint8_t*>(password->data()),
                                  static_cast<ossl_ssize_t>(password->size())) != 1)
      return openssl::failure("open with the password");
  } else if (CMS_decrypt_set1_pkey(cms.get(), recipient().key.native(), certificate.get()) != 1) {
    return openssl::failure("open with the key");
  }
  const openssl::BioPointer out(BIO_new(BIO_s_mem()));
  if (CMS_decrypt(cms.get(), nullptr, nullptr, nullptr, out.get(), CMS_BINARY) != 1) return openssl::failure("decrypt");
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return to_bytes(as_bytes({data, static_cast<std::size_t>(size)}));
}

TEST(EnvelopedData, OfOtherSendersIsDecrypted) {
  const Bytes content = vector("content.bin");
  for (const char* name : {"enveloped-aes128", "enveloped-aes192", "enveloped-aes256", "enveloped-des3",
                           "enveloped-des", "enveloped-streamed", "enveloped-by-key-identifier", "enveloped-oaep-sha1",
                           "enveloped-oaep-sha256", "enveloped-oaep-mixed", "enveloped-to-two"}) {
    const auto plain = open_message(vector(std::string(name).append(".der")));
    ASSERT_TRUE(plain.has_value()) << name << ": " << plain.error().text();
    EXPECT_EQ(*plain, content) << name;
  }
  for (const char* name : {"enveloped-password", "enveloped-password-aes256"}) {
    const auto plain = open_with(vector(std::string(name).append(".der")), "correct horse");
    ASSERT_TRUE(plain.has_value()) << name << ": " << plain.error().text();
    EXPECT_EQ(*plain, content) << name;
    EXPECT_EQ(open_with(vector(std::string(name).append(".der")), "correct horsf").error().text(), not_decrypted);
  }
}

TEST(EnvelopedData, OfOursIsDecryptedByUsAndByOpenssl) {
  FakeRandom random;
  for (const std::size_t size : {0U, 1U, 15U, 16U, 300U}) {
    const Bytes content = random.bytes(size);
    for (const Cipher cipher : {Cipher::des3, Cipher::aes128, Cipher::aes192, Cipher::aes256}) {
      for (const EnvelopeOptions& options :
           {EnvelopeOptions{.cipher = cipher}, EnvelopeOptions{.cipher = cipher, .oaep = true},
            EnvelopeOptions{.cipher = cipher, .oaep = true, .oaep_digest = Digest::sha1}}) {
        const auto message =
            encrypt_to(recipient().certificate, recipient().key.public_key(), content, options, random);
        ASSERT_TRUE(message.has_value());
        EXPECT_EQ(open_message(*message), content);
        // OpenSSL does not write out nothing at all.
        if (size > 0) {
          EXPECT_EQ(openssl_opens(*message, std::nullopt), content) << to_string(cipher) << options.oaep;
        }
      }
      const auto message = encrypt_to_password(as_bytes("correct horse"), content, cipher, random);
      ASSERT_TRUE(message.has_value());
      EXPECT_EQ(open_with(*message, "correct horse"), content);
      if (size > 0) {
        EXPECT_EQ(openssl_opens(*message, "correct horse"), content) << to_string(cipher);
      }
    }
  }
}

TEST(EnvelopedData, IsTheSameForTheSameRandomness) {
  FakeRandom first(3);
  FakeRandom second(3);
  const PublicKey& key = recipient().key.public_key();
  EXPECT_EQ(encrypt_to(recipient().certificate, key, as_bytes("x"), {}, first).value(),
            encrypt_to(recipient().certificate, key, as_bytes("x"), {}, second).value());
  EXPECT_EQ(encrypt_to_password(as_bytes("p"), as_bytes("x"), Cipher::aes128, first).value(),
            encrypt_to_password(as_bytes("p"), as_bytes("x"), Cipher::aes128, second).value());
}

TEST(EnvelopedData, ForSomebodyElseIsNotFound) {
  const auto data = EnvelopedData::parse(vector("enveloped-kek.der"));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->recipients.size(), 1U);
  EXPECT_EQ(data->password_recipient(), nullptr);
  FakeRandom random;
  EXPECT_EQ(decrypt(*data, recipient().certificate, recipient().key, random).error().text(),
            "the message is not encrypted to this certificate");
  EXPECT_EQ(decrypt(*data, as_bytes("x")).error().text(), "the message is not encrypted to a password");

  const Certificate other = Certificate::from_pem_or_der(vector("ec.crt")).value();
  const auto to_rsa = EnvelopedData::parse(vector("enveloped-aes128.der"));
  EXPECT_EQ(to_rsa->recipient_for(other), nullptr);
  EXPECT_NE(to_rsa->recipient_for(recipient().certificate), nullptr);
}

TEST(EnvelopedData, CannotBeMadeForAKeyThatDoesNotEncrypt) {
  FakeRandom random;
  const Certificate other = Certificate::from_pem_or_der(vector("ec.crt")).value();
  EXPECT_EQ(encrypt_to(other, other.public_key().value(), as_bytes("x"), {}, random).error().text(),
            "the recipient's key cannot encrypt: it is not an RSA key");
  EXPECT_EQ(encrypt_to_password({}, as_bytes("x"), Cipher::aes128, random).error().text(),
            "an empty password protects nothing");
}

// A message to `recipient()` whose encrypted key holds any content key, also one of a wrong size, or garbage.
EnvelopedData message_with(Bytes encrypted_key, Bytes encrypted_content) {
  return {.recipients = {KeyTransportRecipient{
              .issuer_and_serial = IssuerAndSerial{.issuer_der = to_bytes(recipient().certificate.issuer_der()),
                                                   .serial = recipient().certificate.serial()},
              .encrypted_key = std::move(encrypted_key)}},
          .content_type = oids::data,
          .cipher_oid = oids::aes128_cbc,
          .cipher = Cipher::aes128,
          .iv = Bytes(16, 9),
          .encrypted_content = std::move(encrypted_content)};
}

TEST(EnvelopedData, FailsWithOneTextWhateverIsWrong) {
  FakeRandom random;
  const Bytes key(16, 5);
  const Bytes iv(16, 9);
  const PublicKey& to = recipient().key.public_key();
  const Bytes right_key = *to.encrypt_pkcs1(key, random);
  const Bytes right_content = *encrypt_cbc(Cipher::aes128, key, iv, as_bytes("words"));
  const Bytes bad_padding = to_bytes(encrypt_cbc_raw(Cipher::aes128, key, iv, Bytes(16, 0x77))->view());
  ASSERT_TRUE(decrypt(message_with(right_key, right_content), recipient().certificate, recipient().key, random));
  const struct {
    const char* name;
    EnvelopedData message;
  } rows[] = {
      {"the CBC padding", message_with(right_key, bad_padding)},
      {"content not in whole blocks", message_with(right_key, Bytes(17))},
      {"no content", message_with(right_key, {})},
      {"the RSA padding", message_with(Bytes(256, 1), right_content)},
      {"a key of another size", message_with(*to.encrypt_pkcs1(Bytes(24, 5), random), right_content)},
      {"an encrypted key of another size", message_with(Bytes(255, 1), right_content)},
      {"no encrypted key", message_with({}, right_content)},
  };
  for (const auto& row : rows) {
    const auto plain = decrypt(row.message, recipient().certificate, recipient().key, random);
    ASSERT_FALSE(plain.has_value()) << row.name;
    EXPECT_EQ(plain.error().text(), not_decrypted) << row.name;
    EXPECT_EQ(plain.error().code(), ErrorCode::invalid) << row.name;
  }
}

// An EnvelopedData with `recipients` recipients of a kind that is skipped.
Bytes frame(int recipients, const Oid& cipher, std::size_t iv_size) {
  return write_content_info(oids::enveloped_data, [&](der::Writer& out) {
    out.small_integer(2);
    out.constructed(der::tag::set, [&] {
      for (int i = 0; i < recipients; ++i) out.constructed(der::tag::context_constructed(4), [] {});
    });
    out.sequence([&] {
      out.oid(oids::data);
      out.sequence([&] {
        out.oid(cipher);
        out.octet_string(Bytes(iv_size));
      });
      out.primitive(der::tag::context(0), Bytes(16));
    });
  });
}

TEST(EnvelopedData, ThatBreaksARuleIsNotRead) {
  EXPECT_TRUE(EnvelopedData::parse(frame(16, oids::aes128_cbc, 16)).has_value());
  EXPECT_FALSE(EnvelopedData::parse(frame(1, oids::mgf1, 5))->cipher.has_value());
  const struct {
    const char* name;
    Bytes message;
    const char* expect;
  } rows[] = {
      {"no recipients", frame(0, oids::aes128_cbc, 16), "no recipients"},
      {"too many recipients", frame(17, oids::aes128_cbc, 16), "more than 16 recipients"},
      {"an IV of another size", frame(1, oids::aes128_cbc, 8), "content encryption IV: not of the cipher's block size"},
      {"another kind of message", vector("signed-rsa.der"),
       "EnvelopedData: the message has the content type 1.2.840.113549.1.7.2"},
      {"too long", Bytes((1 << 20) + 1), "EnvelopedData: more than 1 MiB"},
  };
  for (const auto& row : rows) {
    const auto data = EnvelopedData::parse(row.message);
    ASSERT_FALSE(data.has_value()) << row.name;
    EXPECT_EQ(data.error().text(), row.expect) << row.name;
  }
}

TEST(EnvelopedData, CutShortIsNeverRead) {
  for (const char* name : {"enveloped-oaep-sha256.der", "enveloped-streamed.der", "enveloped-password.der"}) {
    const Bytes message = vector(name);
    for (std::size_t size = 0; size < message.size(); ++size)
      ASSERT_FALSE(EnvelopedData::parse(ByteView(message).first(size)).has_value()) << name << " " << size;
  }
}

// The envelope is not authenticated, so that a flip may go unnoticed here; it must do no harm, and no failure after the
// recipient was found may be told from another.
TEST(EnvelopedData, WithAChangedOctetDoesNoHarm) {
  const Bytes message = vector("enveloped-streamed.der");
  std::set<std::string> texts;
  for (std::size_t i = 0; i < message.size(); ++i) {
    Bytes changed = message;
    changed[i] = static_cast<std::uint8_t>(changed[i] ^ (1U << (i % 8)));
    const auto data = EnvelopedData::parse(changed);
    if (!data || !data->cipher || data->recipient_for(recipient().certificate) == nullptr) continue;
    const auto plain = open_message(changed, i);
    if (!plain) texts.insert(plain.error().text());
  }
  EXPECT_EQ(texts, std::set<std::string>{std::string(not_decrypted)});
}

}  // namespace
}  // namespace chancery::pki
