#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/sqlite.h"
#include "store/hub/audit_chain.h"
#include "store/hub/ledger.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::store {
namespace {

constexpr Timestamp noon{Seconds(1767268800)};

hub::AuditEvent event(std::string action) {
  return {.at = noon, .actor = "admin root", .action = std::move(action), .subject = "17", .details = {}, .hash = {}};
}

TEST(AuditChain, TheCanonicalFormIsFixed) {
  hub::AuditEvent one = event("endpoint.changed");
  one.sequence = 7;
  one.subject = "a\"b\\c\n\x01\xc3\xa4";
  one.details = {{"validity", "365d"}, {"validity", "30d"}};
  EXPECT_EQ(canonical_json(one),
            "{\"sequence\":7,\"at\":\"2026-01-01T12:00:00Z\",\"actor\":\"admin root\",\"action\":\"endpoint.changed\","
            "\"subject\":\"a\\\"b\\\\c\\u000a\\u0001\xc3\xa4\",\"details\":[[\"validity\",\"365d\"],[\"validity\","
            "\"30d\"]]}");
  // sha256sum of that text, with and without bytes before it.
  EXPECT_EQ(to_hex(audit_hash({}, one)), "e4b8925b0fb32ba5bce0085d766635ffdbd7828c523cdde3945cade268beece3");
  EXPECT_EQ(to_hex(audit_hash(as_bytes("before"), one)),
            "07fa2000b3c902a7efae656b48d76c22a237aa0864adb8fc07543ee803132118");
}

TEST(AuditChain, EveryFieldCounts) {
  const hub::AuditEvent base = event("a");
  std::vector<hub::AuditEvent> others(6, base);
  others[0].sequence = 1;
  others[1].at = noon + Seconds(1);
  others[2].actor = "";
  others[3].action = "b";
  others[4].subject = "18";
  others[5].details = {{"", ""}};
  for (const hub::AuditEvent& other : others) EXPECT_NE(audit_hash({}, other), audit_hash({}, base));
  EXPECT_NE(audit_hash(Bytes{0}, base), audit_hash({}, base));
}

class AuditTrailTest : public ::testing::Test {
 protected:
  AuditTrailTest() {
    for (int i = 1; i <= 5; ++i) append("event " + std::to_string(i));
  }
  void append(const std::string& action) {
    ASSERT_TRUE(ledger_->write([&](hub::Books& books) { return books.audit().append(event(action)); }));
  }
  // What someone with the database file in his hands does.
  void tamper(std::string_view sql) {
    const auto other = sql::open_sqlite({.path = path_}).value();
    const Status done = other->execute_script(sql);
    ASSERT_TRUE(done) << done.error().text();
  }
  std::string verdict() {
    std::string text;
    const Status done = ledger_->read([&](hub::Books& books) -> Status {
      TRY(const std::int64_t count, books.audit().verify());
      text = "whole: " + std::to_string(count);
      return {};
    });
    return done ? text : done.error().text();
  }

  testing::TemporaryDirectory directory_;
  testing::FakeClock clock_;
  NullLog log_;
  std::string path_ = directory_.file("hub.db");
  std::unique_ptr<SqlLedger> ledger_ = SqlLedger::open(path_, {.durable = false}, clock_, log_).value();
};

TEST_F(AuditTrailTest, VerifyNamesTheFirstEventThatDoesNotFit) {
  const struct {
    const char* name;
    const char* sql;
    const char* expect;
  } rows[] = {
      {"nothing", "", "whole: 5"},
      {"actor changed", "UPDATE audit_event SET actor = 'admin eve' WHERE sequence = 3",
       "audit event 3 does not fit the one before it, or was changed"},
      {"time changed", "UPDATE audit_event SET at = at + 1 WHERE sequence = 1",
       "audit event 1 does not fit the one before it, or was changed"},
      {"details added", "UPDATE audit_event SET details = '[[\"a\",\"b\"]]' WHERE sequence = 5",
       "audit event 5 does not fit the one before it, or was changed"},
      {"details broken", "UPDATE audit_event SET details = '[' WHERE sequence = 2",
       "audit event 2: the database holds malformed JSON"},
      {"hash changed",
       "UPDATE audit_event SET hash = (SELECT hash FROM audit_event WHERE sequence = 1) "
       "WHERE sequence = 2",
       "audit event 2 does not fit the one before it, or was changed"},
      {"first removed", "DELETE FROM audit_event WHERE sequence = 1", "audit event 1 is missing: 2 follows"},
      {"one removed", "DELETE FROM audit_event WHERE sequence = 3", "audit event 3 is missing: 4 follows"},
      {"removed, and the others moved up",
       "DELETE FROM audit_event WHERE sequence = 3; UPDATE audit_event SET sequence = sequence - 1 WHERE sequence > 3",
       "audit event 3 does not fit the one before it, or was changed"},
      {"two exchanged",
       "UPDATE audit_event SET sequence = 99 WHERE sequence = 2; UPDATE audit_event SET sequence = 2 WHERE sequence = "
       "3;"
       "UPDATE audit_event SET sequence = 3 WHERE sequence = 99",
       "audit event 2 does not fit the one before it, or was changed"},
      {"the end cut off", "DELETE FROM audit_event WHERE sequence > 3",
       "audit event 4 is missing: the trail ends at 3"},
      {"all removed", "DELETE FROM audit_event", "audit event 1 is missing: the trail ends at 0"},
      {"one put in at the end",
       "INSERT INTO audit_event SELECT 6, at, actor, action, subject, details, hash FROM audit_event WHERE sequence = "
       "5",
       "audit event 6 does not fit the one before it, or was changed"},
      {"the end cut off, and the head moved back",
       "DELETE FROM audit_event WHERE sequence > 3; UPDATE audit_head SET sequence = 3",
       "audit event 3 is not the last that was written"},
      {"the head moved back", "UPDATE audit_head SET sequence = 4", "audit event 5 is not the last that was written"},
      {"the head lost", "DELETE FROM audit_head", "the audit trail has lost its head"},
  };
  // Each row starts from the same five events.
  ledger_.reset();
  const auto copy = [&](const std::string& from, const std::string& to) {
    static_cast<void>(std::remove(to.c_str()));
    ASSERT_TRUE(sql::open_sqlite({.path = from}).value()->execute("VACUUM INTO ?", to));
  };
  const std::string original = path_;
  for (const auto& row : rows) {
    path_ = directory_.file("copy.db");
    for (const char* suffix : {"-wal", "-shm"}) static_cast<void>(std::remove((path_ + suffix).c_str()));
    copy(original, path_);
    tamper(row.sql);
    ledger_ = SqlLedger::open(path_, {.durable = false}, clock_, log_).value();
    EXPECT_THAT(verdict(), ::testing::StartsWith(row.expect)) << row.name;
    ledger_.reset();
  }
}

TEST_F(AuditTrailTest, WhatWasCutOffIsStillMissedWhenEventsFollow) {
  tamper("DELETE FROM audit_event WHERE sequence > 3");
  append("after");
  EXPECT_EQ(verdict(), "audit event 4 is missing: 6 follows");
}

TEST_F(AuditTrailTest, TheTrailIsVerifiedPageByPage) {
  ASSERT_TRUE(ledger_->write([&](hub::Books& books) -> Status {
    for (int i = 6; i <= 2500; ++i) TRY_STATUS(books.audit().append(event("many")));
    return {};
  }));
  EXPECT_EQ(verdict(), "whole: 2500");
  tamper("DELETE FROM audit_event WHERE sequence = 1001");
  EXPECT_EQ(verdict(), "audit event 1001 is missing: 1002 follows");
}

}  // namespace
}  // namespace chancery::store
