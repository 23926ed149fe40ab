#include "http/token_bucket.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace chancery::http {
namespace {

using namespace std::chrono_literals;

TEST(Source, IsAnIpv4AddressOrAnIpv6Network) {
  EXPECT_EQ(Source::of("192.0.2.1"), Source::of("192.0.2.1"));
  EXPECT_NE(Source::of("192.0.2.1"), Source::of("192.0.2.2"));
  EXPECT_EQ(Source::of("2001:db8::1"), Source::of("2001:db8::ffff:1:2"));
  EXPECT_NE(Source::of("2001:db8::1"), Source::of("2001:db8:0:1::1"));
  EXPECT_EQ(Source::of("fe80::1%eth0"), Source::of("fe80::2"));
  EXPECT_NE(Source::of("0.0.0.1"), Source::of("0:0:0:1::"));
}

TEST(TokenBuckets, GrantABurstAndThenTheRate) {
  testing::FakeClock clock;
  TokenBuckets buckets({.per_second = 2, .burst = 3}, clock);
  const Source source = Source::of("192.0.2.1");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(buckets.take(source), 0ns) << i;
  EXPECT_EQ(buckets.take(source), 500ms);
  clock.advance(250ms);
  EXPECT_EQ(buckets.take(source), 250ms);
  clock.advance(250ms);
  EXPECT_EQ(buckets.take(source), 0ns);
  EXPECT_GT(buckets.take(source), 0ns);
  clock.advance(1h);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(buckets.take(source), 0ns) << i;
  EXPECT_GT(buckets.take(source), 0ns);
}

TEST(TokenBuckets, DoNotLetOneSourceUseUpAnothers) {
  testing::FakeClock clock;
  TokenBuckets buckets({.per_second = 1}, clock);
  EXPECT_EQ(buckets.take(Source::of("192.0.2.1")), 0ns);
  EXPECT_GT(buckets.take(Source::of("192.0.2.1")), 0ns);
  EXPECT_EQ(buckets.take(Source::of("192.0.2.2")), 0ns);
}

TEST(TokenBuckets, OfLessThanOneASecondGrantOneAtATime) {
  testing::FakeClock clock;
  TokenBuckets buckets({.per_second = 0.1}, clock);
  EXPECT_EQ(buckets.take({}), 0ns);
  EXPECT_EQ(buckets.take({}), 10s);
}

TEST(TokenBuckets, ForgetTheSourceNotHeardOfForLongest) {
  testing::FakeClock clock;
  TokenBuckets buckets({.per_second = 1, .capacity = 2}, clock);
  EXPECT_EQ(buckets.take({.key = 1}), 0ns);
  EXPECT_EQ(buckets.take({.key = 2}), 0ns);
  EXPECT_GT(buckets.take({.key = 1}), 0ns);
  EXPECT_EQ(buckets.take({.key = 3}), 0ns);  // In place of 2.
  EXPECT_EQ(buckets.size(), 2U);
  EXPECT_GT(buckets.take({.key = 1}), 0ns);
  EXPECT_EQ(buckets.take({.key = 2}), 0ns);
}

TEST(TokenBuckets, WithoutARateRememberNobody) {
  testing::FakeClock clock;
  TokenBuckets buckets({}, clock);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(buckets.take({}), 0ns);
  EXPECT_EQ(buckets.size(), 0U);
}

}  // namespace
}  // namespace chancery::http
