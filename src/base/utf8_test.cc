#include "base/utf8.h"

#include <gtest/gtest.h>

namespace chancery::utf8 {
namespace {

constexpr std::string_view mixed = "aüあ🔑z";  // one, two, three, four and one octets

TEST(Utf8, IsCutBetweenCharactersWhereverTheLimitIs) {
  const std::string_view wanted[] = {"", "a", "a", "aü", "aü", "aü", "aüあ", "aüあ", "aüあ", "aüあ", "aüあ🔑", mixed};
  for (std::size_t most = 0; most < std::size(wanted); ++most) EXPECT_EQ(cut(mixed, most), wanted[most]) << most;
  EXPECT_EQ(cut(mixed, 1000), mixed);
}

TEST(Utf8, KnowsWhatIsNone) {
  EXPECT_TRUE(is_valid(mixed));
  EXPECT_TRUE(is_valid(""));
  for (const std::string_view text :
       {"\x80", "\xc3", "\xc0\x80", "\xe3\x81", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"})
    EXPECT_FALSE(is_valid(text));
}

TEST(Utf8, IsRepairedOctetByOctet) {
  EXPECT_EQ(repaired(std::string(mixed)), mixed);
  EXPECT_EQ(repaired("a\xe3\x81"), "a\ufffd\ufffd");
  EXPECT_EQ(repaired("\xc3\"z"), "\ufffd\"z") << "the octet behind half a character is its own";
  for (std::size_t end = 0; end <= mixed.size(); ++end)
    EXPECT_TRUE(is_valid(repaired(std::string(mixed.substr(0, end)))));
}

}  // namespace
}  // namespace chancery::utf8
