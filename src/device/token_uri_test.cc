#include "device/token_uri.h"

#include <gtest/gtest.h>

namespace chancery::device {
namespace {

TEST(TokenUri, IsTheSameAfterItWasWrittenAndRead) {
  const TokenUri uri{.place = {.module = "/usr/lib/x y/p11.so", .token = "My token; 50%?", .pin_file = "/etc/a&b/pin"},
                     .id = {0x01, 0xff, 0x3b},
                     .label = "chancery-agent web"};
  const std::string text = to_text(uri);
  EXPECT_EQ(text,
            "pkcs11:token=My%20token%3B%2050%25%3F;id=%01%FF%3B;object=chancery-agent%20web;type=private?module-path=/"
            "usr/lib/x%20y/p11.so&pin-source=file:/etc/a%26b/pin");
  const TokenUri read = token_uri_from_text(text + "\n").value();
  EXPECT_EQ(read.place, uri.place);
  EXPECT_EQ(read.id, uri.id);
  EXPECT_EQ(read.label, uri.label);
}

TEST(TokenUri, ThatIsWrongSaysWhy) {
  const struct {
    const char* name;
    const char* text;
    const char* expect;
  } rows[] = {
      {"another scheme", "file:/x", "it does not begin with 'pkcs11:'"},
      {"no id", "pkcs11:token=a?module-path=/x", "a PKCS#11 URI: token, id and module-path have to be there"},
      {"no token", "pkcs11:id=%01?module-path=/x", "a PKCS#11 URI: token, id and module-path have to be there"},
      {"no module", "pkcs11:token=a;id=%01", "a PKCS#11 URI: token, id and module-path have to be there"},
      {"half an octet", "pkcs11:token=a;id=%1?module-path=/x",
       "a PKCS#11 URI: not hexadecimal: expected pairs of the digits 0-9 and a-f"},
      {"a certificate", "pkcs11:token=a;id=%01;type=cert?module-path=/x",
       "a PKCS#11 URI: it names no private key but 'cert'"},
      {"a PIN", "pkcs11:token=a;id=%01?module-path=/x&pin-value=1234",
       "a PKCS#11 URI: it holds a PIN, which belongs into a file of its own"},
      {"something else", "pkcs11:token=a;id=%01;colour=red?module-path=/x", "a PKCS#11 URI: 'colour' is not known"},
  };
  for (const auto& row : rows) {
    const auto uri = token_uri_from_text(row.text);
    EXPECT_EQ(uri ? "" : uri.error().text(), row.expect) << row.name;
  }
}

}  // namespace
}  // namespace chancery::device
