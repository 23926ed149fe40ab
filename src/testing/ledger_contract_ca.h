#pragma once

// The contract of certificates. Part of ledger_contract.h.

#include "testing/ledger_contract_fixture.h"

namespace chancery::testing {

using CertificateState = ca::CertificateRecord::State;
using pki::RevocationReason;

TEST_P(LedgerContract, GivesBackAnIntentAsItWasAdded) {
  ca::CertificateRecord record = certificate(1);
  record.alternative_names = {"dns:a.example", "uri:\"quoted\\\"", "ip:10.0.0.1"};
  record.replaces = "40ff";
  ASSERT_TRUE(add(record));
  test_ledger->reopen();
  EXPECT_EQ(fields(find_certificate(1).value()), fields(record));
}

TEST_P(LedgerContract, ASerialIsUsedOnce) {
  ASSERT_TRUE(add(certificate(1)));
  ca::CertificateRecord other = certificate(1);
  other.generation = 2;
  other.subject = "CN=other";
  EXPECT_ERROR(ErrorCode::conflict, add(other));
  EXPECT_EQ(find_certificate(1)->subject, "CN=printer-1");
}

TEST_P(LedgerContract, AnIntentBecomesACertificateOnce) {
  ASSERT_TRUE(add(certificate(1)));
  ASSERT_TRUE(issue(1));
  const ca::CertificateRecord issued = find_certificate(1).value();
  EXPECT_EQ(issued.state, CertificateState::issued);
  EXPECT_EQ(issued.der, (Bytes{0x30, 0x02}));
  EXPECT_EQ(issued.fingerprint, Bytes(32, 0x33));
  EXPECT_EQ(issued.tbs, certificate(1).tbs);
  EXPECT_ERROR(ErrorCode::conflict, issue(1));
  EXPECT_ERROR(ErrorCode::not_found, issue(2));
}

TEST_P(LedgerContract, AnIntentThatWasRevokedIsNeverIssued) {
  ASSERT_TRUE(add(certificate(1)));
  ASSERT_TRUE(revoke(1, noon, RevocationReason::unspecified));
  EXPECT_ERROR(ErrorCode::conflict, issue(1));
  EXPECT_EQ(find_certificate(1)->state, CertificateState::revoked);
  EXPECT_TRUE(find_certificate(1)->der.empty());
}

TEST_P(LedgerContract, ACertificateIsRevokedOnce) {
  ASSERT_TRUE(add(certificate(1)));
  ASSERT_TRUE(issue(1));
  ASSERT_TRUE(revoke(1, noon + Seconds(5), RevocationReason::key_compromise));
  EXPECT_ERROR(ErrorCode::conflict, revoke(1, noon + Seconds(9), RevocationReason::superseded));
  EXPECT_ERROR(ErrorCode::not_found, revoke(2, noon, RevocationReason::superseded));
  const ca::CertificateRecord revoked = find_certificate(1).value();
  EXPECT_EQ(revoked.revoked_at, noon + Seconds(5));
  EXPECT_EQ(revoked.reason, RevocationReason::key_compromise);
}

TEST_P(LedgerContract, NoOtherReasonThanHoldCanBeChanged) {
  for (int reason = 0; reason <= 10; ++reason) {
    if (reason == static_cast<int>(RevocationReason::certificate_hold)) continue;
    ASSERT_TRUE(add(certificate(reason)));
    ASSERT_TRUE(revoke(reason, noon, static_cast<RevocationReason>(reason)));
    EXPECT_ERROR(ErrorCode::conflict, revoke(reason, noon, RevocationReason::superseded));
  }
}

TEST_P(LedgerContract, ACertificateOnHoldCanBeRevokedForGood) {
  ASSERT_TRUE(add(certificate(1)));
  ASSERT_TRUE(revoke(1, noon, RevocationReason::certificate_hold));
  ASSERT_TRUE(revoke(1, noon + Seconds(9), RevocationReason::superseded));
  EXPECT_EQ(find_certificate(1)->reason, RevocationReason::superseded);
  EXPECT_EQ(find_certificate(1)->revoked_at, noon + Seconds(9));
  EXPECT_ERROR(ErrorCode::conflict, revoke(1, noon, RevocationReason::certificate_hold));
}

TEST_P(LedgerContract, ACertificateOnHoldCanBeReleased) {
  ASSERT_TRUE(add(certificate(1)));
  ASSERT_TRUE(issue(1));
  const ca::CertificateRecord before = find_certificate(1).value();
  ASSERT_TRUE(revoke(1, noon, RevocationReason::certificate_hold));
  EXPECT_TRUE(find_certificate(1)->suspended());
  ASSERT_TRUE(release(1));
  EXPECT_EQ(fields(find_certificate(1).value()), fields(before));
  EXPECT_TRUE(read([](hub::Books& books) { return books.certificates().revoked(1, noon); }).empty());
  // As often as it must be.
  ASSERT_TRUE(revoke(1, noon + Seconds(5), RevocationReason::certificate_hold));
  EXPECT_EQ(find_certificate(1)->revoked_at, noon + Seconds(5));
  ASSERT_TRUE(release(1));
  ASSERT_TRUE(revoke(1, noon + Seconds(9), RevocationReason::key_compromise));
  EXPECT_ERROR(ErrorCode::conflict, release(1));
}

TEST_P(LedgerContract, AnIntentThatWasOnHoldIsAnIntentAgain) {
  ASSERT_TRUE(add(certificate(1)));
  ASSERT_TRUE(revoke(1, noon, RevocationReason::certificate_hold));
  EXPECT_ERROR(ErrorCode::conflict, issue(1));
  ASSERT_TRUE(release(1));
  EXPECT_EQ(fields(find_certificate(1).value()), fields(certificate(1)));
  ASSERT_TRUE(issue(1));
  EXPECT_EQ(find_certificate(1)->state, CertificateState::issued);
}

TEST_P(LedgerContract, OnlyWhatIsOnHoldIsReleased) {
  EXPECT_ERROR(ErrorCode::not_found, release(1));
  ASSERT_TRUE(add(certificate(1)));
  EXPECT_ERROR(ErrorCode::conflict, release(1));
  ASSERT_TRUE(issue(1));
  EXPECT_ERROR(ErrorCode::conflict, release(1));
  int number = 100;
  for (const auto reason :
       {RevocationReason::unspecified, RevocationReason::key_compromise, RevocationReason::superseded,
        RevocationReason::remove_from_crl, RevocationReason::aa_compromise}) {
    ASSERT_TRUE(add(certificate(++number)));
    ASSERT_TRUE(revoke(number, noon, reason));
    EXPECT_ERROR(ErrorCode::conflict, release(number));
    EXPECT_EQ(find_certificate(number)->state, CertificateState::revoked) << to_string(reason);
  }
}

TEST_P(LedgerContract, CountsOnlyValidCertificatesOfAKey) {
  const Bytes key(32, 0x77);
  ca::CertificateRecord records[6];
  for (int i = 0; i < 6; ++i) {
    records[i] = certificate(i);
    records[i].key_fingerprint = key;
  }
  records[0].validity.not_after = noon;                // The last second counts.
  records[1].validity.not_after = noon - Seconds(1);   // Expired.
  records[2].validity.not_before = noon + Seconds(1);  // Not valid yet.
  records[3].key_fingerprint = Bytes(32, 0x78);        // Another key.
  for (const auto& record : records) ASSERT_TRUE(add(record));
  for (const int number : {0, 1, 2, 3, 4}) ASSERT_TRUE(issue(number));  // 5 stays an intent.
  ASSERT_TRUE(revoke(4, noon, RevocationReason::superseded));
  EXPECT_EQ(read([&](hub::Books& books) { return books.certificates().count_valid_for_key(key, noon); }), 1);
}

TEST_P(LedgerContract, FindsIntentsThatACrashLeft) {
  ca::CertificateRecord young = certificate(2);
  young.created = noon + Seconds(10);
  for (const auto& record : {certificate(1), young, certificate(3), certificate(4)}) ASSERT_TRUE(add(record));
  ASSERT_TRUE(issue(3));
  ASSERT_TRUE(revoke(4, noon, RevocationReason::unspecified));
  const auto intents = read([](hub::Books& books) { return books.certificates().intents_before(noon + Seconds(10)); });
  ASSERT_EQ(intents.size(), 1u);
  EXPECT_EQ(fields(intents[0]), fields(certificate(1)));
}

// 1 was renewed by 2 and 3, 3 by 4.
inline void fill_chain(hub::Ledger& ledger) {
  ASSERT_TRUE(ledger.write([](hub::Books& books) -> Status {
    for (const auto& [number, replaces] : {std::pair{1, 0}, {2, 1}, {3, 1}, {4, 3}}) {
      ca::CertificateRecord record = certificate(number);
      if (replaces != 0) record.replaces = serial_of(replaces).hex();
      TRY_STATUS(books.certificates().add_intent(record));
      TRY_STATUS(
          books.certificates().record_issued(record.serial, Bytes{0x30}, Bytes(32, static_cast<std::uint8_t>(number))));
    }
    return {};
  }));
}

TEST_P(LedgerContract, FindsWhatRenewsACertificate) {
  fill_chain(ledger());
  ASSERT_TRUE(revoke(3, noon, RevocationReason::superseded));
  const auto renewals = [&](int number) {
    std::vector<int> numbers;
    for (const auto& row :
         read([&](hub::Books& books) { return books.certificates().renewals_of(serial_of(number)); })) {
      numbers.push_back(row.serial.octets.back());
      EXPECT_EQ(row.state, find_certificate(numbers.back())->state);
      EXPECT_TRUE(row.tbs.empty() && row.der.empty());
    }
    return numbers;
  };
  EXPECT_EQ(renewals(1), (std::vector<int>{2, 3}));
  EXPECT_EQ(renewals(3), (std::vector<int>{4}));
  EXPECT_EQ(renewals(4), std::vector<int>());
}

TEST_P(LedgerContract, ACertificateIsSupersededAsLongAsOneThatRenewsItIsGood) {
  fill_chain(ledger());
  const auto current = [&](Timestamp from, Timestamp before) {
    return read([&](hub::Books& books) { return books.certificates().count_current(from, before); });
  };
  const Timestamp far = noon + std::chrono::days(10'000);
  const auto hidden = [&] {
    std::vector<int> numbers;
    for (const int number : {1, 2, 3, 4})
      if (find_certificate(number)->superseded) numbers.push_back(number);
    return numbers;
  };
  // Days and quarters are counted; a second before and after is looked at.
  const auto expect = [&](const std::vector<int>& numbers, int counted) {
    EXPECT_EQ(hidden(), numbers);
    EXPECT_EQ(current(Timestamp(), far), counted);
    EXPECT_EQ(current(noon + std::chrono::days(365), noon + std::chrono::days(365) + Seconds(1)), counted);
    EXPECT_EQ(listed({.status = ca::CertificateStatus::current, .now = noon}).size(), static_cast<unsigned>(counted));
  };
  expect({1, 3}, 2);
  ASSERT_TRUE(revoke(4, noon, RevocationReason::certificate_hold));
  expect({1}, 2);
  ASSERT_TRUE(release(4));
  expect({1, 3}, 2);
  ASSERT_TRUE(revoke(4, noon, RevocationReason::key_compromise));
  ASSERT_TRUE(revoke(3, noon, RevocationReason::key_compromise));
  expect({1}, 1);
  ASSERT_TRUE(revoke(2, noon, RevocationReason::certificate_hold));
  expect({}, 1);
  // What waits to be signed replaces nothing yet.
  ca::CertificateRecord next = certificate(5);
  next.replaces = serial_of(1).hex();
  ASSERT_TRUE(add(next));
  expect({}, 1);
  ASSERT_TRUE(revoke(1, noon, RevocationReason::certificate_hold));
  ASSERT_TRUE(issue(5));
  expect({1}, 1);
  ASSERT_TRUE(release(1));
  expect({1}, 1);
  ASSERT_TRUE(release(2));
  expect({1}, 2);
}

}  // namespace chancery::testing
