#include "store/hub/authority_files.h"

#include <gtest/gtest.h>

#include "files/file.h"
#include "testing/temporary_directory.h"

namespace chancery::store {
namespace {

TEST(AuthorityFiles, KeepsTheHighestNumberOfEachCrl) {
  testing::TemporaryDirectory directory;
  AuthorityFiles files(directory.path(), {});
  EXPECT_EQ(files.highest_crl_number(1).value(), 0u);
  ASSERT_TRUE(files.keep_crl_number(1, 7));
  ASSERT_TRUE(files.keep_crl_number(0, 2));
  ASSERT_TRUE(files.keep_crl_number(12, 18446744073709551615u));
  ASSERT_TRUE(files.keep_crl_number(1, 6)) << "it never becomes lower";
  AuthorityFiles again(directory.path(), {});
  EXPECT_EQ(again.crl_numbers().value(), (std::map<int, std::uint64_t>{{0, 2}, {1, 7}, {12, 18446744073709551615u}}));
  EXPECT_EQ(again.highest_crl_number(1).value(), 7u);
}

TEST(AuthorityFiles, DamagedCrlNumbersAreTold) {
  testing::TemporaryDirectory directory;
  AuthorityFiles files(directory.path(), {});
  const std::string file = directory.file("crl-numbers");
  for (const char* text : {"7", "1 x", "1  7", "one 7", "1 7 ", "1 -7", "1 7\n\n2 x\n", "1 18446744073709551616"}) {
    ASSERT_TRUE(files::write_file_atomically(file, as_bytes(std::string_view(text)), 0644));
    const auto numbers = files.crl_numbers();
    ASSERT_FALSE(numbers) << text;
    EXPECT_TRUE(numbers.error().text().starts_with(file + ": '")) << numbers.error().text();
    EXPECT_FALSE(files.keep_crl_number(1, 9)) << text;
  }
}

}  // namespace
}  // namespace chancery::store
