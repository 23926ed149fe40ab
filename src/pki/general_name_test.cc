#include "pki/general_name.h"

#include <gtest/gtest.h>

#include "pki/x509_testing.h"

namespace chancery::pki {
namespace {

using testing::error_of;
using testing::hex;

TEST(GeneralNameTest, TextAndEncodingAreTwoFormsOfTheSame) {
  const struct {
    const char* text;
    const char* encoded;
    const char* shown;  // nullptr: as `text`
  } rows[] = {
      {"dns:Host.example", "820c486f73742e6578616d706c65", nullptr},
      {"email:a@b.example", "810b6140622e6578616d706c65", nullptr},
      {"uri:urn:x", "860575726e3a78", nullptr},
      {"ip:192.0.2.7", "8704c0000207", nullptr},
      {"ip:2001:DB8:0::7", "871020010db8000000000000000000000007", "ip:2001:db8::7"},
      {"rid:1.2.3", "88022a03", nullptr},
      {"dirname:CN=x", "a40e300c310a300806035504030c0178", nullptr},
      {"upn:u@x", "a013060a2b060104018237140203a0050c03754078", nullptr},
      {"othername:1.2.3:0c0178", "a00906022a03a0030c0178", nullptr},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const auto name = general_name_from_text(row.text);
    ASSERT_TRUE(name) << name.error().text();
    der::Writer out;
    write_general_name(out, *name);
    EXPECT_EQ(to_hex(out.view()), row.encoded);
    EXPECT_EQ(to_string(*name), row.shown != nullptr ? row.shown : row.text);
    const auto again = read_general_name(*der::Reader(out.view()).any());
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_TRUE(again->matches(*name));
    EXPECT_EQ(again->text, name->text);
  }
}

TEST(GeneralNameTest, MalformedTextIsRefused) {
  const struct {
    const char* text;
    const char* error;
  } rows[] = {
      {"host.example", "'host.example' is not a name: expected dns:, ip:, email:, uri:, dirname:, rid: or upn:"},
      {"dns", "'dns' is not a name: expected dns:, ip:, email:, uri:, dirname:, rid: or upn:"},
      {"dns:", "dns: an empty name"},
      {"dns:b\xc3\xbc"
       "cher.example",
       "dns: an octet above 0x7f"},
      {"ip:192.0.2", "ip: '192.0.2' is not an IP address"},
      {"ip:192.0.2.0/24", "ip: '192.0.2.0/24' is not an IP address"},
      {"dirname:x", "dirname: expected TYPE=value, found 'x'"},
      {"rid:x", "rid: not an object identifier: expected numbers with dots, for example 1.3.6.1.5.5.7.3.2"},
      {"upn:", "upn: expected user@host"},
      {"upn:\n", "upn: expected user@host"},
      {"othername:1.2.3", "othername: expected an object identifier, a colon and hexadecimal"},
      {"x400:00", "x400: a kind of name that has no text form"},
  };
  for (const auto& row : rows) EXPECT_EQ(error_of(general_name_from_text(row.text)), row.error) << row.text;
}

TEST(GeneralNameTest, MalformedEncodingsAreRefused) {
  Bytes many;
  for (int i = 0; i < 257; ++i) append(many, hex("820161"));
  der::Writer too_many;
  too_many.sequence([&] { too_many.raw(many); });
  const struct {
    const char* name;
    Bytes encoded;
    const char* error;
  } rows[] = {
      {"none", hex("3000"), "general names: none"},
      {"no sequence", hex("820161"), "general names: expected tag 0x30, found 0x82"},
      {"unknown tag", hex("3003890161"), "a general name with tag 0x89"},
      {"constructed DNS name", hex("3003a20161"), "a general name with tag 0xa2"},
      {"NUL in a DNS name", hex("30058203610062"), "dns: a NUL octet"},
      {"UTF-8 in a URI", hex("30048602c3a9"), "uri: an octet above 0x7f"},
      {"NUL in an e-mail address", hex("3003810100"), "email: a NUL octet"},
      {"address with mask", hex("300a8708c0000200ffffff00"), "ip: an address of 8 octets"},
      {"empty identifier", hex("30028800"), "rid: object identifier of an unsupported length"},
      {"directory name without name", hex("3002a400"), "dirname: name: missing"},
      {"other name without type", hex("3002a000"), "othername: missing"},
      {"other name without value", hex("3006a00406022a03"), "othername: missing"},
      {"UPN that is a number", hex("3013a011060a2b060104018237140203a003020105"), "upn: expected tag 0x0c, found 0x02"},
      {"257 names", too_many.take(), "general names: more than 256"},
  };
  for (const auto& row : rows) EXPECT_EQ(error_of(read_general_names(row.encoded)), row.error) << row.name;
}

TEST(GeneralNameTest, KindsWithoutTextFormKeepTheirOctets) {
  const Bytes encoded = hex("3009 a303020107 a5020500");
  const auto names = read_general_names(encoded);
  ASSERT_TRUE(names) << names.error().text();
  EXPECT_EQ(to_string((*names)[0]), "x400:020107");
  EXPECT_EQ(to_string((*names)[1]), "ediparty:0500");
  der::Writer out;
  write_general_names(out, *names);
  EXPECT_EQ(out.take(), encoded);
}

TEST(GeneralNameTest, HostsMatchWithoutRegardToCase) {
  const struct {
    const char* a;
    const char* b;
    bool match;
  } rows[] = {
      {"dns:Host.Example", "dns:host.example", true},
      {"dns:host.example", "dns:host.example.", false},
      {"email:a@Host.example", "email:a@host.EXAMPLE", true},
      {"email:A@host.example", "email:a@host.example", false},
      {"uri:https://Host/", "uri:https://host/", false},
      {"ip:::1", "ip:0:0:0:0:0:0:0:1", true},
      {"dns:10.0.0.1", "ip:10.0.0.1", false},
      {"upn:a@b", "upn:A@b", false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(general_name_from_text(row.a)->matches(*general_name_from_text(row.b)), row.match) << row.a;
}

TEST(GeneralNameTest, NamesAreComparedAsSets) {
  const auto names = [](const std::vector<const char*>& texts) {
    std::vector<GeneralName> list;
    for (const char* text : texts) list.push_back(*general_name_from_text(text));
    return list;
  };
  const auto both = names({"dns:a.example", "ip:10.0.0.7"});
  EXPECT_TRUE(same_names(both, names({"ip:10.0.0.7", "dns:A.example"})));
  EXPECT_TRUE(same_names({}, {}));
  EXPECT_FALSE(same_names(both, names({"dns:a.example"})));
  EXPECT_FALSE(same_names(names({"dns:a.example"}), both));
  EXPECT_FALSE(same_names(both, {}));
}

}  // namespace
}  // namespace chancery::pki
