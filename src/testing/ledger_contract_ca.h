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

TEST_P(LedgerContract, ListsCertificatesByEachFilter) {
  for (int i = 1; i <= 6; ++i) {
    ca::CertificateRecord record = certificate(i);
    record.endpoint = i % 2 == 0 ? "phones" : "printers";
    record.validity.not_after = noon + std::chrono::days(i);
    if (i == 3) record.subject = "CN=100%_Sure!,O=Acme";
    ASSERT_TRUE(add(record));
  }
  for (const int number : {1, 2, 3, 4}) ASSERT_TRUE(issue(number));
  ASSERT_TRUE(revoke(2, noon, RevocationReason::superseded));
  const Timestamp day3 = noon + std::chrono::days(3);
  const struct {
    const char* name;
    ca::CertificateFilter filter;
    std::vector<int> expect;
  } rows[] = {
      {"nothing", {}, {6, 5, 4, 3, 2, 1}},
      {"endpoint", {.endpoint = "phones"}, {6, 4, 2}},
      {"an endpoint that has none", {.endpoint = "routers"}, {}},
      {"issued", {.state = CertificateState::issued}, {4, 3, 1}},
      {"intended", {.state = CertificateState::intended}, {6, 5}},
      {"revoked", {.state = CertificateState::revoked}, {2}},
      {"endpoint and state", {.endpoint = "phones", .state = CertificateState::intended}, {6}},
      {"endpoint and issued", {.endpoint = "printers", .state = CertificateState::issued}, {3, 1}},
      {"expires before, exclusive", {.expires_before = day3}, {2, 1}},
      {"expires after, inclusive", {.expires_after = day3}, {6, 5, 4, 3}},
      {"a window", {.expires_before = day3 + std::chrono::days(2), .expires_after = day3}, {4, 3}},
      {"a window, endpoint and state",
       {.endpoint = "printers", .state = CertificateState::issued, .expires_after = day3},
       {3}},
      {"text in the subject, any case", {.text = "PRINTER-5"}, {5}},
      {"text in a name", {.text = "printer-3.example"}, {3}},
      {"text in the serial", {.text = "410004"}, {4}},
      {"the beginnings of words in any order", {.text = "ac sure"}, {3}},
      {"only if all words are there", {.text = "acme printer-5"}, {}},
      {"not in the middle of a word", {.text = "rinter"}, {}},
      {"nothing that is a word", {.text = "%_!"}, {}},
      {"the serial in pairs", {.text = "41:00:04"}, {4}},
      {"the fingerprint", {.text = "333333333333"}, {4, 3, 2, 1}},
      {"text and endpoint", {.endpoint = "phones", .text = "printer"}, {6, 4, 2}},
      {"text and expiry", {.text = "printer-4", .expires_after = day3}, {4}},
  };
  for (const auto& row : rows) EXPECT_EQ(listed(row.filter), row.expect) << row.name;
}

// 1 pending, 2 revoked, 3 superseded by 4, 4 valid, 5 expiring, 6 expired, 7 short-lived, and young.
inline void fill_statuses(hub::Ledger& ledger) {
  ASSERT_TRUE(ledger.write([](hub::Books& books) -> Status {
    for (int i = 1; i <= 7; ++i) {
      ca::CertificateRecord record = certificate(i);
      record.subject = "CN=" + std::string(1, static_cast<char>('z' - i));
      record.endpoint = i == 5 ? "phones" : "printers";
      if (i == 4) record.replaces = serial_of(3).hex();
      if (i == 5) record.validity = {noon - std::chrono::days(80), noon + std::chrono::days(20)};
      if (i == 6) record.validity = {noon - std::chrono::days(2), noon - Seconds(1)};
      if (i == 7) record.validity = {noon - Seconds(60), noon + Seconds(600)};
      TRY_STATUS(books.certificates().add_intent(record));
      if (i == 1) continue;
      TRY_STATUS(
          books.certificates().record_issued(record.serial, Bytes{0x30}, Bytes(32, static_cast<std::uint8_t>(i))));
    }
    return books.certificates().revoke(serial_of(2), noon, RevocationReason::superseded);
  }));
}

TEST_P(LedgerContract, ListsCertificatesOfANodeAndSlot) {
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(add(certificate(i)));
  const auto serial = [](int number) { return certificate(number).serial.hex(); };
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    TRY_STATUS(books.nodes().set_place(serial(1), {7, "ipps"}));
    TRY_STATUS(books.nodes().set_place(serial(2), {7, "wifi"}));
    TRY_STATUS(books.nodes().set_place(serial(4), {8, "ipps"}));
    return books.nodes().set_place(serial(5), {7, "ipps"});
  }));
  const struct {
    const char* name;
    ca::CertificateFilter filter;
    std::vector<int> expect;
  } rows[] = {
      {"node", {.node = 7}, {5, 2, 1}},
      {"node and slot", {.node = 7, .slot = "ipps"}, {5, 1}},
      {"a slot that it does not have", {.node = 8, .slot = "wifi"}, {}},
      {"a node that is not there", {.node = 9}, {}},
      {"with a search", {.text = "printer-2", .node = 7}, {2}},
      {"with the number of another's", {.text = serial(4), .node = 7}, {}},
      {"with a state", {.state = CertificateState::intended, .node = 7, .slot = "wifi"}, {2}},
      {"by subject", {.node = 7, .sort = ca::CertificateFilter::Sort::subject, .ascending = true}, {1, 2, 5}},
      {"by expiry", {.expires_after = noon, .node = 8}, {4}},
  };
  for (const auto& row : rows) EXPECT_EQ(listed(row.filter), row.expect) << row.name;
  ca::CertificateFilter filter{.node = 7, .limit = 2};
  filter.after = read([&](hub::Books& books) { return books.certificates().list(filter); }).next;
  EXPECT_EQ(listed(filter), (std::vector<int>{1}));
}

TEST_P(LedgerContract, ListsCertificatesByWhatTheyAreNow) {
  fill_statuses(ledger());
  using Status = ca::CertificateStatus;
  const struct {
    Status status;
    std::vector<int> expect;
  } rows[] = {
      {Status::pending, {1}},  {Status::revoked, {2}}, {Status::superseded, {3}},    {Status::valid, {7, 4}},
      {Status::expiring, {5}}, {Status::expired, {6}}, {Status::current, {7, 5, 4}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(listed({.status = row.status, .now = noon}), row.expect) << static_cast<int>(row.status);
    for (const int number : row.expect) {
      const Status found = ca::status_of(find_certificate(number).value(), noon);
      EXPECT_EQ(found == row.status, row.status != Status::current) << number;
    }
  }
  EXPECT_EQ(listed({.endpoint = "phones", .status = Status::current, .now = noon}), (std::vector<int>{5}));

  // Those on hold are apart from those that are revoked for good, in every order, and back where they were afterwards.
  for (const int number : {1, 4, 5}) ASSERT_TRUE(revoke(number, noon, RevocationReason::certificate_hold));
  using Sort = ca::CertificateFilter::Sort;
  for (const Sort sort : {Sort::created, Sort::not_after, Sort::subject}) {
    EXPECT_EQ(listed({.status = Status::revoked, .now = noon, .sort = sort}), (std::vector<int>{2}));
    std::vector<int> suspended = listed({.status = Status::suspended, .now = noon, .sort = sort});
    std::ranges::sort(suspended);
    EXPECT_EQ(suspended, (std::vector<int>{1, 4, 5}));
  }
  EXPECT_EQ(ca::status_of(find_certificate(4).value(), noon), Status::suspended);
  EXPECT_EQ(listed({.status = Status::current, .now = noon}), (std::vector<int>{7, 3})) << "3 was replaced by 4";
  for (const int number : {1, 4, 5}) ASSERT_TRUE(release(number));
  EXPECT_EQ(listed({.status = Status::suspended, .now = noon}), std::vector<int>());
  EXPECT_EQ(listed({.status = Status::pending, .now = noon}), (std::vector<int>{1}));
  EXPECT_EQ(listed({.status = Status::current, .now = noon}), (std::vector<int>{7, 5, 4}));
  EXPECT_EQ(listed({.status = Status::current, .expires_before = noon + std::chrono::days(1), .now = noon}),
            (std::vector<int>{7}));
  // The last second, and the first one of the last fifth.
  const Timestamp late = noon - Seconds(60) + Seconds(528);
  EXPECT_EQ(listed({.status = Status::expiring, .now = late}), (std::vector<int>{7, 5}));
  EXPECT_EQ(listed({.status = Status::expiring, .now = late - Seconds(1)}), (std::vector<int>{5}));
  EXPECT_EQ(listed({.status = Status::expiring, .now = noon + Seconds(600)}), (std::vector<int>{7, 5}));
  EXPECT_EQ(listed({.status = Status::expired, .now = noon + Seconds(601)}), (std::vector<int>{7, 6}));
}

TEST_P(LedgerContract, SortsCertificatesAndGoesOnWhereAPageEnded) {
  fill_statuses(ledger());
  using Sort = ca::CertificateFilter::Sort;
  using Status = ca::CertificateStatus;
  const struct {
    const char* name;
    ca::CertificateFilter filter;
    std::vector<int> expect;
  } rows[] = {
      {"newest first", {}, {7, 6, 5, 4, 3, 2, 1}},
      {"oldest first", {.ascending = true}, {1, 2, 3, 4, 5, 6, 7}},
      {"next to end first", {.sort = Sort::not_after, .ascending = true}, {6, 7, 5, 1, 2, 3, 4}},
      {"last to end first", {.sort = Sort::not_after}, {4, 3, 2, 1, 5, 7, 6}},
      {"by subject", {.sort = Sort::subject, .ascending = true}, {7, 6, 5, 4, 3, 2, 1}},
      {"by subject, backwards", {.sort = Sort::subject}, {1, 2, 3, 4, 5, 6, 7}},
      {"current, next to end first",
       {.status = Status::current, .now = noon, .sort = Sort::not_after, .ascending = true},
       {7, 5, 4}},
      {"expired or not yet, by end",
       {.expires_before = noon + std::chrono::days(30), .now = noon, .sort = Sort::not_after},
       {5, 7, 6}},
      {"a window, by end",
       {.expires_before = noon + std::chrono::days(30),
        .expires_after = noon,
        .sort = Sort::not_after,
        .ascending = true},
       {7, 5}},
      {"a window, by subject",
       {.expires_before = noon + std::chrono::days(30),
        .expires_after = noon,
        .sort = Sort::subject,
        .ascending = true},
       {7, 5}},
      {"a window, newest first", {.expires_before = noon + std::chrono::days(30), .expires_after = noon}, {7, 5}},
      {"few in a state, by end", {.state = CertificateState::revoked, .sort = Sort::not_after}, {2}},
      {"a word, by subject", {.text = "printer", .sort = Sort::subject, .ascending = true}, {7, 6, 5, 4, 3, 2, 1}},
      {"a word, by end", {.text = "printer", .sort = Sort::not_after, .ascending = true}, {6, 7, 5, 1, 2, 3, 4}},
      {"a word and an endpoint, oldest first", {.endpoint = "phones", .text = "example", .ascending = true}, {5}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(listed(row.filter), row.expect) << row.name;
    ca::CertificateFilter filter = row.filter;
    filter.limit = 2;
    std::vector<int> paged;
    do {
      const ca::CertificatePage page = read([&](hub::Books& books) { return books.certificates().list(filter); });
      for (const auto& record : page.rows) paged.push_back(record.serial.octets[2]);
      filter.after = page.next;
    } while (filter.after != 0 && paged.size() < 20);
    EXPECT_EQ(paged, row.expect) << row.name << ", page by page";
    // The same when a page looks at so few that some find nothing.
    filter = row.filter;
    filter.most_visited = 2;
    paged.clear();
    int pages = 0;
    do {
      const ca::CertificatePage page = read([&](hub::Books& books) { return books.certificates().list(filter); });
      for (const auto& record : page.rows) paged.push_back(record.serial.octets[2]);
      filter.after = page.next;
    } while (filter.after != 0 && ++pages < 20);
    EXPECT_EQ(paged, row.expect) << row.name << ", in small steps";
  }
}

TEST_P(LedgerContract, APageOfAListLooksAtNoMoreCertificatesThanItMay) {
  fill_statuses(ledger());
  using Sort = ca::CertificateFilter::Sort;
  for (const Sort sort : {Sort::created, Sort::not_after, Sort::subject})
    for (const bool ascending : {true, false}) {
      // Number 3 alone is superseded, and first in none of the orders.
      ca::CertificateFilter filter{
          .status = ca::CertificateStatus::superseded, .now = noon, .sort = sort, .ascending = ascending};
      filter.most_visited = 1;
      ca::CertificatePage page = read([&](hub::Books& books) { return books.certificates().list(filter); });
      EXPECT_TRUE(page.rows.empty()) << static_cast<int>(sort) << ascending;
      EXPECT_NE(page.next, 0) << static_cast<int>(sort) << ascending;
    }
}

TEST_P(LedgerContract, CountsWhatEndsWhen) {
  fill_statuses(ledger());
  const auto current = [&](Timestamp from, Timestamp before) {
    return read([&](hub::Books& books) { return books.certificates().count_current(from, before); });
  };
  const auto expiring = [&](Timestamp now, Timestamp before) {
    return read([&](hub::Books& books) { return books.certificates().count_expiring(now, before); });
  };
  const Timestamp far = noon + std::chrono::days(10000);
  EXPECT_EQ(current(Timestamp(), far), 4);
  EXPECT_EQ(current(Timestamp(), noon), 1);
  EXPECT_EQ(current(noon, far), 3);
  EXPECT_EQ(current(noon, noon + Seconds(600)), 0) << "exclusive";
  EXPECT_EQ(current(noon, noon + Seconds(601)), 1);
  EXPECT_EQ(current(noon + Seconds(600), noon + std::chrono::days(21)), 2);
  EXPECT_EQ(expiring(noon, noon + std::chrono::days(7)), 0);
  EXPECT_EQ(expiring(noon, noon + std::chrono::days(30)), 1);
  EXPECT_EQ(expiring(noon + Seconds(590), noon + std::chrono::days(7)), 1);
  EXPECT_EQ(expiring(noon + Seconds(590), far), 2);
  // By the minute, by quarters of an hour and by days, and what is between them.
  const auto in_steps = [&](Seconds step) {
    std::int64_t sum = 0;
    for (Timestamp from = noon - std::chrono::days(1); from < noon + std::chrono::days(22); from += step)
      sum += current(from, from + step);
    return sum;
  };
  for (const Seconds step : {Seconds(700), Seconds(900), Seconds(5000), Seconds(86400), Seconds(100000)})
    EXPECT_EQ(in_steps(step), 3) << step.count();

  ASSERT_TRUE(revoke(5, noon, RevocationReason::certificate_hold));
  ASSERT_TRUE(revoke(5, noon, RevocationReason::superseded));
  ASSERT_TRUE(revoke(3, noon, RevocationReason::superseded));
  EXPECT_EQ(current(Timestamp(), far), 3);
  EXPECT_EQ(in_steps(Seconds(900)), 2);

  // What is released counts again, but for an intent, and for one that was replaced meanwhile.
  ca::CertificateRecord next = certificate(8);
  next.replaces = serial_of(7).hex();
  ASSERT_TRUE(add(next));
  for (const int number : {1, 4, 7}) ASSERT_TRUE(revoke(number, noon, RevocationReason::certificate_hold));
  EXPECT_EQ(current(Timestamp(), far), 1);
  ASSERT_TRUE(issue(8));
  for (const int number : {1, 4, 7}) ASSERT_TRUE(release(number));
  EXPECT_EQ(current(Timestamp(), far), 3);
  EXPECT_EQ(current(noon, noon + Seconds(601)), 0) << "number 7 is superseded";
  EXPECT_EQ(current(Timestamp(), noon), 1);
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

TEST_P(LedgerContract, FindsACertificateByItsFingerprint) {
  fill_statuses(ledger());
  const auto find = [&](const Bytes& fingerprint) {
    return read([&](hub::Books& books) { return books.certificates().find_by_fingerprint(fingerprint); });
  };
  EXPECT_EQ(fields(find(Bytes(32, 3)).value()), fields(find_certificate(3).value()));
  EXPECT_FALSE(find(Bytes(32, 9)));
  const auto knows = [&](const Bytes& fingerprint) {
    return read([&](hub::Books& books) { return books.certificates().knows(fingerprint); });
  };
  EXPECT_TRUE(knows(Bytes(32, 3)));
  EXPECT_FALSE(knows(Bytes(32, 9)));
  EXPECT_FALSE(knows({})) << "an intent has none yet";
}

TEST_P(LedgerContract, ListsCertificatesPageByPage) {
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(add(certificate(i)));
  for (const bool by_expiry : {false, true}) {
    ca::CertificateFilter filter{.limit = 2};
    if (by_expiry) filter.expires_after = noon;
    std::vector<int> pages;
    do {
      const ca::CertificatePage page = read([&](hub::Books& books) { return books.certificates().list(filter); });
      for (const auto& row : page.rows) pages.push_back(row.serial.octets[2]);
      pages.push_back(0);
      filter.after = page.next;
    } while (filter.after != 0 && pages.size() < 20);
    EXPECT_EQ(pages, (std::vector<int>{5, 4, 0, 3, 2, 0, 1, 0}));
  }
  ca::CertificateFilter all{.limit = 5};
  EXPECT_EQ(read([&](hub::Books& books) { return books.certificates().list(all); }).next, 0);
}

TEST_P(LedgerContract, AListLeavesTheBytesOut) {
  ASSERT_TRUE(add(certificate(1)));
  ASSERT_TRUE(issue(1));
  ca::CertificateRecord row = read([](hub::Books& books) { return books.certificates().list({}); }).rows.at(0);
  ca::CertificateRecord whole = find_certificate(1).value();
  whole.tbs.clear();
  whole.der.clear();
  EXPECT_EQ(fields(row), fields(whole));
}

}  // namespace chancery::testing
