#include "pki/rsa_padding.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "testing/fakes.h"

namespace chancery::pki {
namespace {

TEST(RsaPadding, HasNoZeroBeforeTheSeparator) {
  testing::FakeRandom random;
  for (int round = 0; round < 50; ++round) {
    const auto padded = pad_pkcs1(as_bytes("key"), 128, random);
    ASSERT_TRUE(padded.has_value());
    const ByteView octets = padded->view();
    EXPECT_EQ(octets[0], 0);
    EXPECT_EQ(octets[1], 2);
    EXPECT_EQ(std::ranges::count(octets.subspan(2, 122), 0), 0);
    EXPECT_EQ(octets[124], 0);
    EXPECT_EQ(as_text(octets.last(3)), "key");
  }
}

TEST(RsaPadding, NeedsElevenOctets) {
  testing::FakeRandom random;
  EXPECT_TRUE(pad_pkcs1(Bytes(53), 64, random).has_value());
  EXPECT_EQ(pad_pkcs1(Bytes(54), 64, random).error().text(), "the content is too long for this RSA key");
}

TEST(RsaPadding, GivesTheContentOnlyWhenEverythingIsRight) {
  const Bytes content = {1, 2, 3, 0, 5};
  Bytes good(32, 0xaa);
  good[0] = 0;
  good[1] = 2;
  good[26] = 0;
  std::ranges::copy(content, good.end() - 5);
  const struct {
    const char* name;
    std::size_t at;
    std::uint8_t value;
    std::size_t expected_size;
    bool opens;
  } rows[] = {
      {"right", 0, 0, 5, true},
      {"the first octet is not 0", 0, 1, 5, false},
      {"the block type is a signature's", 1, 1, 5, false},
      {"a zero among the first eight", 2, 0, 5, false},
      {"a zero just before the separator", 25, 0, 5, false},
      {"no separator", 26, 7, 5, false},
      {"a longer content is expected", 0, 0, 6, false},
      {"a shorter content is expected, and its separator is there", 0, 0, 1, false},
      {"more is expected than can be", 0, 0, 22, false},
      {"more is expected than there is", 0, 0, 40, false},
  };
  for (const auto& row : rows) {
    Bytes padded = good;
    padded[row.at] = row.value;
    Bytes result(row.expected_size, 0x77);
    unpad_pkcs1_into(padded, result);
    EXPECT_EQ(result == content, row.opens) << row.name;
    if (!row.opens) {
      EXPECT_EQ(result, Bytes(row.expected_size, 0x77)) << row.name;
    }
  }
}

}  // namespace
}  // namespace chancery::pki
