#include "http/chunked_body.h"

#include <gtest/gtest.h>

namespace chancery::http {
namespace {

TEST(ChunkedBody, IsPutTogetherHoweverItArrives) {
  const std::string_view coded = "4\r\nWiki\r\n00A;name=\"value\"\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nGET /next";
  for (std::size_t step = 1; step <= coded.size(); ++step) {
    ChunkedBody chunked(100);
    Bytes body;
    std::size_t used = 0;
    for (std::size_t at = 0; at < coded.size() && !chunked.complete(); at += step)
      used += chunked.read(as_bytes(coded.substr(at, step)), body).value();
    EXPECT_TRUE(chunked.complete()) << step;
    EXPECT_EQ(as_text(body), "Wiki0123456789") << step;
    EXPECT_EQ(coded.substr(used), "GET /next") << step;
  }
}

TEST(ChunkedBody, RefusesWhatIsNotThisCoding) {
  const std::string long_extension = "1;" + std::string(9000, 'x') + "\r\n";
  const std::string long_trailer = "0\r\n" + std::string(9000, 'x');
  const struct {
    const char* name;
    std::string_view coded;
    ErrorCode code;
    const char* expect;
  } rows[] = {
      {"no size", "\r\n", ErrorCode::invalid, "a chunk does not begin with its size"},
      {"negative size", "-1\r\n", ErrorCode::invalid, "a chunk does not begin with its size"},
      {"size with a prefix", "0x4\r\n", ErrorCode::invalid, "a chunk's size is not hexadecimal"},
      {"bare line feed behind the size", "4\nWiki", ErrorCode::invalid, "a chunk's size is not hexadecimal"},
      {"bare carriage return behind the size", "4\rWiki", ErrorCode::invalid,
       "a chunk's size line does not end with CR LF"},
      {"longer than its size", "4\r\nWikip\r\n", ErrorCode::invalid, "a chunk is longer than its size"},
      {"no line feed behind the data", "1\r\nx\rx", ErrorCode::invalid, "a chunk is longer than its size"},
      {"nine digits", "000000001\r\nx", ErrorCode::refused, "a chunk is too long"},
      {"beyond the limit", "11\r\n", ErrorCode::refused, "the body is too long"},
      {"beyond the limit together", "8\r\n01234567\r\n9\r\n", ErrorCode::refused, "the body is too long"},
      {"endless extension", long_extension, ErrorCode::invalid, "a chunk's extension is malformed or too long"},
      {"endless trailer", long_trailer, ErrorCode::invalid, "the trailer is malformed or too long"},
      {"bare carriage return in the trailer", "0\r\na: b\rc", ErrorCode::invalid,
       "a trailer line does not end with CR LF"},
      {"no last line feed", "0\r\n\rx", ErrorCode::invalid, "the chunked body does not end with CR LF"},
  };
  for (const auto& row : rows) {
    ChunkedBody chunked(16);
    Bytes body;
    const auto used = chunked.read(as_bytes(row.coded), body);
    ASSERT_FALSE(used) << row.name;
    EXPECT_EQ(used.error().code(), row.code) << row.name;
    EXPECT_EQ(used.error().text(), row.expect) << row.name;
  }
}

TEST(ChunkedBody, MayBeExactlyAsLongAsTheLimit) {
  ChunkedBody chunked(16);
  Bytes body;
  ASSERT_TRUE(chunked.read(as_bytes("8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n"), body));
  EXPECT_TRUE(chunked.complete());
  EXPECT_EQ(body.size(), 16U);
}

}  // namespace
}  // namespace chancery::http
