#include "http/static_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chancery::embedded {
std::span<const http::StaticFile> static_files_testing();
std::span<const http::StaticFile> static_files_missing();
}  // namespace chancery::embedded

namespace chancery::http {
namespace {

using ::testing::HasSubstr;

const StaticFile table[] = {
    {.path = "/index.html", .content = as_bytes("page"), .etag = "1"},
    {.path = "/logo.svg", .content = as_bytes("logo"), .gzip = as_bytes("g"), .etag = "2"},
    {.path = "/assets/index-BkF3x9aZ.js", .content = as_bytes("code"), .gzip = as_bytes("c"), .etag = "3"},
};

Request request(std::string target, std::vector<Header> headers = {}) {
  return {.method = "GET", .target = std::move(target), .headers = std::move(headers)};
}

TEST(StaticFilesTest, FindsAFileOrThePageThatMakesSomethingOfThePath) {
  const struct {
    const char* target;
    const char* accept;
    const char* expect;
  } rows[] = {
      {"/", "*/*", "page"},
      {"/index.html", "*/*", "page"},
      {"/logo.svg?v=1", "*/*", "logo"},
      {"/devices/12", "*/*", "page"},
      {"/devices/printer.example.com", "text/html,*/*;q=0.8", "page"},
      {"/devices/printer.example.com", "*/*", "There is no such page.\n"},
      {"/missing.js", "*/*", "There is no such page.\n"},
      {"/assets/index-00000000.js", "text/html", "There is no such page.\n"},
      {"/../index.html", "*/*", "There is no such page.\n"},
  };
  const StaticFiles files(table);
  for (const auto& row : rows) {
    const Response response = files.answer(request(row.target, {{"Accept", row.accept}}));
    EXPECT_EQ(as_text(response.body), row.expect) << row.target;
    EXPECT_EQ(response.status, response.body.back() == '\n' ? 404U : 200U) << row.target;
    EXPECT_THAT(response.header("Content-Security-Policy"), HasSubstr("default-src 'self'")) << row.target;
    EXPECT_THAT(response.header("Content-Security-Policy"), HasSubstr("frame-ancestors 'none'")) << row.target;
    EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff") << row.target;
    EXPECT_EQ(response.header("Referrer-Policy"), "no-referrer") << row.target;
  }
}

TEST(StaticFilesTest, StandsBelowAPrefix) {
  const StaticFiles files(table, {.prefix = "/ui"});
  for (const char* target : {"/ui", "/ui/", "/ui/devices"})
    EXPECT_EQ(as_text(files.answer(request(target)).body), "page") << target;
  EXPECT_EQ(as_text(files.answer(request("/ui/logo.svg")).body), "logo");
  for (const char* target : {"/", "/uix", "/logo.svg"}) EXPECT_EQ(files.answer(request(target)).status, 404U) << target;
}

TEST(StaticFilesTest, OnlyReads) {
  const Response response = StaticFiles(table).answer({.method = "POST", .target = "/"});
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(response.header("Allow"), "GET, HEAD");
}

TEST(StaticFilesTest, SendsNothingTwice) {
  const struct {
    const char* if_none_match;
    const char* accept_encoding;
    unsigned expect;
  } rows[] = {
      {"", "", 200},  {"\"2\"", "", 304},     {"W/\"2\"", "", 304},        {"\"x\", \"2\"", "", 304},
      {"*", "", 304}, {"\"2\"", "gzip", 200}, {"\"2-gzip\"", "gzip", 304}, {"\"2-gzip\"", "", 200},
      {"2", "", 200},
  };
  const StaticFiles files(table);
  for (const auto& row : rows) {
    const Response response = files.answer(
        request("/logo.svg", {{"If-None-Match", row.if_none_match}, {"Accept-Encoding", row.accept_encoding}}));
    EXPECT_EQ(response.status, row.expect) << row.if_none_match;
    EXPECT_EQ(response.body.empty(), row.expect == 304) << row.if_none_match;
    EXPECT_EQ(response.header("ETag"), *row.accept_encoding != '\0' ? "\"2-gzip\"" : "\"2\"") << row.if_none_match;
    EXPECT_EQ(response.header("Vary"), "Accept-Encoding") << row.if_none_match;
  }
}

TEST(StaticFilesTest, SendsTheCompressedFormToWhoTakesIt) {
  const Response response = StaticFiles(table).answer(request("/logo.svg", {{"Accept-Encoding", "br, gzip"}}));
  EXPECT_EQ(as_text(response.body), "g");
  EXPECT_EQ(response.header("Content-Encoding"), "gzip");
  EXPECT_EQ(response.content_type, "image/svg+xml");
}

TEST(StaticFilesTest, MayBeKeptForEverOnlyWhenNamedByItsContent) {
  const StaticFiles files(table);
  EXPECT_EQ(files.answer(request("/assets/index-BkF3x9aZ.js")).header("Cache-Control"),
            "public, max-age=31536000, immutable");
  for (const char* target : {"/", "/logo.svg", "/devices"})
    EXPECT_EQ(files.answer(request(target)).header("Cache-Control"), "no-cache") << target;
}

TEST(StaticFilesTest, KnowsAHashInAName) {
  for (const char* path : {"/assets/index-BkF3x9aZ.js", "/assets/a-D-x9_aZk.css", "/ui/assets/inter-a1b2c3d4.woff2"})
    EXPECT_TRUE(is_named_by_hash(path)) << path;
  for (const char* path : {"/index-BkF3x9aZ.js", "/assets/index.js", "/assets/some-filename.png",
                           "/assets/-BkF3x9aZ.js", "/assets/index-BkF3x9a.js", "/assets/index-BkF3.9aZ.js"})
    EXPECT_FALSE(is_named_by_hash(path)) << path;
}

TEST(StaticFilesTest, ReadsAcceptEncoding) {
  for (const char* text : {"gzip", "GZIP", "deflate, gzip;q=1.0", "*", "x-gzip", "gzip;q=0.001"})
    EXPECT_TRUE(accepts_gzip(text)) << text;
  for (const char* text : {"", "br", "gzip;q=0", "gzip; q=0.000", "gzipx", "identity"})
    EXPECT_FALSE(accepts_gzip(text)) << text;
}

TEST(StaticFilesTest, EmbedsAFolder) {
  const auto files = embedded::static_files_testing();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].path, "/assets/index-BkF3x9aZ.js");
  EXPECT_EQ(as_text(files[0].content), "export const one = 1;\n");
  EXPECT_TRUE(files[0].gzip.empty());
  EXPECT_EQ(files[1].path, "/index.html");
  EXPECT_THAT(std::string(as_text(files[1].content)), HasSubstr("to be embedded"));
  ASSERT_GT(files[1].gzip.size(), 20U);
  EXPECT_LT(files[1].gzip.size(), files[1].content.size());
  EXPECT_EQ(to_hex(files[1].gzip.first(3)), "1f8b08");
  EXPECT_EQ(files[1].etag.size(), 24U);
  EXPECT_NE(files[0].etag, files[1].etag);
}

TEST(StaticFilesTest, SaysThatThePagesWereNotBuilt) {
  ASSERT_TRUE(embedded::static_files_missing().empty());
  const Response response = StaticFiles(embedded::static_files_missing()).answer(request("/"));
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(std::string(as_text(response.body)), HasSubstr("built without its web pages"));
}

}  // namespace
}  // namespace chancery::http
