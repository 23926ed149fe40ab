#include "scep/get_message.h"

#include <gtest/gtest.h>

#include <string>

namespace chancery::scep {
namespace {

// Its base64 is "+/v//g==": every letter that a URL endangers, and padding.
const Bytes awkward{0xfb, 0xfb, 0xff, 0xfe};

// RFC 8894 section 4.1: base64 of RFC 4648 section 4, percent-escaped.
TEST(GetMessage, is_sent_as_percent_encoded_base64_and_not_base64url) {
  EXPECT_EQ(encode_get_message(awkward), "%2B%2Fv%2F%2Fg%3D%3D");
}

TEST(GetMessage, is_read_in_every_form_in_which_clients_send_it) {
  const struct {
    const char* name;
    std::string_view raw;
  } rows[] = {
      {"percent-encoded", "%2B%2Fv%2F%2Fg%3D%3D"},
      {"lower-case escapes", "%2b%2fv%2f%2fg%3d%3d"},
      {"not escaped at all", "+/v//g=="},
      {"a plus that became a space", " /v//g=="},
      {"a plus that became an escaped space", "%20/v//g=="},
      {"base64url", "-_v__g=="},
      {"base64url without padding", "-_v__g"},
      {"half of the padding", "%2B%2Fv%2F%2Fg%3D"},
      {"without padding", "%2B%2Fv%2F%2Fg"},
      {"with line breaks", "%2B%2Fv%2F%0A%2Fg%3D%3D%0A"},
      {"with raw line breaks and tabs", "+/v/\r\n\t/g=="},
      {"with line breaks in the padding", "+/v//g=%0D%0A=%0D%0A"},
      {"everything escaped", "%2B%2F%76%2F%2F%67%3D%3D"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto decoded = decode_get_message(row.raw);
    ASSERT_TRUE(decoded) << decoded.error().text();
    EXPECT_EQ(*decoded, awkward);
  }
}

TEST(GetMessage, that_is_not_base64_is_refused_and_the_error_says_why) {
  using namespace std::string_view_literals;
  const struct {
    const char* name;
    std::string_view raw;
    const char* expect;
  } rows[] = {
      {"nothing", "", "the message is empty"},
      {"only line breaks", "%0D%0A", "the message is empty"},
      {"only padding", "==", "the message is empty"},
      {"an escape cut off", "AAAA%2", "a percent escape that is cut off"},
      {"a bare percent sign", "AAAA%", "a percent escape that is cut off"},
      {"an escape that is not hexadecimal", "AAAA%2G", "a percent escape that is not hexadecimal"},
      {"a foreign letter", "AAAA*AAA", "the message is not base64"},
      {"a NUL", "AAAA%00AAA", "the message is not base64"},
      {"a raw NUL", "AAAA\0AAA"sv, "the message is not base64"},
      {"UTF-8", "AAAA\xc3\xa4", "the message is not base64"},
      {"a doubly escaped plus", "%252BAAA", "the message is not base64"},
      {"padding inside", "AA==AAAA", "base64 padding inside the message"},
      {"six bits left over", "AAAAA", "the message is cut off in the middle of an octet"},
      {"too much padding", "AAA==", "too much base64 padding"},
      {"padding after whole groups", "AAAA=", "too much base64 padding"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto decoded = decode_get_message(row.raw);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().text(), row.expect);
    EXPECT_EQ(decoded.error().code(), ErrorCode::invalid);
  }
}

TEST(GetMessage, comes_back_as_it_was_for_every_length) {
  Bytes message;
  for (int size = 1; size < 70; ++size) {
    message.push_back(static_cast<std::uint8_t>(size * 37));
    const auto decoded = decode_get_message(encode_get_message(message));
    ASSERT_TRUE(decoded) << size;
    EXPECT_EQ(*decoded, message);
  }
}

}  // namespace
}  // namespace chancery::scep
