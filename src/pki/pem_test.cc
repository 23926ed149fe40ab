#include "pki/pem.h"

#include <gtest/gtest.h>

#include "pki/x509_testing.h"

namespace chancery::pki {
namespace {

using testing::error_of;

TEST(PemTest, WhatIsWrittenReadsBack) {
  for (const std::size_t size : {0, 1, 47, 48, 49, 1000}) {
    const Bytes content(size, 0x5a);
    const std::string text = write_pem("CERTIFICATE", content);
    const auto blocks = read_pem(text);
    ASSERT_TRUE(blocks) << size;
    ASSERT_EQ(blocks->size(), 1);
    EXPECT_EQ(blocks->at(0).label, "CERTIFICATE");
    EXPECT_EQ(blocks->at(0).der, content);
  }
  EXPECT_EQ(write_pem("X", Bytes(49, 0)), "-----BEGIN X-----\n" + std::string(64, 'A') + "\nAA==\n-----END X-----\n");
}

TEST(PemTest, BlocksAreFoundInOtherText) {
  const auto blocks = read_pem(
      "\xef\xbb\xbfsubject: x\r\n  -----BEGIN A-----  \r\n AAEC\r\n\r\nAw==\r\n-----END A-----\r\nmore: text\r\n"
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n!!!!\n"
      "-----END RSA PRIVATE KEY-----\n-----BEGIN B C-----\n-----END B C-----");
  ASSERT_TRUE(blocks) << blocks.error().text();
  ASSERT_EQ(blocks->size(), 2);
  EXPECT_EQ(blocks->at(0).label, "A");
  EXPECT_EQ(to_hex(blocks->at(0).der), "00010203");
  EXPECT_EQ(blocks->at(1).label, "B C");
  EXPECT_TRUE(read_pem("nothing here")->empty());
}

TEST(PemTest, BrokenBlocksNameTheirLine) {
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "-----BEGIN A-----\n-----END A-----\n";
  const struct {
    std::string text;
    const char* error;
  } rows[] = {
      {"\n-----BEGIN A-----\nAAAA\n", "line 2: the block does not close"},
      {"-----BEGIN A-----\nAAAA\n-----BEGIN A-----\n", "line 3: a block opens inside the one of line 1"},
      {"-----BEGIN A-----\n-----END B-----\n", "line 2: the block of line 1 closes with another label"},
      {"-----BEGIN A-----\nA*A=\n-----END A-----\n", "line 1: the block's content is not base64"},
      {"-----BEGIN A-----\nAAA\n-----END A-----\n", "line 1: the block's content is not base64"},
      {many, "a PEM text of more than 1000 blocks"},
      {std::string((16 << 20) + 1, 'x'), "a PEM text of more than 16 MiB"},
  };
  for (const auto& row : rows) EXPECT_EQ(error_of(read_pem(row.text)), row.error);
}

TEST(PemTest, LooksLikePemLooksForTheMark) {
  EXPECT_TRUE(looks_like_pem(as_bytes("text\n-----BEGIN X-----")));
  EXPECT_FALSE(looks_like_pem(as_bytes("----BEGIN X-----")));
  EXPECT_FALSE(looks_like_pem({}));
}

}  // namespace
}  // namespace chancery::pki
