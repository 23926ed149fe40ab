#include "hub/crl_publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/hub_testing.h"

namespace chancery::hub {
namespace {

class CrlPublisherTest : public ::testing::Test {
 protected:
  std::uint64_t latest() {
    std::uint64_t number = 0;
    EXPECT_TRUE(hub.ledger.read([&](Books& books) -> Status {
      TRY(const auto crl, books.crls().latest(1));
      if (crl) number = crl->number;
      return {};
    }));
    return number;
  }
  TestHub hub;
};

// As after an older copy of the ledger took its place (RFC 5280 section 5.2.3: numbers never become lower).
TEST_F(CrlPublisherTest, Numbers_go_on_above_the_highest_that_was_kept_beside_the_keys) {
  ASSERT_TRUE(hub.crls.publish(1));
  ASSERT_TRUE(hub.crls.publish(1));
  EXPECT_EQ(latest(), 2U);
  EXPECT_EQ(hub.store.crl_numbers[1], 2U);
  hub.store.crl_numbers[1] = 41;
  ASSERT_TRUE(hub.crls.publish(1));
  EXPECT_EQ(latest(), 42U);
  EXPECT_EQ(hub.store.crl_numbers[1], 42U);
}

TEST_F(CrlPublisherTest, A_number_is_kept_only_when_its_CRL_is_in_the_ledger) {
  ASSERT_TRUE(hub.crls.publish(1));
  hub.ledger.fail_after(0);
  EXPECT_FALSE(hub.crls.publish(1));
  EXPECT_EQ(hub.store.crl_numbers[1], 1U);
}

TEST_F(CrlPublisherTest, A_number_that_cannot_be_kept_stops_no_CRL_and_is_logged) {
  hub.store.keeps_numbers = false;
  ASSERT_TRUE(hub.crls.publish(1));
  EXPECT_EQ(latest(), 1U);
  EXPECT_THAT(hub.log.lines(), ::testing::Contains(::testing::HasSubstr("number could not be kept beside the keys")));
}

}  // namespace
}  // namespace chancery::hub
