#pragma once

// The contract of CRLs and of what stands on them. Part of ledger_contract.h.

#include "testing/ledger_contract_ca.h"

namespace chancery::testing {

TEST_P(LedgerContract, RevokedGivesThoseOfAGenerationThatHaveNotExpired) {
  ca::CertificateRecord expired = certificate(1);
  expired.validity.not_after = noon - Seconds(1);
  ca::CertificateRecord just_valid = certificate(2);
  just_valid.validity.not_after = noon;
  ca::CertificateRecord other_generation = certificate(3);
  other_generation.generation = 2;
  for (const auto& record : {expired, just_valid, other_generation, certificate(4)}) ASSERT_TRUE(add(record));
  for (const int number : {1, 2, 3}) ASSERT_TRUE(revoke(number, noon, RevocationReason::superseded));
  const auto revoked = read([](hub::Books& books) { return books.certificates().revoked(1, noon); });
  ASSERT_EQ(revoked.size(), 1u);
  EXPECT_EQ(revoked[0].serial, serial_of(2));
  EXPECT_EQ(revoked[0].revoked_at, noon);
  EXPECT_EQ(revoked[0].reason, RevocationReason::superseded);
}

TEST_P(LedgerContract, WhatWasRevokedBeforeTheTakeOverStaysRevoked) {
  const pki::RevokedEntry first{serial_of(7), noon - std::chrono::days(900), RevocationReason::key_compromise};
  const pki::RevokedEntry second{serial_of(8), noon - std::chrono::days(4), RevocationReason::certificate_hold};
  const auto bring = [&](int generation, const std::vector<pki::RevokedEntry>& entries) {
    return write([&](hub::Books& books) { return books.certificates().add_revoked_before(generation, entries); });
  };
  ASSERT_TRUE(bring(1, {first, second}));
  ASSERT_TRUE(bring(2, {first}));
  EXPECT_ERROR(ErrorCode::conflict, bring(1, {second}));
  ASSERT_TRUE(add(certificate(1)));
  ASSERT_TRUE(revoke(1, noon, RevocationReason::superseded));
  test_ledger->reopen();
  const auto text = [&](int generation, Timestamp expired_before) {
    std::vector<std::string> lines;
    for (const pki::RevokedEntry& entry :
         read([&](hub::Books& books) { return books.certificates().revoked(generation, expired_before); }))
      lines.push_back(entry.serial.hex() + " " + to_rfc3339(entry.revoked_at) + " " +
                      std::string(to_string(entry.reason)));
    std::ranges::sort(lines);
    return lines;
  };
  const auto line = [](int number, Timestamp at, std::string_view reason) {
    return serial_of(number).hex() + " " + to_rfc3339(at) + " " + std::string(reason);
  };
  EXPECT_EQ(text(1, noon), (std::vector{line(1, noon, "superseded"), line(7, first.revoked_at, "keyCompromise"),
                                        line(8, second.revoked_at, "certificateHold")}));
  // When they end nobody knows.
  EXPECT_EQ(text(1, noon + std::chrono::days(9000)).size(), 2u);
  EXPECT_EQ(text(2, noon), (std::vector{line(7, first.revoked_at, "keyCompromise")}));
}

TEST_P(LedgerContract, GivesTheLatestCrlOfAGeneration) {
  const auto add_crl = [&](const ca::CrlRecord& record) {
    return write([&](hub::Books& books) { return books.crls().add(record); });
  };
  const ca::CrlRecord newest{1, 10, noon, noon + std::chrono::days(7), {0x30, 10}};
  ASSERT_TRUE(add_crl({1, 9, noon, noon, {0x30, 9}}));
  ASSERT_TRUE(add_crl(newest));
  ASSERT_TRUE(add_crl({2, 11, noon, noon, {0x30, 11}}));
  EXPECT_ERROR(ErrorCode::conflict, add_crl({1, 10, noon, noon, {}}));
  const auto found = read([](hub::Books& books) { return books.crls().latest(1); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->number, 10u);
  EXPECT_EQ(found->der, newest.der);
  EXPECT_EQ(found->this_update, newest.this_update);
  EXPECT_EQ(found->next_update, newest.next_update);
  EXPECT_FALSE(read([](hub::Books& books) { return books.crls().latest(3); }));
}

TEST_P(LedgerContract, ACrlIsDueFromEachRevocationAndReleaseUntilOneHasIt) {
  const auto changes = [&](int generation) {
    const auto found = read([&](hub::Books& books) { return books.crls().changes(generation); });
    EXPECT_EQ(found.due(), found.made > found.listed);
    return std::pair(found.made, found.listed);
  };
  using Counts = std::pair<std::int64_t, std::int64_t>;
  ca::CertificateRecord other = certificate(3);
  other.generation = 2;
  for (const auto& record : {certificate(1), certificate(2), other}) ASSERT_TRUE(add(record));
  EXPECT_EQ(changes(1), Counts(0, 0));
  ASSERT_TRUE(revoke(1, noon, RevocationReason::certificate_hold));
  ASSERT_TRUE(revoke(3, noon, RevocationReason::superseded));
  EXPECT_EQ(changes(1), Counts(1, 0));
  EXPECT_EQ(changes(2), Counts(1, 0));
  ASSERT_TRUE(release(1));
  test_ledger->reopen();
  EXPECT_EQ(changes(1), Counts(2, 0));
  // What changes nothing is no change, and neither is what is undone.
  EXPECT_ERROR(ErrorCode::conflict, release(1));
  EXPECT_ERROR(ErrorCode::conflict, revoke(3, noon, RevocationReason::superseded));
  EXPECT_ERROR(ErrorCode::not_found, revoke(9, noon, RevocationReason::superseded));
  EXPECT_ERROR(ErrorCode::refused, write([](hub::Books& books) -> Status {
                 TRY_STATUS(books.certificates().revoke(serial_of(2), noon, RevocationReason::superseded));
                 return refused("undo it");
               }));
  EXPECT_EQ(changes(1), Counts(2, 0));
  // One was revoked between the reading of the entries and this: its CRL is due still.
  ASSERT_TRUE(revoke(2, noon, RevocationReason::superseded));
  ASSERT_TRUE(write([](hub::Books& books) { return books.crls().note_listed(1, 2); }));
  EXPECT_EQ(changes(1), Counts(3, 2));
  EXPECT_EQ(changes(2), Counts(1, 0));
  ASSERT_TRUE(write([](hub::Books& books) { return books.crls().note_listed(1, 3); }));
  EXPECT_EQ(changes(1), Counts(3, 3));
}

}  // namespace chancery::testing
