#include "pki/request.h"

#include <gtest/gtest.h>

#include "pki/certificate.h"
#include "pki/x509_testing.h"

namespace chancery::pki {
namespace {

using testing::error_of;
using testing::hex;
using testing::test_key;

// A signed request with these encoded attributes; without any field for them when `attributes` is nothing.
Bytes request_with(const std::optional<Bytes>& attributes, const char* version = "020100") {
  const PrivateKey key = test_key("ec");
  der::Writer info;
  info.sequence([&] {
    info.raw(hex(version)).raw(hex("300c310a300806035504030c0178")).raw(key.public_key().spki());
    if (attributes) info.constructed(der::tag::context_constructed(0), [&] { info.raw(*attributes); });
  });
  return *sign_tbs(info.view(), key.default_algorithm(), key);
}

Bytes attribute(const Oid& type, std::string_view values) {
  der::Writer out;
  out.sequence([&] { out.oid(type).constructed(der::tag::set, [&] { out.raw(hex(values)); }); });
  return out.take();
}

Bytes join(const Bytes& a, const Bytes& b) {
  Bytes both = a;
  append(both, b);
  return both;
}

TEST(RequestTest, WhatIsMadeReadsBack) {
  for (const char* name : {"ec", "rsa", "ed"}) {
    for (const std::string_view challenge : {"", "secret 7", "Schl\xc3\xbcssel_7"}) {
      SCOPED_TRACE(name + std::string(challenge));
      const PrivateKey key = test_key(name);
      const auto made = make_request(
          {.subject = *Name::from_text("CN=device,O=Example"),
           .extensions = {make_subject_alternative_name({*general_name_from_text("dns:device.example")}, false)},
           .challenge_password = as_bytes(challenge)},
          key, key.default_algorithm());
      ASSERT_TRUE(made) << made.error().text();
      const auto request = CertificateRequest::from_der(*made);
      ASSERT_TRUE(request) << request.error().text();
      EXPECT_EQ(request->subject().to_text(), "CN=device,O=Example");
      EXPECT_EQ(as_text(request->challenge_password().view()), challenge);
      EXPECT_EQ(request->subject_alternative_names().at(0).text, "device.example");
      EXPECT_EQ(request->public_key(), key.public_key());
      EXPECT_TRUE(request->signature_is_valid());
      EXPECT_TRUE(CertificateRequest::from_pem_or_der(as_bytes(request->to_pem())));
    }
  }
}

TEST(RequestTest, ChallengeStandsBeforeExtensions) {
  const PrivateKey key = test_key("ed");
  const auto made =
      make_request({.extensions = {make_key_usage({.digital_signature = true})},
                    .challenge_password = as_bytes(std::string_view("a challenge longer than extensions"))},
                   key, key.default_algorithm());
  const std::string text(as_text(*made));
  const auto position = [&](const Oid& oid) { return text.find(as_text(oid.der_content())); };
  EXPECT_LT(position(oids::challenge_password), position(oids::extension_request));
  EXPECT_EQ(error_of(make_request({.challenge_password = as_bytes("\xff")}, key, key.default_algorithm())),
            "the challenge password is not UTF-8");
}

TEST(RequestTest, EveryStringTypeOfAChallengeBecomesUtf8) {
  const struct {
    const char* value;
    const char* challenge;
  } rows[] = {
      {"0c02c3a9", "\xc3\xa9"},
      {"1303612a5f", "a*_"},
      {"16026162", "ab"},
      {"1401e9", "\xc3\xa9"},
      {"1e0400e92022", "\xc3\xa9\xe2\x80\xa2"},
      {"1c04000000e9", "\xc3\xa9"},
      {"1300", ""},
  };
  for (const auto& row : rows) {
    const auto request = CertificateRequest::from_der(request_with(attribute(oids::challenge_password, row.value)));
    ASSERT_TRUE(request) << request.error().text();
    EXPECT_EQ(as_text(request->challenge_password().view()), row.challenge);
  }
}

TEST(RequestTest, AttributesComeInAnyOrderAndUnknownOnesAreIgnored) {
  const Bytes names = attribute(oids::extension_request, "3012 3010 0603551d11 0409 3007 820561 2e65 7878");
  const Bytes challenge = attribute(oids::challenge_password, "130178");
  const Bytes unknown = attribute(Oid::of("1.2.3"), "0500 0500");
  for (const Bytes& attributes : {join(join(names, unknown), challenge), join(challenge, join(unknown, names)),
                                  join(join(unknown, unknown), join(names, challenge))}) {
    const auto request = CertificateRequest::from_der(request_with(attributes));
    ASSERT_TRUE(request) << request.error().text();
    EXPECT_EQ(as_text(request->challenge_password().view()), "x");
    EXPECT_EQ(request->subject_alternative_names().at(0).text, "a.exx");
    EXPECT_TRUE(request->signature_is_valid());
  }
}

TEST(RequestTest, MicrosoftsTwinOfExtensionRequestIsTaken) {
  const char* value = "3012 3010 0603551d11 0409 3007 820561 2e65 7878";
  const Bytes twin = attribute(oids::microsoft_extension_request, value);
  EXPECT_EQ(CertificateRequest::from_der(request_with(twin))->extensions().size(), 1);
  const Bytes both = join(twin, attribute(oids::extension_request, value));
  EXPECT_EQ(CertificateRequest::from_der(request_with(both))->extensions().size(), 1);
  const Bytes different = join(twin, attribute(oids::extension_request, "3000"));
  EXPECT_EQ(error_of(CertificateRequest::from_der(request_with(different))),
            "certificate request: extensionRequest twice, and not the same");
}

TEST(RequestTest, AttributesMayBeAbsentAndTheVersionWrong) {
  for (const char* version : {"020100", "020101", "020102"}) {
    const auto request = CertificateRequest::from_der(request_with(std::nullopt, version));
    ASSERT_TRUE(request) << request.error().text();
    EXPECT_TRUE(request->challenge_password().empty());
    EXPECT_TRUE(request->signature_is_valid());
  }
}

TEST(RequestTest, EachBrokenRuleHasItsError) {
  const Bytes challenge = attribute(oids::challenge_password, "130178");
  Bytes many;
  for (int i = 0; i < 65; ++i) append(many, attribute(Oid::of("1.2.3"), "0500"));
  const struct {
    const char* name;
    Bytes attributes;
    const char* error;
  } rows[] = {
      {"two challenges", join(challenge, challenge), "challengePassword twice"},
      {"two values", attribute(oids::challenge_password, "130178130179"),
       "unexpected data after the first challengePassword"},
      {"no value", attribute(oids::challenge_password, ""), "challengePassword: the encoding ends inside an element"},
      {"a number", attribute(oids::challenge_password, "020107"), "challengePassword: not a string type"},
      {"half a character", attribute(oids::challenge_password, "1e0100"),
       "challengePassword: a BMPString with an odd number of octets"},
      {"no extensions", attribute(oids::extension_request, ""),
       "extensionRequest: the encoding ends inside an element"},
      {"two lists", attribute(oids::extension_request, "30003000"), "unexpected data after the first extensionRequest"},
      {"no list", attribute(oids::extension_request, "0500"),
       "extensionRequest: extensions: expected tag 0x30, found 0x05"},
      {"the same twice", attribute(oids::extension_request, "3010 300606022a030400 300606022a030400"),
       "extensionRequest: extension 1.2.3 twice"},
      {"empty names", attribute(oids::extension_request, "300b3009 0603551d11 04023000"),
       "subjectAltName: general names: none"},
      {"not a sequence", hex("0500"), "attribute: expected tag 0x30, found 0x05"},
      {"not a set", hex("300606022a030500"), "attribute values: expected tag 0x31, found 0x05"},
      {"65 attributes", many, "attributes: more than 64"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(error_of(CertificateRequest::from_der(request_with(row.attributes))),
              std::string("certificate request: ") + row.error)
        << row.name;
  }
  EXPECT_EQ(error_of(CertificateRequest::from_der(request_with(std::nullopt, "020103"))),
            "certificate request: version 4, which PKCS#10 does not have");
  EXPECT_EQ(error_of(CertificateRequest::from_der(Bytes(65537))), "a certificate request of more than 64 KiB");
}

TEST(RequestTest, AChangedRequestHasNoValidSignature) {
  const PrivateKey key = test_key("ec");
  Bytes made = *make_request({.subject = *Name::from_text("CN=device")}, key, key.default_algorithm());
  const auto name = std::ranges::search(made, as_bytes("device"));
  ASSERT_FALSE(name.empty());
  name.front() = 'D';
  EXPECT_FALSE(CertificateRequest::from_der(made)->signature_is_valid());
}

TEST(RequestTest, DamagedRequestsNeverCrash) {
  const PrivateKey key = test_key("ec");
  const Bytes made = *make_request(
      {.subject = *Name::from_text("CN=device,O=Example"),
       .extensions = {make_subject_alternative_name({*general_name_from_text("dns:device.example")}, false)},
       .challenge_password = as_bytes("secret")},
      key, key.default_algorithm());
  testing::read_damaged(made, [&](const Bytes& bytes) {
    const auto request = CertificateRequest::from_der(bytes);
    if (!request) return;
    // Whatever part of it changed, the signature was not made over that.
    EXPECT_FALSE(request->signature_is_valid());
  });
}

}  // namespace
}  // namespace chancery::pki
