#include "ca/dns_name.h"

#include <gtest/gtest.h>

namespace chancery::ca {
namespace {

TEST(DnsNameTest, EachRowBreaksOneRule) {
  const std::string label63(63, 'a');
  const std::string name253 = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'a');
  const struct {
    std::string name;
    const char* expect;
  } rows[] = {
      {"printer", ""},
      {"a.example.com", ""},
      {"3com.example", ""},
      {"10.example", ""},
      {"xn--bcher-kva.example", ""},
      {label63 + ".example", ""},
      {label63 + "a.example", "has a label of more than 63 characters"},
      {name253, ""},
      {name253 + "a", "has more than 253 characters"},
      {"", "is empty"},
      {"a..b", "has an empty label"},
      {"a.example.", "has an empty label"},
      {".a", "has an empty label"},
      {"_sip.example", "has an underscore"},
      {"a b.example", "has a character that host names do not have"},
      {"a*.example", "has a character that host names do not have"},
      {std::string("a\0.example", 10), "has a character that host names do not have"},
      {"b\xc3\xbc"
       "cher.example",
       "is not ASCII: international names are written as xn--…"},
      {"-a.example", "has a label that starts or ends with a hyphen"},
      {"a-.example", "has a label that starts or ends with a hyphen"},
      {"ab--c.example", "has a label with -- that is no A-label (xn--…)"},
      {"10.0.0.1", "ends in digits alone"},
      {"1", "ends in digits alone"},
  };
  for (const auto& row : rows) EXPECT_EQ(dns_name_problem(row.name), row.expect) << row.name;
}

TEST(DnsNameTest, ASuffixEndsAtALabel) {
  const std::vector<std::string> suffixes = {"example.com", "lan"};
  EXPECT_TRUE(below_any("example.com", suffixes));
  EXPECT_TRUE(below_any("a.b.Example.COM", suffixes));
  EXPECT_TRUE(below_any("printer.lan", suffixes));
  EXPECT_FALSE(below_any("badexample.com", suffixes));
  EXPECT_FALSE(below_any("example.com.evil", suffixes));
  EXPECT_FALSE(below_any("com", suffixes));
  EXPECT_FALSE(below_any("a.example.com", {}));
}

}  // namespace
}  // namespace chancery::ca
