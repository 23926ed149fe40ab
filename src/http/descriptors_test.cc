#include "http/descriptors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace chancery::http {
namespace {

TEST(DescriptorsTest, RaisesTheLimitAsFarAsTheSystemAllows) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{.rlim_cur = 100, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(allow_descriptors(50), 100U);
  EXPECT_EQ(allow_descriptors(200), 200U);
  EXPECT_EQ(allow_descriptors(before.rlim_max), before.rlim_max);
  EXPECT_EQ(allow_descriptors(RLIM_INFINITY), before.rlim_max);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace chancery::http
