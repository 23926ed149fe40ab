#include "base/ascii.h"

#include <gtest/gtest.h>

namespace chancery::ascii {
namespace {

TEST(Ascii, KnowsItsLettersAndDigitsAndNoOthers) {
  std::string letters, digits;
  for (int octet = 0; octet < 256; ++octet) {
    const char c = static_cast<char>(octet);
    if (is_letter(c)) letters += c;
    if (is_digit(c)) digits += c;
    EXPECT_EQ(is_letter_or_digit(c), is_letter(c) || is_digit(c)) << octet;
  }
  EXPECT_EQ(letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  EXPECT_EQ(digits, "0123456789");
}

TEST(Ascii, LeavesWhatIsNoCapitalLetterAsItIs) {
  EXPECT_EQ(lower("AZ az @[`{ 09 ÄÖ"), "az az @[`{ 09 ÄÖ");
  EXPECT_TRUE(equal_ignoring_case("Host.Example", "hOST.eXAMPLE"));
  EXPECT_FALSE(equal_ignoring_case("Ä", "ä"));
  EXPECT_FALSE(equal_ignoring_case("host", "hos"));
  EXPECT_FALSE(equal_ignoring_case("@", "`")) << "32 apart, as the letters are";
}

TEST(Ascii, ReadsHexadecimalDigits) {
  int known = 0;
  for (int octet = 0; octet < 256; ++octet) known += hex_value(static_cast<char>(octet)) >= 0 ? 1 : 0;
  EXPECT_EQ(known, 22);
  EXPECT_EQ(hex_value('0'), 0);
  EXPECT_EQ(hex_value('9'), 9);
  EXPECT_EQ(hex_value('a'), 10);
  EXPECT_EQ(hex_value('F'), 15);
  EXPECT_EQ(hex_value('g'), -1);
}

TEST(Ascii, TrimsBothEnds) {
  EXPECT_EQ(trimmed(" \ta b\t "), "a b");
  EXPECT_EQ(trimmed("\na\n"), "\na\n") << "a line's end is no blank unless it is named";
  EXPECT_EQ(trimmed("\r\na\r\n", " \t\r\n"), "a");
  EXPECT_EQ(trimmed(" \t"), "");
  EXPECT_EQ(trimmed(""), "");
}

}  // namespace
}  // namespace chancery::ascii
