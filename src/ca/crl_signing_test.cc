#include "ca/crl_signing.h"

#include <gtest/gtest.h>

#include "ca/ca_testing.h"

namespace chancery::ca {
namespace {

using namespace std::chrono_literals;
using testing::authority;
using testing::error_of;
using testing::now;

pki::Serial serial(std::string_view hex) { return pki::Serial::from_hex(hex).value(); }

TEST(CrlSigningTest, ACrlListsWhatIsRevokedUnderTheNextNumber) {
  const auto record = make_next_crl({.issuer = CrlIssuer::of(authority().generation),
                                     .entries = {{serial("0a"), now - 2h, pki::RevocationReason::key_compromise},
                                                 {serial("0b"), now - 1h, pki::RevocationReason::remove_from_crl}},
                                     .previous_number = 41,
                                     .now = now,
                                     .validity = 24h});
  ASSERT_TRUE(record) << error_of(record);
  EXPECT_EQ(record->generation, 1);
  EXPECT_EQ(record->number, 42U);
  EXPECT_EQ(record->this_update, now - 5min);
  EXPECT_EQ(record->next_update, now + 24h);

  const auto crl = pki::Crl::from_der(record->der);
  ASSERT_TRUE(crl) << error_of(crl);
  EXPECT_TRUE(crl->signed_by(authority().generation.issuing_key.public_key()));
  EXPECT_TRUE(crl->issuer().matches(authority().generation.issuing.subject()));
  EXPECT_EQ(crl->number(), 42U);
  EXPECT_EQ(crl->this_update(), record->this_update);
  EXPECT_EQ(crl->next_update(), record->next_update);
  // An entry that was taken out is not in a full CRL.
  ASSERT_EQ(crl->entries().size(), 1U);
  EXPECT_EQ(crl->entries()[0].serial, serial("0a"));
  EXPECT_EQ(crl->entries()[0].revoked_at, now - 2h);
  EXPECT_EQ(crl->entries()[0].reason, pki::RevocationReason::key_compromise);
}

TEST(CrlSigningTest, TheFirstCrlIsEmptyAndNotOlderThanItsIssuer) {
  const Timestamp begin = authority().generation.issuing.validity().not_before;
  const auto record = make_next_crl({.issuer = CrlIssuer::of(authority().generation), .now = begin + 1min});
  ASSERT_TRUE(record) << error_of(record);
  EXPECT_EQ(record->number, 1U);
  EXPECT_EQ(record->this_update, begin);
  EXPECT_TRUE(pki::Crl::from_der(record->der)->entries().empty());
}

TEST(CrlSigningTest, ACrlThatIsNeverValidIsRefused) {
  EXPECT_EQ(error_of(make_next_crl({.issuer = CrlIssuer::of(authority().generation), .now = now, .validity = 0s})),
            "the validity of a CRL must be longer than nothing");
}

TEST(CrlSigningTest, ACrlIsDueBeforeItExpires) {
  const CrlRecord latest{.this_update = now, .next_update = now + 24h};
  EXPECT_FALSE(crl_due(latest, now, 6h));
  EXPECT_FALSE(crl_due(latest, now + 18h - 1s, 6h));
  EXPECT_TRUE(crl_due(latest, now + 18h, 6h));
  EXPECT_TRUE(crl_due(latest, now + 48h, 6h));
  // The clock was set back: nobody would take the CRL yet.
  EXPECT_TRUE(crl_due(latest, now - 1s, 6h));
}

}  // namespace
}  // namespace chancery::ca
