#include "store/hub/server_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "testing/temporary_directory.h"

namespace chancery::store {
namespace {

TEST(ServerFiles, GivesBackWhatWasKeptAndShowsItToNobodyElse) {
  testing::TemporaryDirectory directory;
  ServerFiles files(directory.file("server"));
  EXPECT_FALSE(files.load().value().has_value());
  const hub::ServerIdentity identity{
      .certificates = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
      .key = SecretBytes::copy_of("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n")};
  ASSERT_TRUE(files.save(identity));
  const auto kept = files.load().value();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->certificates, identity.certificates);
  EXPECT_EQ(as_text(kept->key.view()), as_text(identity.key.view()));
  struct stat status{};
  ASSERT_EQ(stat(directory.file("server/identity.pem").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

}  // namespace
}  // namespace chancery::store
