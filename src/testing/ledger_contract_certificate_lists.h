#pragma once

// The contract of lists of certificates, and of what is counted and found among them. Part of ledger_contract.h.

#include "testing/ledger_contract_ca.h"

namespace chancery::testing {

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
