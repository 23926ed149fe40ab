#include "device/scep_url.h"

#include <gtest/gtest.h>

namespace chancery::device {
namespace {

TEST(ScepUrl, StaysAsGivenAndABareHostGetsTheUsualPath) {
  const struct {
    const char* text;
    const char* expect;
  } rows[] = {
      {"http://ca.example/scep/printers", "http://ca.example/scep/printers"},
      {"https://ca.example:8443/scep/printers", "https://ca.example:8443/scep/printers"},
      {"ca.example/certsrv/mscep/mscep.dll", "http://ca.example/certsrv/mscep/mscep.dll"},
      {"ca.example", "http://ca.example/cgi-bin/pkiclient.exe"},
      {"ca.example:8080", "http://ca.example:8080/cgi-bin/pkiclient.exe"},
      {"HTTPS://ca.example/", "https://ca.example/cgi-bin/pkiclient.exe"},
      {"[2001:db8::1]:80", "http://[2001:db8::1]:80/cgi-bin/pkiclient.exe"},
  };
  for (const auto& row : rows) EXPECT_EQ(scep_url_from_text(row.text).value_or("an error"), row.expect);
}

TEST(ScepUrl, RefusesWhatCannotBeAppendedToOrHoldsASecret) {
  const struct {
    const char* text;
    const char* expect;
  } rows[] = {
      {"", "the URL is empty or has characters that no URL has"},
      {"http://ca.example/a b", "the URL is empty or has characters that no URL has"},
      {"http://ca.example/a\nb", "the URL is empty or has characters that no URL has"},
      {"ftp://ca.example/", "the URL 'ftp://ca.example/' must begin with http:// or https://"},
      {"http://ca.example/scep?operation=GetCACert", "the URL must end before '?': the operation is added to it"},
      {"http:///scep", "the URL names no host"},
      {"http://user:password@ca.example/", "the URL must not hold a user name or password"},
  };
  for (const auto& row : rows) {
    const auto url = scep_url_from_text(row.text);
    ASSERT_FALSE(url) << row.text;
    EXPECT_EQ(url.error().text(), row.expect);
  }
}

}  // namespace
}  // namespace chancery::device
