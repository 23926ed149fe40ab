#include "http/url_query.h"

#include <gtest/gtest.h>

namespace chancery::http {
namespace {

TEST(RawParameter, FindsValuesAsTheyWereSent) {
  const struct {
    const char* name;
    std::string_view query;
    std::string_view parameter;
    std::optional<std::string_view> expect;
  } rows[] = {
      {"plain", "operation=GetCACert&message=ca", "operation", "GetCACert"},
      {"last", "operation=GetCACert&message=ca", "message", "ca"},
      {"plus, slash and equals signs stay", "operation=PKIOperation&message=MII+a/b==", "message", "MII+a/b=="},
      {"escapes stay", "message=MII%2Ba%0A", "message", "MII%2Ba%0A"},
      {"empty value", "message=&operation=x", "message", ""},
      {"no equals sign", "message&operation=x", "message", ""},
      {"absent", "operation=x", "message", std::nullopt},
      {"empty query", "", "message", std::nullopt},
      {"empty pieces", "&&message=1&&", "message", "1"},
      {"an empty piece is not the empty name", "&&", "", std::nullopt},
      {"the first of two", "a=1&a=2", "a", "1"},
      {"names have case", "Message=1", "message", std::nullopt},
      {"a longer name is another", "messages=1", "message", std::nullopt},
      {"a second question mark is part of the value", "a=1?b=2", "a", "1?b=2"},
  };
  for (const auto& row : rows) EXPECT_EQ(raw_parameter(row.query, row.parameter), row.expect) << row.name;
}

TEST(PercentDecode, DecodesEscapesAndLeavesThePlusSign) {
  EXPECT_EQ(percent_decode("A%42+c%2b%0A").value(), "AB+c+\n");
  EXPECT_EQ(percent_decode("").value(), "");
  EXPECT_EQ(percent_decode("%00").value(), std::string("\0", 1));
}

TEST(PercentDecode, RefusesIncompleteEscapes) {
  for (const std::string_view text : {"%", "a%", "%4", "%4g", "%g4", "%%41", "% 1"}) {
    const auto decoded = percent_decode(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error().code(), ErrorCode::invalid);
    EXPECT_EQ(decoded.error().text(), "'%' is not followed by two hexadecimal digits");
  }
}

TEST(PercentEncode, EscapesAllButUnreservedCharacters) {
  EXPECT_EQ(percent_encode("azAZ09-._~"), "azAZ09-._~");
  EXPECT_EQ(percent_encode("+/= \xff"), "%2B%2F%3D%20%FF");
}

TEST(PercentEncode, IsUndoneByDecoding) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_EQ(percent_decode(percent_encode(all)).value(), all);
}

}  // namespace
}  // namespace chancery::http
