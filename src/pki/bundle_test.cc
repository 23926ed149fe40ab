#include "pki/bundle.h"

#include <gtest/gtest.h>

#include "pki/pem.h"
#include "pki/x509_testing.h"

namespace chancery::pki {
namespace {

using testing::error_of;
using testing::hex;
using testing::test_key;
using testing::time_of;

Certificate certificate_named(const char* name) {
  return *make_transport_certificate(
      test_key("ed"), *Name::from_text(name),
      {.not_before = time_of("2026-01-01T00:00:00Z"), .not_after = time_of("2027-01-01T00:00:00Z")}, {hex("01")});
}

// SignedData around these encoded certificates and signers.
Bytes bundle_with(const char* certificates, const char* crls, const char* signers) {
  der::Writer out;
  out.sequence([&] {
    out.oid(oids::signed_data).constructed(0xa0, [&] {
      out.sequence([&] {
        out.small_integer(1).raw(hex("3100")).sequence([&] { out.oid(oids::data); });
        out.raw(hex(certificates)).raw(hex(crls)).raw(hex(signers));
      });
    });
  });
  return out.take();
}

TEST(BundleTest, CertificatesStayInOrder) {
  const Certificate leaf = certificate_named("CN=z"), issuer = certificate_named("CN=a");
  const Bundle bundle = {.certificates = {to_bytes(leaf.der()), to_bytes(issuer.der())}, .crls = {hex("3000")}};
  const auto read = read_bundle(write_bundle(bundle));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->certificates, bundle.certificates);
  EXPECT_EQ(read->crls, bundle.crls);
}

TEST(BundleTest, AnEmptyBundleHasOnlyWhatMustBeThere) {
  EXPECT_EQ(to_hex(write_bundle({})),
            "302306092a864886f70d010702a0163014020101"
            "3100"
            "300b06092a864886f70d010701"
            "3100");
  EXPECT_TRUE(read_bundle(write_bundle({}))->certificates.empty());
}

TEST(BundleTest, IndefiniteLengthsAreRead) {
  const auto bundle = read_bundle(hex(
      "3080 06092a864886f70d010702 a080 3080 020101 3100 3080 06092a864886f70d010701 0000 a080 3000 a10105 3003020107 "
      "0000 3100 0000 0000 0000"));
  ASSERT_TRUE(bundle) << bundle.error().text();
  ASSERT_EQ(bundle->certificates.size(), 2) << "attribute certificates are passed over";
  EXPECT_EQ(to_hex(bundle->certificates[1]), "3003020107");
}

TEST(BundleTest, EachBrokenRuleHasItsError) {
  std::string many = "a08180";
  for (int i = 0; i < 64; ++i) many += "3000";
  const std::string enough = many;
  many = "a08182" + many.substr(6) + "3000";
  std::string crls = "a122";
  for (int i = 0; i < 17; ++i) crls += "3000";
  EXPECT_EQ(error_of(read_bundle(bundle_with(enough.c_str(), "", "3100"))), "");
  const struct {
    const char* name;
    Bytes encoded;
    const char* error;
  } rows[] = {
      {"nothing", {}, "contentInfo: missing"},
      {"another content", hex("300f06092a864886f70d010703a0023000"),
       "content of type 1.2.840.113549.1.7.3, not SignedData"},
      {"no content", hex("300b06092a864886f70d010702"), "content: missing"},
      {"no signers", bundle_with("", "", ""), "signerInfos: missing"},
      {"a signer", bundle_with("", "", "31023000"), "a bundle with a signer"},
      {"65 certificates", bundle_with(many.c_str(), "", "3100"), "more than 64 certificates"},
      {"17 CRLs", bundle_with("", crls.c_str(), "3100"), "more than 16 CRLs"},
      {"half a certificate", bundle_with("a0023001", "", "3100"), "the encoding ends inside an element"},
      {"data behind", bundle_with("", "", "31000500"), "unexpected data after signerInfos"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(error_of(read_bundle(row.encoded)), std::string("certificate bundle: ") + row.error) << row.name;
}

TEST(ReadCertificatesTest, TakesWhateverPeopleHave) {
  const Certificate a = certificate_named("CN=a"), b = certificate_named("CN=b");
  const Bytes bundle = write_bundle({.certificates = {to_bytes(b.der()), to_bytes(a.der())}});
  const std::string key = write_pem("PRIVATE KEY", hex("00"));
  const struct {
    const char* name;
    Bytes bytes;
    std::vector<std::string> subjects;
  } rows[] = {
      {"DER", to_bytes(a.der()), {"CN=a"}},
      {"DER bundle", bundle, {"CN=b", "CN=a"}},
      {"PEM", to_bytes(as_bytes(key + a.to_pem() + "text\n" + b.to_pem())), {"CN=a", "CN=b"}},
      {"PEM bundle", to_bytes(as_bytes(write_pem("PKCS7", bundle))), {"CN=b", "CN=a"}},
      {"mixed", to_bytes(as_bytes(a.to_pem() + write_pem("CMS", bundle))), {"CN=a", "CN=b", "CN=a"}},
      {"bundle called certificate", to_bytes(as_bytes(write_pem("CERTIFICATE", bundle))), {"CN=b", "CN=a"}},
  };
  for (const auto& row : rows) {
    const auto certificates = read_certificates(row.bytes);
    ASSERT_TRUE(certificates) << row.name << certificates.error().text();
    std::vector<std::string> subjects;
    for (const Certificate& certificate : *certificates) subjects.push_back(certificate.subject().to_text());
    EXPECT_EQ(subjects, row.subjects) << row.name;
  }
}

TEST(ReadCertificatesTest, SaysWhichOneIsBroken) {
  const Certificate a = certificate_named("CN=a");
  const std::string broken = a.to_pem() + write_pem("CERTIFICATE", hex("3000"));
  EXPECT_EQ(error_of(read_certificates(as_bytes(broken))), "number 2: certificate: tbsCertificate: missing");
  EXPECT_EQ(error_of(read_certificates(as_bytes(write_pem("PRIVATE KEY", hex("00"))))), "no certificate in there");
  EXPECT_EQ(error_of(read_certificates({})), "certificate: certificate: missing");
  EXPECT_EQ(error_of(read_certificates(write_bundle({}))), "no certificate in there");
}

TEST(BundleTest, DamagedBundlesNeverCrash) {
  const Bytes bundle =
      write_bundle({.certificates = {to_bytes(certificate_named("CN=a").der())}, .crls = {hex("3000")}});
  testing::read_damaged(bundle, [&](const Bytes& bytes) {
    const auto read = read_bundle(bytes);
    if (read) {
      EXPECT_EQ(read_bundle(write_bundle(*read))->certificates, read->certificates);
    }
    (void)read_certificates(bytes);
  });
}

}  // namespace
}  // namespace chancery::pki
