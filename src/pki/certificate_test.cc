#include "pki/certificate.h"

#include <gtest/gtest.h>

#include "pki/pem.h"
#include "pki/x509_testing.h"

namespace chancery::pki {
namespace {

using testing::error_of;
using testing::hex;
using testing::test_key;
using testing::time_of;

const Validity year_2026 = {.not_before = time_of("2026-01-01T00:00:00Z"),
                            .not_after = time_of("2026-12-31T23:59:59Z")};

TEST(SerialTest, HexAndOctetsAreTwoFormsOfTheSame) {
  const struct {
    const char* hex;
    const char* octets;
    const char* shown;
  } rows[] = {
      {"00", "00", "00"},
      {"0", "00", "00"},
      {"1", "01", "01"},
      {"7f", "7f", "7f"},
      {"80", "0080", "80"},
      {"0080", "0080", "80"},
      {"C0:FF:EE", "00c0ffee", "c0ffee"},
      {"-01", "ff", "-01"},
      {"-80", "80", "-80"},
      {"-81", "ff7f", "-81"},
      {"-0100", "ff00", "-0100"},
      {"-8000", "8000", "-8000"},
      {"-00", "00", "00"},
  };
  for (const auto& row : rows) {
    const auto serial = Serial::from_hex(row.hex);
    ASSERT_TRUE(serial) << row.hex;
    EXPECT_EQ(to_hex(serial->octets), row.octets) << row.hex;
    EXPECT_EQ(serial->hex(), row.shown);
  }
  for (const char* text : {"", "-", "x", "0x01", "12 34", ":"})
    EXPECT_EQ(error_of(Serial::from_hex(text)), "not a serial number: expected hexadecimal digits") << text;
  EXPECT_EQ(error_of(Serial::from_hex(std::string(130, '1'))), "a serial number of more than 64 octets");
}

TEST(CertificateBuilderTest, TheTransportCertificateSignsItself) {
  for (const char* name : {"ec", "rsa", "ed"}) {
    SCOPED_TRACE(name);
    const PrivateKey key = test_key(name);
    const Serial serial{hex("00a1b2c3")};
    const auto certificate =
        make_transport_certificate(key, *Name::from_text("CN=device,O=Example"), year_2026, serial);
    ASSERT_TRUE(certificate) << certificate.error().text();
    EXPECT_TRUE(certificate->signed_by(key.public_key()));
    EXPECT_TRUE(certificate->self_issued());
    EXPECT_EQ(certificate->serial(), serial);
    EXPECT_EQ(certificate->validity().not_before, year_2026.not_before);
    EXPECT_EQ(certificate->validity().not_after, year_2026.not_after);
    EXPECT_EQ(certificate->subject().to_text(), "CN=device,O=Example");
    EXPECT_EQ(*certificate->key_usage(),
              (KeyUsage{.digital_signature = true, .key_encipherment = std::string(name) == "rsa"}));
    EXPECT_FALSE(certificate->is_ca());
    EXPECT_EQ(*read_subject_key_identifier(certificate->extension(oids::subject_key_identifier)->value),
              key.public_key().key_identifier());
    EXPECT_EQ(*certificate->public_key(), key.public_key());
    EXPECT_EQ(Certificate::from_pem_or_der(as_bytes(certificate->to_pem()))->fingerprint(), certificate->fingerprint());
    // Copies stand on their own.
    Certificate copy = *certificate;
    copy = Certificate(*certificate);
    EXPECT_EQ(to_hex(copy.subject_der()), to_hex(certificate->subject_der()));
  }
}

TEST(CertificateBuilderTest, OnlyTheKeyThatSignedVerifies) {
  const PrivateKey ec = test_key("ec"), rsa = test_key("rsa");
  const auto certificate = make_transport_certificate(ec, *Name::from_text("CN=x"), year_2026, Serial{hex("01")});
  EXPECT_FALSE(certificate->signed_by(rsa.public_key()));
  Bytes changed = to_bytes(certificate->der());
  const auto serial = std::ranges::search(changed, hex("a003020102020101"));
  ASSERT_FALSE(serial.empty());
  serial.back() = 2;
  const auto other = Certificate::from_der(changed);
  ASSERT_TRUE(other) << other.error().text();
  EXPECT_FALSE(other->signed_by(ec.public_key()));
  EXPECT_EQ(error_of(sign_tbs(hex("3000"), rsa.default_algorithm(), ec)),
            "the signature algorithm is not one for this key");
}

// A certificate as its encoded parts; each row below spoils one.
struct Parts {
  Bytes version = hex("a003020102");
  Bytes serial = hex("020107");
  Bytes inner_algorithm = hex("300506032b6570");
  Bytes issuer = hex("300c310a300806035504030c0178");
  Bytes validity = hex("301e 170d3236303130313030303030305a 170d3237303130313030303030305a");
  Bytes subject = hex("3000");
  Bytes spki = hex("3000");
  Bytes rest;
  Bytes algorithm = hex("300506032b6570");
  Bytes signature = hex("030200ff");
  Bytes after_signature;
  Bytes after;

  [[nodiscard]] Bytes encode() const {
    der::Writer out;
    out.sequence([&] {
      out.sequence([&] {
        for (const Bytes* part : {&version, &serial, &inner_algorithm, &issuer, &validity, &subject, &spki, &rest})
          out.raw(*part);
      });
      out.raw(algorithm).raw(signature).raw(after_signature);
    });
    out.raw(after);
    return out.take();
  }
};

TEST(CertificateTest, EachBrokenRuleHasItsError) {
  EXPECT_EQ(error_of(Certificate::from_der(Parts().encode())), "");
  const struct {
    const char* name;
    Parts parts;
    const char* error;
  } rows[] = {
      {"version 4", {.version = hex("a003020103")}, "version 4, which X.509 does not have"},
      {"version with more in it", {.version = hex("a0060201020500 00")}, "unexpected data after version"},
      {"empty version", {.version = hex("a000")}, "version: missing"},
      {"empty serial", {.serial = hex("0200")}, "serialNumber: an integer of an unsupported size"},
      {"padded serial", {.serial = hex("02020007")}, "serialNumber: an integer that is not minimal"},
      {"long serial", {.serial = Parts().spki}, "serialNumber: expected tag 0x02, found 0x30"},
      {"another algorithm inside",
       {.inner_algorithm = hex("300506032b6571")},
       "the signature algorithm inside differs from the one outside"},
      {"other parameters inside",
       {.inner_algorithm = hex("300706032b65700500")},
       "the signature algorithm inside differs from the one outside"},
      {"algorithm with more in it",
       {.algorithm = hex("300906032b657005000500")},
       "unexpected data after signatureAlgorithm"},
      {"issuer with NUL", {.issuer = hex("300c310a300806035504030c0100")}, "issuer: CN: a control character"},
      {"issuer missing", {.issuer = hex("0500")}, "issuer: expected tag 0x30, found 0x05"},
      {"three times",
       {.validity = hex("302d 170d3236303130313030303030305a 170d3237303130313030303030305a "
                        "170d3237303130313030303030305a")},
       "unexpected data after notAfter"},
      {"no notAfter", {.validity = hex("300f 170d3236303130313030303030305a")}, "notAfter: missing"},
      {"no such day",
       {.validity = hex("301e 170d3236303233303030303030305a 170d3237303130313030303030305a")},
       "notBefore: no such date or time of day"},
      {"subject missing", {.subject = {}, .spki = {}}, "subject: missing"},
      {"key missing", {.spki = {}}, "subjectPublicKeyInfo: missing"},
      {"unknown field", {.rest = hex("a4020500")}, "unexpected data after extensions"},
      {"extensions not wrapped", {.rest = hex("a3020500")}, "extensions: expected tag 0x30, found 0x05"},
      {"two lists of extensions", {.rest = hex("a30430003000")}, "unexpected data after extensions"},
      {"the same extension twice",
       {.rest = hex("a3143012 3007 0603551d11 0400 3007 0603551d11 0400")},
       "extension 2.5.29.17 twice"},
      {"empty alternative name",
       {.rest = hex("a30d300b3009 0603551d11 04023000")},
       "subjectAltName: general names: none"},
      {"signature missing", {.signature = {}}, "signature: missing"},
      {"signature with unused bits", {.signature = hex("030201fe")}, "signature: a bit string with unused bits"},
      {"data behind the signature", {.after_signature = hex("0500")}, "unexpected data after signature"},
      {"data behind the certificate", {.after = hex("00")}, "unexpected data after certificate"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(error_of(Certificate::from_der(row.parts.encode())), std::string("certificate: ") + row.error)
        << row.name;
  EXPECT_EQ(error_of(Certificate::from_der(Bytes(65537))), "a certificate of more than 64 KiB");
  EXPECT_EQ(error_of(Certificate::from_der({})), "certificate: certificate: missing");
}

TEST(CertificateTest, OddButDeployedFormsAreRead) {
  const struct {
    const char* name;
    Parts parts;
  } rows[] = {
      {"version 1 without field", {.version = {}}},
      {"version 1 said aloud", {.version = hex("a003020100")}},
      {"version 1 with extensions", {.version = {}, .rest = hex("a30a30083006 06022a03 0400")}},
      {"version 2 with unique identifiers", {.version = hex("a003020101"), .rest = hex("810200ff 820200ff")}},
      {"serial of 64 octets",
       {.serial =
            [] {
              der::Writer out;
              out.primitive(der::tag::integer, Bytes(64, 0x55));
              return out.take();
            }()}},
      {"negative serial", {.serial = hex("0201ff")}},
      {"zero serial", {.serial = hex("020100")}},
      {"empty extensions", {.rest = hex("a3023000")}},
      {"ends before it begins",
       {.validity = hex("301e 170d3237303130313030303030305a 170d3236303130313030303030305a")}},
  };
  for (const auto& row : rows) {
    const auto certificate = Certificate::from_der(row.parts.encode());
    EXPECT_EQ(error_of(certificate), "") << row.name;
  }
  Bytes long_serial = hex("0241");
  long_serial.resize(67, 0x55);
  EXPECT_EQ(error_of(Certificate::from_der(Parts{.serial = long_serial}.encode())),
            "certificate: serialNumber: an integer of an unsupported size");
}

TEST(CertificateTest, SelfIssuedLooksAtTheNamesOnly) {
  const Bytes issuer = hex("300c310a300806035504030c0178");
  EXPECT_FALSE(Certificate::from_der(Parts{.issuer = issuer}.encode())->self_issued());
  EXPECT_TRUE(Certificate::from_der(Parts{.issuer = issuer, .subject = issuer}.encode())->self_issued());
  EXPECT_TRUE(Certificate::from_der(Parts{.issuer = issuer, .subject = hex("300c310a30080603550403130158")}.encode())
                  ->self_issued());
}

TEST(CertificateTest, TheKeyIsReadOnlyWhenAskedFor) {
  const auto certificate = Certificate::from_der(Parts().encode());
  ASSERT_TRUE(certificate);
  EXPECT_FALSE(certificate->public_key());
}

TEST(CertificateTest, DamagedCertificatesNeverCrash) {
  const std::string pem = testing::read_vector("certificate_every_san.txt");
  const auto blocks = read_pem(pem);
  ASSERT_TRUE(blocks);
  int read = 0;
  testing::read_damaged(blocks->at(0).der, [&](const Bytes& bytes) {
    const auto certificate = Certificate::from_der(bytes);
    if (!certificate) return;
    ++read;
    EXPECT_TRUE(equal(certificate->der(), bytes));
    // Only characters that PrintableString must not have keep a name from the way back.
    const std::string error = error_of(Name::from_text(certificate->subject().to_text()));
    EXPECT_TRUE(error.empty() || error.ends_with("can stand here")) << certificate->subject().to_text() << error;
  });
  // Most damage is to the key and the signature, which reading does not judge.
  EXPECT_GT(read, 1000);
}

TEST(CertificateTest, PemWithoutCertificateIsAnError) {
  EXPECT_EQ(error_of(Certificate::from_pem_or_der(as_bytes("-----BEGIN X-----\nAA==\n-----END X-----\n"))),
            "no CERTIFICATE in the PEM text");
}

}  // namespace
}  // namespace chancery::pki
