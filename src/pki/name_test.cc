#include "pki/name.h"

#include <gtest/gtest.h>

#include "pki/x509_testing.h"

namespace chancery::pki {
namespace {

using testing::error_of;
using testing::hex;

// One Name with one attribute: CN in the string type `tag`.
Bytes common_name(std::uint8_t tag, ByteView content) {
  der::Writer out;
  out.sequence([&] {
    out.constructed(der::tag::set, [&] { out.sequence([&] { out.oid(oids::common_name).primitive(tag, content); }); });
  });
  return out.take();
}

TEST(NameTextTest, TextIsReadAndWrittenAsRfc4514Says) {
  const struct {
    const char* text;
    const char* expect;
  } rows[] = {
      {"", ""},
      {"/", ""},
      {"CN=printer-7,O=Example,C=DE", "CN=printer-7,O=Example,C=DE"},
      {" cn = printer-7 , o=Example, c=DE ", "CN=printer-7,O=Example,C=DE"},
      {"C=DE, O=Example, CN=printer-7", "CN=printer-7,O=Example,C=DE"},
      {"DC=org,DC=example,CN=x", "CN=x,DC=example,DC=org"},
      {"DC=example,DC=org", "DC=example,DC=org"},
      {"/C=DE/O=Example/CN=printer-7", "CN=printer-7,O=Example,C=DE"},
      {"/O=A/B Corp/CN=host/realm/", "CN=host/realm,O=A/B Corp"},
      {"/O=a+b/CN=x+UID=7", "CN=x+UID=7,O=a\\+b"},
      {"CN=x+UID=7,O=y", "CN=x+UID=7,O=y"},
      {"CN=Example\\, Inc.", "CN=Example\\, Inc."},
      {"CN=Example\\2c Inc.", "CN=Example\\, Inc."},
      {"CN=\"Example, Inc.\" , O=x", "CN=Example\\, Inc.,O=x"},
      {"CN=\"a \\\"b\\\"\"", "CN=a \\\"b\\\""},
      {"CN=Lu\\C4\\8Di\\C4\\87", "CN=Lu\xc4\x8di\xc4\x87"},
      {"CN=\\ a\\ ", "CN=\\ a\\ "},
      {"CN=\\#1", "CN=\\#1"},
      {"CN=a#b=c", "CN=a#b=c"},
      {"CN=", "CN="},
      {"2.5.4.3=x", "CN=x"},
      {"OID.2.5.4.10=x", "O=x"},
      {"CN=#0c0178", "CN=x"},
      {"1.2.3.4=x", "1.2.3.4=#0c0178"},
      {"1.2.3.4=#0c0178", "1.2.3.4=#0c0178"},
      {"1.2.3.4=#020105", "1.2.3.4=#020105"},
      {"E=a@b.example,S=Hessen,G=x,SN=y", "emailAddress=a@b.example,ST=Hessen,GN=x,SN=y"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const auto name = Name::from_text(row.text);
    ASSERT_TRUE(name) << name.error().text();
    EXPECT_EQ(name->to_text(), row.expect);
    const auto encoded = Name::from_der(name->to_der());
    ASSERT_TRUE(encoded) << encoded.error().text();
    EXPECT_EQ(encoded->to_text(), row.expect);
    EXPECT_EQ(encoded->to_der(), name->to_der());
    EXPECT_EQ(Name::from_text(encoded->to_text())->to_der(), name->to_der());
  }
}

TEST(NameTextTest, TheNullCharacterOfSomebodysNameIsWrittenAsItsOctet) {
  Name name;
  name.add(oids::common_name, std::string("a\0b", 3));
  EXPECT_EQ(name.to_text(), "CN=a\\00b");
}

TEST(NameTextTest, MalformedTextIsRefused) {
  std::string many = "CN=x";
  for (int i = 0; i < 64; ++i) many += ",CN=x";
  std::string wide = "CN=x";
  for (int i = 0; i < 16; ++i) wide += "+CN=x";
  const struct {
    std::string text;
    const char* error;
  } rows[] = {
      {"printer-7", "expected TYPE=value, found 'printer-7'"},
      {"CN=x,", "the name ends with a comma"},
      {",CN=x", "expected TYPE=value, found ''"},
      {"O=Example, Inc., C=DE", "expected TYPE=value, found 'Inc.'"},
      {"color=red", "unknown name attribute 'color'"},
      {"1.2.x=red", "unknown name attribute '1.2.x'"},
      {"CN=a\\", "CN: the text ends with a backslash"},
      {"CN=a\\b", "CN: a backslash must stand before a special character or two hexadecimal digits"},
      {"CN=a\\zz", "CN: a backslash must stand before a special character or two hexadecimal digits"},
      {"CN=a;b", "CN: ';' must be written as '\\;'"},
      {"CN=a\"b", "CN: '\"' must be written as '\\\"'"},
      {"CN=\"a", "CN: the quotation mark does not close"},
      {"CN=\"a\"b", "CN: unexpected text after the quotation mark"},
      {"CN=a\\00b", "CN: a control character"},
      {"CN=a\\0ab", "CN: a control character"},
      {"CN=\\c2\\85", "CN: a control character"},
      {"CN=\\ff", "CN: the value is not UTF-8"},
      {"CN=#0c", "CN: the encoding ends inside an element"},
      {"CN=#0c017", "CN: expected hexadecimal digits after '#'"},
      {"CN=#0c01780500", "CN: unexpected data after the value after '#'"},
      {"CN=#0c0100", "CN: a control character"},
      {"C=D\xc3\x89", "C: only letters, digits, space and '()+,-./:=? can stand here"},
      {"serialNumber=a_b", "serialNumber: only letters, digits, space and '()+,-./:=? can stand here"},
      {"DC=\xc3\xa9", "DC: only ASCII characters can stand here"},
      {many, "a name of more than 64 parts"},
      {wide, "a relative name of more than 16 attributes"},
      {std::string(32769, ' '), "a name of more than 32 KiB"},
  };
  for (const auto& row : rows) EXPECT_EQ(error_of(Name::from_text(row.text)), row.error) << row.text;
}

TEST(NameTest, EveryStringTypeBecomesUtf8AndIsWrittenBackAsItCame) {
  const struct {
    std::uint8_t tag;
    Bytes content;
    const char* text;
  } rows[] = {
      {der::tag::utf8_string, hex("c3a9"), "\xc3\xa9"},
      {der::tag::printable_string, hex("405f2a"), "@_*"},
      {der::tag::ia5_string, hex("61"), "a"},
      {der::tag::visible_string, hex("61"), "a"},
      {der::tag::numeric_string, hex("3137"), "17"},
      {der::tag::teletex_string, hex("e9"), "\xc3\xa9"},
      {der::tag::bmp_string, hex("00e920ac"), "\xc3\xa9\xe2\x82\xac"},
      {der::tag::universal_string, hex("0001f600"), "\xf0\x9f\x98\x80"},
      {der::tag::utf8_string, {}, ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const Bytes encoded = common_name(row.tag, row.content);
    const auto name = Name::from_der(encoded);
    ASSERT_TRUE(name) << name.error().text();
    EXPECT_EQ(name->value_of(oids::common_name), row.text);
    EXPECT_EQ(name->to_der(), encoded);
  }
}

TEST(NameTest, MalformedEncodingsAreRefused) {
  const struct {
    const char* name;
    Bytes encoded;
    const char* error;
  } rows[] = {
      {"not a sequence", hex("3100"), "name: expected tag 0x30, found 0x31"},
      {"data behind it", hex("30000500"), "unexpected data after name"},
      {"empty set", hex("30023100"), "a relative name without attributes"},
      {"no value", hex("3009310730050603550403"), "the encoding ends inside an element"},
      {"two values", hex("300d310b30090603550403 0500 0500"), "unexpected data after name attribute"},
      {"not UTF-8", common_name(der::tag::utf8_string, hex("ff")), "CN: a UTF8String that is not UTF-8"},
      {"overlong", common_name(der::tag::utf8_string, hex("c080")), "CN: a UTF8String that is not UTF-8"},
      {"surrogate", common_name(der::tag::utf8_string, hex("eda080")), "CN: a UTF8String that is not UTF-8"},
      {"beyond Unicode", common_name(der::tag::utf8_string, hex("f4908080")), "CN: a UTF8String that is not UTF-8"},
      {"cut off", common_name(der::tag::utf8_string, hex("e282")), "CN: a UTF8String that is not UTF-8"},
      {"Latin-1 in PrintableString", common_name(der::tag::printable_string, hex("e9")),
       "CN: an ASCII string type with an octet above 0x7f"},
      {"odd BMPString", common_name(der::tag::bmp_string, hex("00")), "CN: a BMPString with an odd number of octets"},
      {"surrogate in BMPString", common_name(der::tag::bmp_string, hex("d83dde00")),
       "CN: a BMPString with a surrogate code point"},
      {"odd UniversalString", common_name(der::tag::universal_string, hex("000061")),
       "CN: a UniversalString whose size is not a multiple of four"},
      {"beyond Unicode in UniversalString", common_name(der::tag::universal_string, hex("00110000")),
       "CN: a UniversalString with an octet group that is no character"},
      {"NUL", common_name(der::tag::printable_string, hex("610062")), "CN: a control character"},
      {"NUL in BMPString", common_name(der::tag::bmp_string, hex("00610000")), "CN: a control character"},
      {"escape", common_name(der::tag::ia5_string, hex("1b")), "CN: a control character"},
      {"C1", common_name(der::tag::teletex_string, hex("9b")), "CN: a control character"},
  };
  for (const auto& row : rows) EXPECT_EQ(error_of(Name::from_der(row.encoded)), row.error) << row.name;
}

TEST(NameTest, NamesMatchWithoutRegardToCaseSpacesAndStringType) {
  const struct {
    const char* a;
    const char* b;
    bool match;
  } rows[] = {
      {"CN=Printer 7", "CN=printer 7", true},
      {"CN=Printer 7", "CN=\\ PRINTER   7\\ ", true},
      {"CN=#0c0178", "CN=#130158", true},
      {"CN=x+O=y", "O=y+CN=x", true},
      {"CN=x+O=y", "CN=x+O=z", false},
      {"CN=x,O=y", "O=y,CN=x", false},
      {"CN=x,O=y", "CN=x", false},
      {"CN=xy", "CN=x y", false},
      {"CN=x", "CN=xy", false},
      {"CN=x", "O=x", false},
      {"CN=\xc3\xa9", "CN=\xc3\x89", false},
      {"1.2.3=#020105", "1.2.3=#020105", true},
      {"1.2.3=#020105", "1.2.3=#020106", false},
      {"", "", true},
  };
  for (const auto& row : rows) {
    const Name a = *Name::from_text(row.a), b = *Name::from_text(row.b);
    EXPECT_EQ(a.matches(b), row.match) << row.a << " / " << row.b;
    EXPECT_EQ(b.matches(a), row.match) << row.b << " / " << row.a;
  }
}

TEST(NameTest, AttributesGetTheStringTypeOfRfc5280) {
  const struct {
    const char* text;
    const char* encoded;
  } rows[] = {
      {"C=DE", "300d310b3009060355040613024445"},
      {"CN=x", "300c310a300806035504030c0178"},
      {"DC=x", "30133111300f060a0992268993f22c640119160178"},
  };
  for (const auto& row : rows) EXPECT_EQ(to_hex(Name::from_text(row.text)->to_der()), row.encoded);
  Name name;
  name.add(oids::serial_number, "a_b");
  name.add(oids::serial_number, "ab");
  EXPECT_EQ(name.relative_names()[0][0].encoding, der::tag::utf8_string);
  EXPECT_EQ(name.relative_names()[1][0].encoding, der::tag::printable_string);
  EXPECT_EQ(name.value_of(oids::serial_number), "ab");
  EXPECT_EQ(name.values_of(oids::serial_number).size(), 2);
  EXPECT_EQ(name.value_of(oids::common_name), std::nullopt);
}

TEST(NameTest, DamagedNamesNeverCrashAndWhatReadsWritesBack) {
  const Bytes encoded = Name::from_text("CN=Gerät 7+UID=x,O=Example\\, Inc.,1.2.3=#020105,C=DE")->to_der();
  testing::read_damaged(encoded, [](const Bytes& bytes) {
    const auto name = Name::from_der(bytes);
    if (!name) return;
    const auto again = Name::from_der(name->to_der());
    ASSERT_TRUE(again) << to_hex(bytes);
    EXPECT_TRUE(again->matches(*name));
  });
}

}  // namespace
}  // namespace chancery::pki
