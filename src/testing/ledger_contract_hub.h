#pragma once

// The contract of transactions, endpoints, the audit trail, and of the ledger as a whole. Part of ledger_contract.h.

#include <atomic>
#include <thread>

#include "testing/ledger_contract_fixture.h"

namespace chancery::testing {

using TransactionState = hub::TransactionRecord::State;

TEST_P(LedgerContract, GivesBackATransactionByKeyAndById) {
  hub::TransactionRecord record = transaction(1);
  record.renewal = true;
  record.alternative_names = {"dns:a.example"};
  record.serial = "4101";
  record.replaces = "4100";
  record.reason = "no challenge";
  record.state = TransactionState::issued;
  record.id = add(record).value();
  test_ledger->reopen();
  EXPECT_EQ(fields(find_transaction(record.id).value()), fields(record));
  const auto found = read([&](hub::Books& books) { return books.transactions().find(record.key); });
  EXPECT_EQ(fields(found.value()), fields(record));
  EXPECT_FALSE(find_transaction(record.id + 1));
}

TEST_P(LedgerContract, ATransactionIsKnownByEndpointSignerAndId) {
  const hub::TransactionRecord record = transaction(1);
  ASSERT_TRUE(add(record));
  EXPECT_ERROR(ErrorCode::conflict, add(record));
  hub::TransactionRecord others[] = {record, record, record};
  others[0].key.endpoint = "phones";
  others[1].key.signer_key = Bytes(32, 0x99);
  others[2].key.transaction_id = {0x00};
  for (auto& other : others) {
    EXPECT_FALSE(read([&](hub::Books& books) { return books.transactions().find(other.key); }));
    EXPECT_TRUE(add(other));
  }
}

TEST_P(LedgerContract, FindsTheLatestTransactionOfAKey) {
  for (const int number : {5, 6, 5}) {
    hub::TransactionRecord record = transaction(number);
    record.key.transaction_id = Bytes(static_cast<std::size_t>(audit_trail().size()) + 1, 0x54);
    ASSERT_TRUE(add(record));
    ASSERT_TRUE(append(audit_event("one more")));
  }
  const auto latest = [&](std::string_view endpoint, int number) {
    return read([&](hub::Books& books) {
      return books.transactions().latest_for_key(endpoint, Bytes(32, static_cast<std::uint8_t>(number)));
    });
  };
  EXPECT_EQ(latest("printers", 5)->key.transaction_id.size(), 3u);
  EXPECT_EQ(latest("printers", 6)->key.transaction_id.size(), 2u);
  EXPECT_FALSE(latest("phones", 5));
  EXPECT_FALSE(latest("printers", 7));
}

TEST_P(LedgerContract, CountsTheValidCertificatesThatAKeyOrCertificateBrought) {
  const auto bring = [&](int number, int signer, std::string_view endpoint = "printers") {
    ASSERT_TRUE(add(certificate(number)));
    hub::TransactionRecord record = transaction(number);
    record.key.endpoint = endpoint;
    record.key.signer_key = Bytes(32, static_cast<std::uint8_t>(signer));
    record.state = TransactionState::issued;
    record.serial = certificate(number).serial.hex();
    ASSERT_TRUE(add(record));
  };
  bring(1, 7);
  bring(2, 7);
  bring(3, 8);
  bring(4, 7, "phones");
  ASSERT_TRUE(issue(1));  // The others stay intents, which will be certificates.
  hub::TransactionRecord waits = transaction(5);
  waits.key.signer_key = Bytes(32, 7);
  ASSERT_TRUE(add(waits));
  const auto count = [&](Timestamp now) {
    return read(
        [&](hub::Books& books) { return books.transactions().count_valid_issued("printers", Bytes(32, 7), now); });
  };
  const pki::Validity validity = certificate(1).validity;
  EXPECT_EQ(count(validity.not_before), 2);
  EXPECT_EQ(count(validity.not_after), 2);
  EXPECT_EQ(count(validity.not_before - Seconds(1)), 0);
  EXPECT_EQ(count(validity.not_after + Seconds(1)), 0);
  ASSERT_TRUE(revoke(1, noon, pki::RevocationReason::superseded));
  EXPECT_EQ(count(validity.not_after), 1);
}

TEST_P(LedgerContract, ARequestIsDecidedOnce) {
  const std::int64_t first = add(transaction(1)).value();
  const std::int64_t second = add(transaction(2)).value();
  EXPECT_NE(first, second);
  const auto approve = [&](std::int64_t id) {
    return write([&](hub::Books& books) { return books.transactions().approve(id, "4101", noon + Seconds(5)); });
  };
  const auto reject = [&](std::int64_t id) {
    return write(
        [&](hub::Books& books) { return books.transactions().reject(id, 4, "unknown device", noon + Seconds(6)); });
  };
  ASSERT_TRUE(approve(first));
  EXPECT_ERROR(ErrorCode::conflict, approve(first));
  EXPECT_ERROR(ErrorCode::conflict, reject(first));
  ASSERT_TRUE(reject(second));
  EXPECT_ERROR(ErrorCode::conflict, reject(second));
  EXPECT_ERROR(ErrorCode::conflict, approve(second));
  EXPECT_ERROR(ErrorCode::not_found, approve(second + 1));
  EXPECT_ERROR(ErrorCode::not_found, reject(second + 1));

  hub::TransactionRecord approved = transaction(1);
  approved.id = first;
  approved.state = TransactionState::issued;
  approved.serial = "4101";
  approved.updated = noon + Seconds(5);
  EXPECT_EQ(fields(find_transaction(first).value()), fields(approved));
  const hub::TransactionRecord rejected = find_transaction(second).value();
  EXPECT_EQ(rejected.state, TransactionState::rejected);
  EXPECT_EQ(rejected.fail_info, 4);
  EXPECT_EQ(rejected.reason, "unknown device");
  EXPECT_TRUE(rejected.request.empty()) << "nobody needs it any more";
  EXPECT_EQ(rejected.updated, noon + Seconds(6));
}

TEST_P(LedgerContract, ListsAndCountsTransactions) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(add(transaction(i)).value());
  ASSERT_TRUE(write([&](hub::Books& books) { return books.transactions().approve(ids[1], "4101", noon); }));
  ASSERT_TRUE(write([&](hub::Books& books) { return books.transactions().reject(ids[3], 2, "", noon); }));
  using Ids = std::vector<std::int64_t>;
  const auto list = [&](std::optional<TransactionState> state, std::int64_t after, int limit) {
    Ids found;
    for (const auto& record : read([&](hub::Books& books) { return books.transactions().list(state, after, limit); }))
      found.push_back(record.id);
    return found;
  };
  EXPECT_EQ(list({}, 0, 10), (Ids{ids[4], ids[3], ids[2], ids[1], ids[0]}));
  EXPECT_EQ(list({}, ids[3], 2), (Ids{ids[2], ids[1]}));
  EXPECT_EQ(list(TransactionState::pending, 0, 2), (Ids{ids[4], ids[2]}));
  EXPECT_EQ(list(TransactionState::pending, ids[2], 2), (Ids{ids[0]}));
  EXPECT_EQ(list(TransactionState::issued, 0, 2), (Ids{ids[1]}));
  const auto count = [&](TransactionState state) {
    return read([&](hub::Books& books) { return books.transactions().count(state); });
  };
  EXPECT_EQ(count(TransactionState::pending), 3);
  EXPECT_EQ(count(TransactionState::issued), 1);
  EXPECT_EQ(count(TransactionState::rejected), 1);
}

TEST_P(LedgerContract, ForgetsOldRejectedTransactionsAndNoOthers) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(add(transaction(i)).value());
  const auto reject = [&](std::int64_t id, Timestamp at) {
    ASSERT_TRUE(write([&](hub::Books& books) { return books.transactions().reject(id, 2, "", at); }));
  };
  const auto forget = [](hub::Books& books) { return books.transactions().forget(noon + Seconds(10)); };
  reject(ids[0], noon + Seconds(10));
  reject(ids[1], noon + Seconds(9));
  ASSERT_TRUE(write([&](hub::Books& books) { return books.transactions().approve(ids[2], "4101", noon); }));
  reject(ids[4], noon);
  EXPECT_ERROR(ErrorCode::refused, write([&](hub::Books& books) -> Status {
                 TRY_STATUS(forget(books));
                 return refused("changed its mind");
               }));
  EXPECT_ERROR(ErrorCode::conflict, add(transaction(1)));
  ASSERT_TRUE(write(forget));
  EXPECT_TRUE(find_transaction(ids[0])) << "at that very time";
  EXPECT_FALSE(find_transaction(ids[1]));
  EXPECT_TRUE(find_transaction(ids[2])) << "issued";
  EXPECT_TRUE(find_transaction(ids[3])) << "pending";
  EXPECT_TRUE(find_transaction(ids[4])) << "its id would be given again";

  EXPECT_GT(add(transaction(1)).value(), ids[4]) << "a forgotten one may come again, under an id of its own";
  ASSERT_TRUE(write(forget));
  EXPECT_FALSE(find_transaction(ids[4])) << "not the highest id any more";
}

TEST_P(LedgerContract, ForgetsNoMoreThanTenThousandAtOnce) {
  ASSERT_TRUE(write([](hub::Books& books) -> Status {
    for (int i = 0; i < 10'003; ++i) {
      hub::TransactionRecord record = transaction(0);
      record.key.transaction_id = {static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
      record.state = TransactionState::rejected;
      TRY([[maybe_unused]] const std::int64_t id, books.transactions().add(record));
    }
    return {};
  }));
  for (const std::int64_t left : {3, 1, 1}) {
    ASSERT_TRUE(write([](hub::Books& books) { return books.transactions().forget(noon + Seconds(1)); }));
    EXPECT_EQ(read([](hub::Books& books) { return books.transactions().count(TransactionState::rejected); }), left);
  }
}

TEST_P(LedgerContract, KeepsEndpointsWithTheirSettingsInOrder) {
  const auto put = [&](const hub::StoredEndpoint& endpoint) {
    return write([&](hub::Books& books) { return books.endpoints().put(endpoint); });
  };
  ASSERT_TRUE(put({"printers", {{"preset", "cisco-ios"}, {"validity", "365d"}, {"names", ""}}}));
  ASSERT_TRUE(put({"phones", {}}));
  ASSERT_TRUE(put({"printers", {{"validity", "\"30d\"\n"}, {"preset", "canon"}}}));
  test_ledger->reopen();
  const auto all = read([](hub::Books& books) { return books.endpoints().all(); });
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "phones");
  EXPECT_TRUE(all[0].settings.empty());
  EXPECT_EQ(all[1].name, "printers");
  EXPECT_EQ(all[1].settings, (std::vector<config::Setting>{{"validity", "\"30d\"\n"}, {"preset", "canon"}}));
  ASSERT_TRUE(write([](hub::Books& books) -> Status {
    EXPECT_TRUE(books.endpoints().remove("phones").value());
    EXPECT_FALSE(books.endpoints().remove("phones").value());
    return {};
  }));
  EXPECT_EQ(read([](hub::Books& books) { return books.endpoints().all(); }).size(), 1u);
}

TEST_P(LedgerContract, NumbersAuditEventsWithoutGaps) {
  hub::AuditEvent event = audit_event("certificate.issued");
  event.details = {{"endpoint", "printers"}, {"name", "dns:a"}, {"name", "quote\" \\ \n \xc3\xa4 \xff"}};
  ASSERT_TRUE(append(event));
  ASSERT_TRUE(write([](hub::Books& books) -> Status {
    TRY_STATUS(books.audit().append(audit_event("two")));
    TRY_STATUS(books.audit().append(audit_event("three")));
    EXPECT_EQ(books.audit().verify().value_or(-1), 3) << "inside the transaction";
    return {};
  }));
  test_ledger->reopen();
  ASSERT_TRUE(append(audit_event("four")));
  const auto events = audit_trail();
  ASSERT_EQ(events.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(events[i].sequence, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(events[i].hash.size(), 32u);
  }
  EXPECT_EQ(events[0].at, event.at);
  EXPECT_EQ(events[0].actor, event.actor);
  EXPECT_EQ(events[0].action, event.action);
  EXPECT_EQ(events[0].subject, event.subject);
  EXPECT_EQ(events[0].details, event.details);
  EXPECT_EQ(read([](hub::Books& books) { return books.audit().verify(); }), 4);

  const auto sequences = [](const std::vector<hub::AuditEvent>& from) {
    std::vector<std::int64_t> numbers;
    for (const auto& one : from) numbers.push_back(one.sequence);
    return numbers;
  };
  EXPECT_THAT(sequences(read([](hub::Books& books) { return books.audit().list(1, 2); })),
              ::testing::ElementsAre(2, 3));
  EXPECT_THAT(sequences(read([](hub::Books& books) { return books.audit().newest(0, 2); })),
              ::testing::ElementsAre(4, 3));
  EXPECT_THAT(sequences(read([](hub::Books& books) { return books.audit().newest(3, 9); })),
              ::testing::ElementsAre(2, 1));
}

TEST_P(LedgerContract, SearchesTheAuditTrailInTheOrderOfTime) {
  // Sequence 2 says that it was before 1: somebody set the clock back.
  const struct {
    int second;
    const char *actor, *action, *subject;
  } events[] = {
      {10, "user anna", "node.added", "lobby"},  {5, "scep 10.0.0.7", "certificate.issued", "41"},
      {20, "user anna", "user.changed", "anna"}, {20, "user root", "certificate.revoked", "41"},
      {30, "node anna", "order.done", "7"},
  };
  for (const auto& [second, actor, action, subject] : events)
    ASSERT_TRUE(append({.at = noon + Seconds(second), .actor = actor, .action = action, .subject = subject}));
  const auto found = [&](hub::AuditFilter filter) {
    std::string numbers;
    do {
      const hub::AuditPage page = read([&](hub::Books& books) { return books.audit().find(filter); });
      for (const hub::AuditEvent& event : page.events) numbers += std::to_string(event.sequence);
      if (page.next != 0) numbers += ',';
      filter.after = page.next;
    } while (filter.after != 0);
    return numbers;
  };
  const struct {
    const char* name;
    hub::AuditFilter filter;
    const char* expect;
  } rows[] = {
      {"all", {}, "21345"},
      {"all, newest first", {.newest_first = true}, "54312"},
      {"an action", {.action = "certificate.revoked"}, "4"},
      {"an actor", {.actor = "user anna"}, "13"},
      {"a subject", {.subject = "41"}, "24"},
      {"a subject and an action", {.action = "certificate.issued", .subject = "41"}, "2"},
      {"a subject and an actor", {.actor = "user root", .subject = "41"}, "4"},
      {"an actor and an action", {.action = "user.changed", .actor = "user anna"}, "3"},
      {"a text finds each once", {.text = "anna"}, "135"},
      {"a text, newest first", {.text = "anna", .newest_first = true}, "531"},
      {"a text with its door", {.text = "scep 10.0.0.7"}, "2"},
      {"a text and an actor", {.actor = "node anna", .text = "anna"}, "5"},
      {"a text and a subject", {.subject = "anna", .text = "anna"}, "3"},
      {"nobody", {.text = "nobody"}, ""},
      {"since", {.since = noon + Seconds(20)}, "345"},
      {"until", {.until = noon + Seconds(20)}, "21"},
      {"between, newest first", {.since = noon + Seconds(6), .until = noon + Seconds(21), .newest_first = true}, "431"},
      {"an actor since", {.actor = "user anna", .since = noon + Seconds(11)}, "3"},
      {"pages", {.limit = 2}, "21,34,5"},
      {"pages, newest first", {.newest_first = true, .limit = 2}, "54,31,2"},
      {"pages of a text", {.text = "anna", .newest_first = true, .limit = 1}, "5,3,1"},
  };
  for (const auto& row : rows) EXPECT_EQ(found(row.filter), row.expect) << row.name;
  EXPECT_ERROR(ErrorCode::not_found, ledger().read([](hub::Books& books) -> Status {
    TRY([[maybe_unused]] const auto page, books.audit().find({.after = 77}));
    return {};
  }));
}

TEST_P(LedgerContract, AnEmptyAuditTrailIsWhole) {
  EXPECT_EQ(read([](hub::Books& books) { return books.audit().verify(); }), 0);
  EXPECT_TRUE(audit_trail().empty());
}

TEST_P(LedgerContract, AnErrorUndoesAllThatTheWorkDid) {
  ASSERT_TRUE(add(certificate(1)));
  ASSERT_TRUE(add(challenge("a")));
  const std::int64_t pending = add(transaction(1)).value();
  ASSERT_TRUE(append(audit_event("before")));
  const Status refusal = write([&](hub::Books& books) -> Status {
    TRY_STATUS(books.certificates().add_intent(certificate(2)));
    TRY_STATUS(books.certificates().record_issued(serial_of(1), Bytes{1}, Bytes{2}));
    TRY_STATUS(books.certificates().revoke(serial_of(1), noon, pki::RevocationReason::superseded));
    EXPECT_TRUE(books.challenges().use("a", noon, "4101").value());
    EXPECT_TRUE(books.challenges().remove("a").value());
    TRY_STATUS(books.challenges().add(challenge("b")));
    TRY_STATUS(books.crls().add({1, 1, noon, noon, {}}));
    TRY_STATUS(books.transactions().approve(pending, "4101", noon));
    TRY(const std::int64_t id, books.transactions().add(transaction(2)));
    TRY_STATUS(books.transactions().reject(id, 2, "", noon));
    TRY_STATUS(books.endpoints().put({"phones", {}}));
    TRY_STATUS(books.audit().append(audit_event("undone")));
    return refused("changed its mind");
  });
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().code(), ErrorCode::refused);
  EXPECT_EQ(refusal.error().text(), "changed its mind");
  EXPECT_EQ(fields(find_certificate(1).value()), fields(certificate(1)));
  EXPECT_FALSE(find_certificate(2));
  EXPECT_EQ(fields(find_challenge("a").value()), fields(challenge("a")));
  EXPECT_FALSE(find_challenge("b"));
  EXPECT_FALSE(read([](hub::Books& books) { return books.crls().latest(1); }));
  EXPECT_EQ(find_transaction(pending)->state, TransactionState::pending);
  EXPECT_EQ(read([](hub::Books& books) { return books.transactions().list({}, 0, 10); }).size(), 1u);
  EXPECT_TRUE(read([](hub::Books& books) { return books.endpoints().all(); }).empty());

  ASSERT_TRUE(append(audit_event("after")));
  const auto events = audit_trail();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].action, "after");
  EXPECT_EQ(read([](hub::Books& books) { return books.audit().verify(); }), 2);
}

TEST_P(LedgerContract, AWorkSeesWhatItWrote) {
  ASSERT_TRUE(write([](hub::Books& books) -> Status {
    TRY_STATUS(books.certificates().add_intent(certificate(1)));
    TRY(const auto found, books.certificates().find(serial_of(1)));
    EXPECT_TRUE(found);
    TRY(const auto listed_page, books.certificates().list({}));
    EXPECT_EQ(listed_page.rows.size(), 1u);
    return {};
  }));
}

TEST_P(LedgerContract, AReadCannotWrite) {
  using Work = std::function<Status(hub::Books&)>;
  const auto dropping = [](auto result) -> Status {
    if (!result) return std::unexpected(result.error());
    return {};
  };
  const struct {
    const char* name;
    Work work;
  } rows[] = {
      {"intent", [](hub::Books& books) { return books.certificates().add_intent(certificate(1)); }},
      {"issued", [](hub::Books& books) { return books.certificates().record_issued(serial_of(1), {}, {}); }},
      {"revoke",
       [](hub::Books& books) {
         return books.certificates().revoke(serial_of(1), noon, pki::RevocationReason::superseded);
       }},
      {"challenge", [](hub::Books& books) { return books.challenges().add(challenge("a")); }},
      {"use", [&](hub::Books& books) { return dropping(books.challenges().use("a", noon, "")); }},
      {"remove", [&](hub::Books& books) { return dropping(books.challenges().remove("a")); }},
      {"remove expired", [](hub::Books& books) { return books.challenges().remove_expired(noon); }},
      {"crl", [](hub::Books& books) { return books.crls().add({}); }},
      {"transaction", [&](hub::Books& books) { return dropping(books.transactions().add(transaction(1))); }},
      {"approve", [](hub::Books& books) { return books.transactions().approve(1, "", noon); }},
      {"reject", [](hub::Books& books) { return books.transactions().reject(1, 2, "", noon); }},
      {"forget", [](hub::Books& books) { return books.transactions().forget(noon); }},
      {"endpoint", [](hub::Books& books) { return books.endpoints().put({}); }},
      {"remove endpoint", [&](hub::Books& books) { return dropping(books.endpoints().remove("a")); }},
      {"audit", [](hub::Books& books) { return books.audit().append(audit_event("a")); }},
  };
  for (const auto& row : rows) {
    const Status done = ledger().read(row.work);
    ASSERT_FALSE(done) << row.name;
    EXPECT_EQ(done.error().code(), ErrorCode::internal) << row.name;
    EXPECT_EQ(done.error().text(), "a read tried to write") << row.name;
  }
}

TEST_P(LedgerContract, AReadGivesTheErrorOfItsWork) {
  EXPECT_ERROR(ErrorCode::not_found, ledger().read([](hub::Books&) -> Status { return not_found("nothing"); }));
}

// Of many threads that present one challenge, one gets in; and the chain is whole whatever the order was.
TEST_P(LedgerContract, ThreadsShareTheLedger) {
  ASSERT_TRUE(add(challenge("a")));
  constexpr int threads = 8, works = 20;
  std::atomic<int> let_in = 0, failed = 0;
  std::vector<std::thread> running;
  for (int thread = 0; thread < threads; ++thread)
    running.emplace_back([&, thread] {
      for (int work = 0; work < works; ++work) {
        const int number = thread * works + work;
        bool used = false;
        const Status done = ledger().write([&](hub::Books& books) -> Status {
          TRY(used, books.challenges().use("a", noon, std::to_string(number)));
          TRY_STATUS(books.certificates().add_intent(certificate(number)));
          TRY_STATUS(books.audit().append(audit_event(std::to_string(number))));
          if (work % 5 == 4) return refused("every fifth");
          return {};
        });
        if (!done)
          ++failed;
        else if (used)
          ++let_in;
        static_cast<void>(ledger().read([&](hub::Books& books) -> Status {
          TRY(const auto found, books.certificates().find(serial_of(number)));
          EXPECT_EQ(found.has_value(), work % 5 != 4);
          return {};
        }));
      }
    });
  for (std::thread& thread : running) thread.join();
  EXPECT_EQ(let_in, 1);
  EXPECT_EQ(failed, threads * works / 5);
  EXPECT_EQ(read([](hub::Books& books) { return books.audit().verify(); }), threads * works * 4 / 5);
}

}  // namespace chancery::testing
