#include "pki/crl.h"

#include <gtest/gtest.h>

#include "pki/x509_testing.h"

namespace chancery::pki {
namespace {

using testing::error_of;
using testing::hex;
using testing::test_key;
using testing::time_of;

const Timestamp january = time_of("2026-01-01T00:00:00Z");

CrlContent three_entries() {
  return {.issuer_der = Name::from_text("CN=Root")->to_der(),
          .this_update = january,
          .next_update = time_of("2026-02-01T00:00:00Z"),
          .number = 0xfedcba9876543210,
          .authority_key_identifier = hex("0102"),
          .entries = {{.serial = {hex("0100")}, .revoked_at = january, .reason = RevocationReason::superseded},
                      {.serial = {hex("7f")}, .revoked_at = january},
                      {.serial = {hex("0080")}, .revoked_at = january, .reason = RevocationReason::key_compromise}}};
}

TEST(CrlTest, WhatIsMadeReadsBackInOrderOfSerials) {
  for (const char* name : {"ec", "rsa", "ed"}) {
    const PrivateKey key = test_key(name);
    const auto made = make_crl(three_entries(), key, key.default_algorithm());
    ASSERT_TRUE(made) << made.error().text();
    const auto crl = Crl::from_der(*made);
    ASSERT_TRUE(crl) << crl.error().text();
    EXPECT_EQ(crl->issuer().to_text(), "CN=Root");
    EXPECT_EQ(crl->this_update(), january);
    EXPECT_EQ(to_rfc3339(*crl->next_update()), "2026-02-01T00:00:00Z");
    EXPECT_EQ(crl->number(), 0xfedcba9876543210);
    ASSERT_EQ(crl->entries().size(), 3);
    EXPECT_EQ(crl->entries()[0].serial.hex(), "7f");
    EXPECT_EQ(crl->entries()[0].reason, RevocationReason::unspecified);
    EXPECT_EQ(crl->entries()[1].serial.hex(), "80");
    EXPECT_EQ(crl->entries()[1].reason, RevocationReason::key_compromise);
    EXPECT_EQ(crl->entries()[2].serial.hex(), "0100");
    EXPECT_EQ(crl->extensions().size(), 2);
    EXPECT_TRUE(crl->signed_by(key.public_key()));
    EXPECT_FALSE(crl->signed_by(test_key(std::string(name) == "ec" ? "rsa" : "ec").public_key()));
  }
}

TEST(CrlTest, UnspecifiedIsSaidBySayingNothing) {
  const PrivateKey key = test_key("ed");
  CrlContent content = three_entries();
  content.entries.resize(2);
  content.entries.erase(content.entries.begin());
  const Bytes made = *make_crl(content, key, key.default_algorithm());
  EXPECT_TRUE(std::ranges::search(made, oids::crl_reason.der_content()).empty());
}

TEST(CrlTest, ASerialStandsThereOnce) {
  const PrivateKey key = test_key("ed");
  CrlContent content = three_entries();
  content.entries.push_back(content.entries[1]);
  EXPECT_EQ(error_of(make_crl(content, key, key.default_algorithm())), "serial 7f is revoked twice");
}

TEST(CrlTest, AnEmptyListHasNoEntriesField) {
  const PrivateKey key = test_key("ed");
  CrlContent content = three_entries();
  content.entries.clear();
  content.number = 0;
  const auto crl = Crl::from_der(*make_crl(content, key, key.default_algorithm()));
  ASSERT_TRUE(crl) << crl.error().text();
  EXPECT_TRUE(crl->entries().empty());
  EXPECT_EQ(crl->number(), 0);
}

TEST(CrlTest, ReasonsHaveNames) {
  for (const auto reason : {RevocationReason::unspecified, RevocationReason::key_compromise,
                            RevocationReason::certificate_hold, RevocationReason::aa_compromise})
    EXPECT_EQ(*revocation_reason_from_text(to_string(reason)), reason);
  EXPECT_EQ(*revocation_reason_from_text("keycompromise"), RevocationReason::key_compromise);
  EXPECT_EQ(error_of(revocation_reason_from_text("lost")),
            "'lost' is not a reason: expected keyCompromise, superseded, cessationOfOperation, …");
}

Bytes crl_with(const char* version, const char* entries, const char* extensions) {
  der::Writer out;
  out.sequence([&] {
    out.sequence([&] {
      out.raw(hex(version)).raw(hex("300506032b6570")).raw(hex("3000")).time(january);
      out.raw(hex(entries)).raw(hex(extensions));
    });
    out.raw(hex("300506032b6570")).raw(hex("030200ff"));
  });
  return out.take();
}

TEST(CrlTest, EachBrokenRuleHasItsError) {
  EXPECT_EQ(error_of(Crl::from_der(crl_with("", "", ""))), "");
  const struct {
    const char* name;
    Bytes encoded;
    const char* error;
  } rows[] = {
      {"version 3", crl_with("020102", "", ""), "version 3, which CRLs do not have"},
      {"entry without date", crl_with("020101", "30053003020107", ""), "entry 1: revocationDate: missing"},
      {"entry without serial", crl_with("020101", "30023000", ""), "entry 1: serialNumber: missing"},
      {"unknown reason",
       crl_with("020101", "3022 3020 020107 170d3236303130313030303030305a 300c 300a 0603551d15 0403 0a0107", ""),
       "entry 1: reasonCode: no such reason"},
      {"critical entry extension",
       crl_with("020101", "3022 3020 020107 170d3236303130313030303030305a 300c 300a 0603551d1d 0101ff 0400", ""),
       "entry 1: the unknown critical extension 2.5.29.29"},
      {"negative number", crl_with("020101", "", "a00e 300c 300a 0603551d14 0403 0201ff"), "cRLNumber: negative"},
      {"number of 21 octets",
       crl_with("020101", "", "a022 3020 301e 0603551d14 0417 0215 010101010101010101010101010101010101010101"),
       "cRLNumber: an integer of an unsupported size"},
      {"data behind", crl_with("020101", "", "0500"), "unexpected data after crlExtensions"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(error_of(Crl::from_der(row.encoded)), std::string("CRL: ") + row.error) << row.name;
  }
}

TEST(CrlTest, ANumberBeyond64BitsIsNoNumber) {
  const auto crl = Crl::from_der(crl_with("020101", "", "a016 3014 3012 0603551d14 040b 0209 010000000000000000"));
  ASSERT_TRUE(crl) << crl.error().text();
  EXPECT_EQ(crl->number(), std::nullopt);
}

TEST(CrlTest, DamagedListsNeverCrash) {
  const PrivateKey key = test_key("ed");
  const Bytes made = *make_crl(three_entries(), key, key.default_algorithm());
  testing::read_damaged(made, [&](const Bytes& bytes) {
    const auto crl = Crl::from_der(bytes);
    if (crl) {
      EXPECT_LE(crl->entries().size(), 3);
    }
  });
}

}  // namespace
}  // namespace chancery::pki
