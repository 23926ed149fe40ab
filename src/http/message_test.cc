#include "http/message.h"

#include <gtest/gtest.h>

namespace chancery::http {
namespace {

TEST(RequestTarget, SplitsIntoPathAndQueryWithoutDecoding) {
  const struct {
    const char* name;
    const char* target;
    std::string_view path;
    std::string_view query;
  } rows[] = {
      {"path and query", "/scep/a?operation=x&m=1+2", "/scep/a", "operation=x&m=1+2"},
      {"path only", "/scep", "/scep", ""},
      {"empty query", "/scep?", "/scep", ""},
      {"two question marks", "/scep?a?b", "/scep", "a?b"},
      {"escapes stay", "/sc%65p?%20", "/sc%65p", "%20"},
      {"absolute form", "http://ca.example:8080/scep?a=1", "/scep", "a=1"},
      {"absolute form without path", "http://ca.example", "", ""},
      {"absolute form with query only", "http://ca.example?a=1", "", "a=1"},
      {"a URL within the query", "/x?u=http://a/b", "/x", "u=http://a/b"},
      {"a port within the path, as Cisco sends it", "/scep:8081/pkiclient.exe", "/scep:8081/pkiclient.exe", ""},
      {"no slash", "scep?a", "scep", "a"},
      {"asterisk", "*", "*", ""},
  };
  for (const auto& row : rows) {
    const Request request{.target = row.target};
    EXPECT_EQ(request.path(), row.path) << row.name;
    EXPECT_EQ(request.query(), row.query) << row.name;
  }
}

TEST(RequestHeader, IsFoundInAnyCaseAndTheFirstCounts) {
  const Request request{.headers = {{"content-TYPE", "a/b"}, {"Content-Type", "c/d"}}};
  EXPECT_EQ(request.header("Content-Type"), "a/b");
  EXPECT_EQ(request.header("Content-Typ"), "");
}

TEST(TextResponse, IsOneLineOfPlainText) {
  const Response response = text_response(404, "Nothing here.");
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(as_text(response.body), "Nothing here.\n");
}

}  // namespace
}  // namespace chancery::http
