#include "ca/uri_syntax.h"

#include <gtest/gtest.h>

namespace chancery::ca {
namespace {

TEST(UriSyntaxTest, EachRowBreaksOneRule) {
  const struct {
    std::string uri;
    const char* host;
    const char* problem;
  } rows[] = {
      {"https://a.example.com", "a.example.com", ""},
      {"https://user@a.example.com:8443/x?y#z", "a.example.com", ""},
      {"https://10.0.0.1/x", "10.0.0.1", ""},
      {"https://[fe80::1]:443/", "fe80::1", ""},
      {"spiffe://example.org/printer/7", "example.org", ""},
      {"sip:7@example.com;transport=tls", "example.com", ""},
      {"SIPS:example.com:5061", "example.com", ""},
      {"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "", ""},
      {"tag:example.com,2026:x%20y", "", ""},
      {"", "", "is not absolute: a scheme comes first, as in https://"},
      {"a.example.com/x", "", "is not absolute: a scheme comes first, as in https://"},
      {"1a:x", "", "is not absolute: a scheme comes first, as in https://"},
      {"urn:", "", "has nothing after its scheme"},
      {"urn:a b", "", "has a character that must be percent-encoded"},
      {"urn:a%2", "", "has a character that must be percent-encoded"},
      {"urn:b\xc3\xbc"
       "cher",
       "", "has a character that must be percent-encoded"},
      {"https:/x", "", "has no host"},
      {"https:///x", "", "has a host that is empty"},
      {"https://a_b.example/x", "a_b.example", "has a host that has an underscore"},
      {"https://a.example:port/", "a.example", "has a port that is no number"},
      {"https://[fe80::/", "", "has no IPv6 address in its brackets"},
      {"https://[fe80::1]x/", "fe80::1", "has a port that is no number"},
      {"urn:" + std::string(2044, 'a'), "", ""},
      {"urn:" + std::string(2045, 'a'), "", "has more than 2048 characters"},
  };
  for (const auto& row : rows) {
    const UriParts parts = examine_uri(row.uri);
    EXPECT_EQ(parts.problem, row.problem) << row.uri;
    if (parts.problem.empty()) {
      EXPECT_EQ(parts.host, row.host) << row.uri;
    }
  }
}

}  // namespace
}  // namespace chancery::ca
