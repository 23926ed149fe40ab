#include "pki/oid.h"

#include <gtest/gtest.h>

#include "pki/x509_testing.h"

namespace chancery::pki {
namespace {

using testing::error_of;
using testing::hex;

TEST(OidTest, DottedTextAndEncodingAreTwoFormsOfTheSame) {
  const struct {
    const char* dotted;
    const char* content;
  } rows[] = {
      {"1.2.840.113549.1.1.1", "2a864886f70d010101"},
      {"2.5.4.3", "550403"},
      {"0.9.2342.19200300.100.1.1", "0992268993f22c640101"},
      {"2.999.3", "883703"},
      {"2.39", "77"},
      {"1.3.6.1.4.1.4294967296", "2b060104019080808000"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.dotted);
    const auto from_text = Oid::from_dotted(row.dotted);
    ASSERT_TRUE(from_text);
    EXPECT_EQ(to_hex(from_text->der_content()), row.content);
    const auto from_bytes = Oid::from_der_content(hex(row.content));
    ASSERT_TRUE(from_bytes);
    EXPECT_EQ(from_bytes->dotted(), row.dotted);
    EXPECT_EQ(*from_bytes, *from_text);
  }
}

TEST(OidTest, AnArcBeyond64BitsIsShownByItsOctets) {
  const auto oid = Oid::from_der_content(hex("6983ffffffffffffffffff7f"));
  ASSERT_TRUE(oid);
  EXPECT_EQ(oid->dotted(), "2.25.0x83ffffffffffffffffff7f");
  const auto first = Oid::from_der_content(hex("f7ffffffffffffffc901"));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->dotted(), "2.0xf7ffffffffffffffc901");
}

TEST(OidTest, MalformedContentIsRefused) {
  const struct {
    const char* name;
    Bytes content;
    const char* error;
  } rows[] = {
      {"empty", {}, "object identifier of an unsupported length"},
      {"48 octets", Bytes(48, 1), "object identifier of an unsupported length"},
      {"unfinished", hex("2a86"), "object identifier ends inside an arc"},
      {"padded", hex("2a8001"), "object identifier with a padded arc"},
  };
  for (const auto& row : rows) EXPECT_EQ(error_of(Oid::from_der_content(row.content)), row.error) << row.name;
  EXPECT_TRUE(Oid::from_der_content(Bytes(47, 1)));
}

TEST(OidTest, MalformedTextIsRefused) {
  for (const char* text : {"", "1", "3.1", "1.40", "1..2", "1.2.", ".1.2", "1.2.x", "1.-2", "1.2.99999999999999999999"})
    EXPECT_EQ(error_of(Oid::from_dotted(text)),
              "not an object identifier: expected numbers with dots, for example 1.3.6.1.5.5.7.3.2")
        << text;
}

}  // namespace
}  // namespace chancery::pki
