#include "pki/signed_data.h"

#include <gtest/gtest.h>
#include <openssl/cms.h>

#include "pki/openssl.h"
#include "testing/vectors.h"

namespace chancery::pki {
namespace {

using chancery::testing::read_vector;

Bytes vector(std::string_view name) { return read_vector(std::string("cms/").append(name)); }

Certificate test_certificate(std::string_view name) {
  return Certificate::from_pem_or_der(vector(std::string(name).append(".crt"))).value();
}

PrivateKey test_key(std::string_view name) {
  return PrivateKey::from_pem(as_text(vector(std::string(name).append(".key")))).value();
}

// Everything a receiver does: parse, find the signer, verify.
Status open_message(ByteView message) {
  TRY(const SignedData data, SignedData::parse(message));
  TRY(const Certificate signer, data.signer_certificate());
  TRY(const PublicKey key, signer.public_key());
  return data.verify(key);
}

SignedDataContent test_content(const Certificate& signer, ByteView content) {
  return {.content = content,
          .attributes = {{.type = Oid::of("2.16.840.1.113733.1.9.7"), .values = {*from_hex("130161")}},
                         {.type = Oid::of("2.16.840.1.113733.1.9.2"), .values = {*from_hex("13023139")}}},
          .signer = &signer,
          .certificates = {to_bytes(signer.der())}};
}

// What OpenSSL's own implementation says of a message.
bool openssl_verifies(ByteView message, const Certificate& signer, ByteView expected) {
  const openssl::BioPointer in = openssl::reading(message);
  const openssl::Owned<CMS_ContentInfo, CMS_ContentInfo_free> cms(d2i_CMS_bio(in.get(), nullptr));
  const openssl::BioPointer out(BIO_new(BIO_s_mem()));
  const std::uint8_t* position = signer.der().data();
  const openssl::X509Pointer native(d2i_X509(nullptr, &position, static_cast<long>(signer.der().size())));
  if (cms == nullptr || native == nullptr) return false;
  const bool verified =
      CMS_verify(cms.get(), nullptr, nullptr, nullptr, out.get(), CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
  openssl::forget_errors();
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return verified && std::string_view(data, static_cast<std::size_t>(size)) == as_text(expected);
}

TEST(SignedData, OfOtherSignersVerifies) {
  const Bytes content = vector("content.bin");
  for (const char* name :
       {"signed-rsa", "signed-ec", "signed-by-key-identifier", "signed-streamed", "signed-pkcs7", "signed-sha1",
        "signed-sha512", "signed-md5", "signed-with-more-certificates", "signed-as-enveloped"}) {
    const auto data = SignedData::parse(vector(std::string(name).append(".der")));
    ASSERT_TRUE(data.has_value()) << name << ": " << data.error().text();
    EXPECT_EQ(data->content(), content) << name;
    const auto signer = data->signer_certificate();
    ASSERT_TRUE(signer.has_value()) << name;
    EXPECT_EQ(to_hex(signer->serial().octets), std::string_view(name) == "signed-ec" ? "0e" : "00c0ffee01") << name;
    const Status status = data->verify(*signer->public_key());
    EXPECT_TRUE(status.has_value()) << name << ": " << status.error().text();
  }
}

TEST(SignedData, ThatIsNotOfThisKindIsRefused) {
  const struct {
    const char* name;
    const char* expect;
  } rows[] = {
      {"signed-without-attributes.der", "the signed attributes are missing"},
      {"signed-by-two.der", "more than one signer"},
      {"signed-other-type.der", "the signed content is not of type id-data"},
      {"enveloped-aes128.der", "SignedData: the message has the content type 1.2.840.113549.1.7.3"},
      {"content.bin", "SignedData: ContentInfo: expected tag 0x30, found 0x41"},
  };
  for (const auto& row : rows) {
    const Status status = open_message(vector(row.name));
    ASSERT_FALSE(status.has_value()) << row.name;
    EXPECT_EQ(status.error().text(), row.expect) << row.name;
  }
  EXPECT_EQ(open_message(Bytes((1 << 20) + 1)).error().text(), "SignedData: more than 1 MiB");
}

TEST(SignedData, OfOursIsVerifiedByUsAndByOpenssl) {
  const Bytes content = vector("content.bin");
  for (const char* name : {"rsa", "ec"}) {
    const Certificate signer = test_certificate(name);
    for (const Digest digest : {Digest::sha1, Digest::sha256, Digest::sha384, Digest::sha512}) {
      SignedDataContent parts = test_content(signer, content);
      parts.digest = digest;
      const auto message = sign_data(parts, test_key(name));
      ASSERT_TRUE(message.has_value());
      const Status status = open_message(*message);
      EXPECT_TRUE(status.has_value()) << status.error().text();
      EXPECT_TRUE(openssl_verifies(*message, signer, content)) << name << " " << to_string(digest);
    }
  }
}

TEST(SignedData, OfEd25519UsesSha512) {
  const PrivateKey key = PrivateKey::generate({.family = KeyFamily::ed25519, .bits = 256}).value();
  const Certificate signer = make_transport_certificate(key, Name::from_text("CN=ed").value(),
                                                        {.not_before = Timestamp(), .not_after = Timestamp(Seconds(9))},
                                                        Serial::from_hex("01").value())
                                 .value();
  const auto message = sign_data(test_content(signer, as_bytes("x")), key);
  ASSERT_TRUE(message.has_value());
  EXPECT_TRUE(open_message(*message).has_value());
  EXPECT_EQ(SignedData::parse(*message)->digest(), Digest::sha512);
}

TEST(SignedData, KeepsAbsentContentApartFromEmptyContent) {
  const Certificate signer = test_certificate("rsa");
  SignedDataContent parts = test_content(signer, {});
  const auto empty = SignedData::parse(*sign_data(parts, test_key("rsa")));
  parts.has_content = false;
  const auto absent = SignedData::parse(*sign_data(parts, test_key("rsa")));
  EXPECT_EQ(empty->content(), std::optional<Bytes>(Bytes()));
  EXPECT_EQ(absent->content(), std::nullopt);
  EXPECT_TRUE(empty->verify(*signer.public_key()).has_value());
  EXPECT_TRUE(absent->verify(*signer.public_key()).has_value());
}

TEST(SignedData, TellsItsAttributes) {
  const Certificate signer = test_certificate("rsa");
  const auto data = SignedData::parse(*sign_data(test_content(signer, as_bytes("x")), test_key("rsa")));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->attributes().size(), 4U);
  const CmsAttribute* attribute = data->attribute(Oid::of("2.16.840.1.113733.1.9.2"));
  ASSERT_NE(attribute, nullptr);
  EXPECT_EQ(attribute->values, std::vector<Bytes>{*from_hex("13023139")});
  EXPECT_EQ(data->attribute(oids::signing_time), nullptr);
  EXPECT_EQ(data->signature_oid(), oids::rsa_encryption);
  EXPECT_EQ(data->content_type(), oids::data);
  EXPECT_EQ(data->certificates(), std::vector<Bytes>{to_bytes(signer.der())});
}

TEST(SignedData, ByAnotherKeyDoesNotVerify) {
  const auto data = SignedData::parse(vector("signed-rsa.der"));
  EXPECT_EQ(data->verify(test_key("ec").public_key()).error().text(),
            "the signature algorithm 1.2.840.113549.1.1.1 is not supported");
  const PrivateKey other = PrivateKey::generate({}).value();
  EXPECT_EQ(data->verify(other.public_key()).error().text(), "the signature does not verify");
}

TEST(SignedData, WithAWrongOrMissingOrRepeatedAttributeIsRefused) {
  const Certificate signer = test_certificate("rsa");
  SignedDataContent parts = test_content(signer, as_bytes("x"));
  parts.attributes.push_back({.type = oids::content_type, .values = {*from_hex("0603550403")}});
  EXPECT_EQ(open_message(*sign_data(parts, test_key("rsa"))).error().text(),
            "the signed attribute 1.2.840.113549.1.9.3 occurs twice");

  // contentType and messageDigest are renamed in a message that is otherwise whole.
  const struct {
    const Oid& type;
    const char* expect;
  } rows[] = {{oids::content_type, "the signed attribute contentType is missing"},
              {oids::message_digest, "the signed attribute messageDigest is missing"}};
  for (const auto& row : rows) {
    Bytes message = vector("signed-rsa.der");
    const ByteView wanted = row.type.der_content();
    auto found = std::ranges::search(message, wanted);
    ASSERT_FALSE(found.empty());
    found.back() = 0x7f;
    EXPECT_EQ(open_message(message).error().text(), row.expect);
  }
}

TEST(SignedData, WithChangedContentTellsTheDigest) {
  Bytes message = vector("signed-rsa.der");
  auto found = std::ranges::search(message, as_bytes("sixteen"));
  ASSERT_FALSE(found.empty());
  found.front() = 'S';
  EXPECT_EQ(open_message(message).error().text(), "the messageDigest is not that of the content");
}

TEST(SignedData, WithoutItsSignersCertificateIsAnError) {
  const Certificate signer = test_certificate("rsa");
  const Certificate other = test_certificate("ec");
  SignedDataContent parts = test_content(signer, as_bytes("x"));
  parts.certificates = {};
  EXPECT_EQ(SignedData::parse(*sign_data(parts, test_key("rsa")))->signer_certificate().error().text(),
            "the signer's certificate is not in the message");
  // A single certificate is taken, whatever it is: some clients name another signer. The signature then decides.
  parts.certificates = {to_bytes(other.der())};
  EXPECT_TRUE(SignedData::parse(*sign_data(parts, test_key("rsa")))->signer_certificate().has_value());
  parts.certificates = {to_bytes(other.der()), to_bytes(other.der())};
  EXPECT_EQ(SignedData::parse(*sign_data(parts, test_key("rsa")))->signer_certificate().error().text(),
            "the signer's certificate is not in the message");
  parts.certificates.assign(17, to_bytes(signer.der()));
  EXPECT_EQ(SignedData::parse(*sign_data(parts, test_key("rsa"))).error().text(),
            "more than 16 certificates in one message");
}

TEST(SignedData, CutShortIsNeverRead) {
  for (const char* name : {"signed-rsa.der", "signed-streamed.der"}) {
    const Bytes message = vector(name);
    for (std::size_t size = 0; size < message.size(); ++size)
      ASSERT_FALSE(SignedData::parse(ByteView(message).first(size)).has_value()) << name << " " << size;
  }
}

// Where a message may change and still say the same: outside of what is signed, and outside of what finds the signer.
TEST(SignedData, WithAChangedOctetVerifiesOnlyWithTheSameMeaning) {
  for (const char* name : {"signed-ec.der", "signed-streamed.der"}) {
    const Bytes message = vector(name);
    const auto original = SignedData::parse(message);
    const PublicKey key = original->signer_certificate()->public_key().value();
    for (std::size_t i = 0; i < message.size(); ++i) {
      Bytes changed = message;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ (1U << (i % 8)));
      const auto data = SignedData::parse(changed);
      if (!data) continue;
      static_cast<void>(data->signer_certificate());
      if (!data->verify(key)) continue;
      EXPECT_EQ(data->content(), original->content()) << name << " " << i;
      ASSERT_EQ(data->attributes().size(), original->attributes().size()) << name << " " << i;
      for (std::size_t j = 0; j < data->attributes().size(); ++j)
        EXPECT_EQ(data->attributes()[j].values, original->attributes()[j].values) << name << " " << i;
    }
  }
}

TEST(IssuerAndSerial, ComesBackAsWritten) {
  const Certificate certificate = test_certificate("rsa");
  const IssuerAndSerial value{.issuer_der = to_bytes(certificate.issuer_der()), .serial = certificate.serial()};
  const Bytes der = write_issuer_and_serial(value);
  EXPECT_EQ(read_issuer_and_serial(der), value);
  Bytes longer = der;
  longer.push_back(0);
  EXPECT_EQ(read_issuer_and_serial(longer).error().text(), "unexpected data after the issuer and serial number");
  EXPECT_EQ(read_issuer_and_serial(Bytes{}).error().text(), "issuer and serial number: missing");
}

}  // namespace
}  // namespace chancery::pki
