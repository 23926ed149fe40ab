#include "base/bytes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace chancery {
namespace {

constexpr std::string_view not_pairs = "not hexadecimal: expected pairs of the digits 0-9 and a-f";

TEST(HexTest, IsReadInEitherForm) {
  const struct {
    std::string_view text;
    Bytes expect;
  } rows[] = {
      {"", {}},
      {"00", {0}},
      {"ab01ff", {0xab, 0x01, 0xff}},
      {"AB01Ff", {0xab, 0x01, 0xff}},
      {"AB:01:FF", {0xab, 0x01, 0xff}},
      {"ab01:ff", {0xab, 0x01, 0xff}},
  };
  for (const auto& row : rows) {
    const auto read = from_hex(row.text);
    ASSERT_TRUE(read) << row.text << ": " << read.error().text();
    EXPECT_EQ(*read, row.expect) << row.text;
    EXPECT_EQ(*from_hex(to_hex(*read)), *read);
    EXPECT_EQ(*from_hex(to_colon_hex(*read)), *read);
  }
}

TEST(HexTest, OtherTextsAreRefused) {
  for (const std::string_view text :
       {"a", "abc", "0g", "g0", "0x01", " 01", "01 ", ":01", "01:", "01::02", "0:1", ":", "\xff\xff"}) {
    const auto read = from_hex(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code(), ErrorCode::invalid) << text;
    EXPECT_EQ(read.error().text(), not_pairs) << text;
  }
  EXPECT_FALSE(from_hex(std::string_view("0\0", 2)));
}

TEST(HexTest, IsWrittenInLowerCaseAndWithColonsInUpperCase) {
  EXPECT_EQ(to_hex(Bytes{}), "");
  EXPECT_EQ(to_colon_hex(Bytes{}), "");
  EXPECT_EQ(to_hex(Bytes{0x00, 0x0f, 0xa0, 0xff}), "000fa0ff");
  EXPECT_EQ(to_colon_hex(Bytes{0x00, 0x0f, 0xa0, 0xff}), "00:0F:A0:FF");
}

// RFC 4648 section 10.
TEST(Base64Test, HasTheRfcsVectors) {
  const struct {
    std::string_view plain, base64, base64url;
  } rows[] = {
      {"", "", ""},
      {"f", "Zg==", "Zg"},
      {"fo", "Zm8=", "Zm8"},
      {"foo", "Zm9v", "Zm9v"},
      {"foob", "Zm9vYg==", "Zm9vYg"},
      {"fooba", "Zm9vYmE=", "Zm9vYmE"},
      {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
      {"\xfb\xff\xfe", "+//+", "-__-"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(to_base64(as_bytes(row.plain)), row.base64);
    EXPECT_EQ(to_base64url(as_bytes(row.plain)), row.base64url);
    const auto read = from_base64(row.base64);
    ASSERT_TRUE(read) << row.base64 << ": " << read.error().text();
    EXPECT_EQ(as_text(*read), row.plain);
  }
}

TEST(Base64Test, EveryLengthAndEveryOctetComesBack) {
  Bytes octets;
  for (int i = 0; i < 300; ++i) {
    const auto read = from_base64(to_base64(octets));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, octets);
    octets.push_back(static_cast<std::uint8_t>(i * 7));
  }
}

TEST(Base64Test, OnlyWhiteSpaceMayStandBetween) {
  const struct {
    std::string_view text, expect;  // the error; empty: it is "foo"
  } rows[] = {
      {"Zm9v", ""},
      {" Zm\r\n9v\t\n", ""},
      {"Zm9v=", "not base64: the length is not a multiple of four"},
      {"Zm9", "not base64: the length is not a multiple of four"},
      {"Z", "not base64: the length is not a multiple of four"},
      {"Z===", "not base64: too much padding"},
      {"====", "not base64: too much padding"},
      {"=", "not base64: the length is not a multiple of four"},
      {"Zg==Zg==", "not base64: data after the padding"},
      {"Zg=v", "not base64: data after the padding"},
      {"Zm-v", "not base64: a character outside the alphabet"},
      {"Zm_v", "not base64: a character outside the alphabet"},
      {"Zm9v.", "not base64: a character outside the alphabet"},
      {std::string_view("Zm9v\0", 5), "not base64: a character outside the alphabet"},
      {"Zm9\xc3", "not base64: a character outside the alphabet"},
  };
  for (const auto& row : rows) {
    const auto read = from_base64(row.text);
    EXPECT_EQ(read ? "" : read.error().text(), row.expect) << row.text;
    if (read) {
      EXPECT_EQ(as_text(*read), "foo");
    }
  }
}

TEST(BytesTest, AreEqualOnlyWithTheSameLengthAndContent) {
  const struct {
    std::string_view a, b;
    bool expect;
  } rows[] = {
      {"", "", true},        {"a", "", false},     {"abc", "abc", true}, {"abc", "abd", false},
      {"abc", "bbc", false}, {"abc", "ab", false}, {"ab", "abc", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(equal(as_bytes(row.a), as_bytes(row.b)), row.expect) << row.a << ", " << row.b;
    EXPECT_EQ(equal_constant_time(as_bytes(row.a), as_bytes(row.b)), row.expect) << row.a << ", " << row.b;
  }
}

TEST(SecretBytesTest, AreMovedAndClonedAndCut) {
  SecretBytes secret = SecretBytes::copy_of("open sesame");
  const SecretBytes clone = secret.clone();
  secret.shrink(4);
  EXPECT_EQ(as_text(secret.view()), "open");
  EXPECT_EQ(as_text(clone.view()), "open sesame");
  SecretBytes other = SecretBytes::copy_of("something longer");
  other = std::move(secret);
  EXPECT_EQ(as_text(other.view()), "open");
  other.shrink(0);
  EXPECT_TRUE(other.empty());
  EXPECT_DEATH(other.shrink(1), "size <= bytes_.size");
}

TEST(SecretBytesTest, WhatIsWipedIsZero) {
  Bytes octets = to_bytes(as_bytes("open sesame"));
  wipe(octets);
  EXPECT_TRUE(std::ranges::all_of(octets, [](std::uint8_t octet) { return octet == 0; }));
  wipe({});
}

}  // namespace
}  // namespace chancery
