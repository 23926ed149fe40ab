// What becomes of a ledger that an earlier version wrote.

#include <gtest/gtest.h>

#include <span>

#include "sql/migrations.h"
#include "sql/sqlite.h"
#include "store/hub/ledger.h"
#include "store/hub/statements.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::store {
namespace {

// Migration 6 gave orders tokens, and ids that are never given again.
TEST(OlderLedger, DevicesKnowTheOrdersThatWereThereByTheirNumbers) {
  testing::TemporaryDirectory directory;
  testing::FakeClock clock;
  testing::RecordingLog log;
  const std::string path = directory.file("ledger.db");
  {
    auto db = sql::open_sqlite({.path = path, .application_id = 0x4368616e}).value();
    ASSERT_TRUE(sql::migrate(*db, std::span(statements::migrations).first(5), clock.now()));
    ASSERT_TRUE(db->execute_script(
        "INSERT INTO node_order (node, verb, slot, parameters, certificates, state, created, created_by, deadline, "
        "text, data) VALUES (3, 'reload', 'ipps', '[]', '[]', 1, 0, 'admin', 9, '', '[]');"
        "INSERT INTO cluster (id, name, created) VALUES (7, 'west', 0)"));
  }
  auto ledger = SqlLedger::open(path, {}, clock, log).value();
  ASSERT_TRUE(ledger->write([](hub::Books& books) -> Status {
    const auto order = books.orders().find_by_token("1").value();
    EXPECT_TRUE(order && order->verb == "reload" && order->node_id == 3);
    EXPECT_TRUE(books.clusters().remove(7).value());
    EXPECT_EQ(books.clusters().add({.name = "east", .created = {}}).value(), 8);
    EXPECT_EQ(books.nodes().add({.name = "a", .created = {}}).value(), 1);
    return {};
  }));
}

// Migration 9 counts certificates by quarters of an hour.
TEST(OlderLedger, CertificatesThatWereThereAreCountedByTheirEnds) {
  testing::TemporaryDirectory directory;
  testing::FakeClock clock;
  testing::RecordingLog log;
  const std::string path = directory.file("ledger.db");
  {
    auto db = sql::open_sqlite({.path = path, .application_id = 0x4368616e}).value();
    ASSERT_TRUE(sql::migrate(*db, std::span(statements::migrations).first(8), clock.now()));
    // Issued, issued in the same quarter, revoked, superseded; the first day is counted with the others.
    ASSERT_TRUE(db->execute_script(
        "INSERT INTO certificate (serial, generation, endpoint, state, subject, alternative_names, not_before, "
        "not_after, key_fingerprint, reason, replaces, created, superseded, words) VALUES "
        "('4101', 1, 'a', 1, 'CN=a', '[]', 0, 1000, x'00', 0, '', 0, 0, ' a '), "
        "('4102', 1, 'a', 1, 'CN=a', '[]', 0, 1799, x'00', 0, '4104', 0, 0, ' a '), "
        "('4103', 1, 'a', 2, 'CN=a', '[]', 0, 1000, x'00', 0, '', 0, 0, ' a '), "
        "('4104', 1, 'a', 1, 'CN=a', '[]', 0, 1000, x'00', 0, '', 0, 1, ' a ')"));
  }
  auto ledger = SqlLedger::open(path, {}, clock, log).value();
  ASSERT_TRUE(ledger->read([](hub::Books& books) -> Status {
    const auto count = [&](int from, int before) {
      return books.certificates().count_current(Timestamp(Seconds(from)), Timestamp(Seconds(before))).value();
    };
    EXPECT_EQ(count(900, 1800), 2);
    EXPECT_EQ(count(900, 1799), 1);
    EXPECT_EQ(count(0, 900), 0);
    return {};
  }));
}

// Nobody knows what a crash left between a revocation and its CRL: migration 10 has each generation's made anew.
TEST(OlderLedger, EachGenerationGetsAFreshCrl) {
  testing::TemporaryDirectory directory;
  testing::FakeClock clock;
  testing::RecordingLog log;
  const std::string path = directory.file("ledger.db");
  {
    auto db = sql::open_sqlite({.path = path, .application_id = 0x4368616e}).value();
    ASSERT_TRUE(sql::migrate(*db, std::span(statements::migrations).first(9), clock.now()));
    ASSERT_TRUE(
        db->execute_script("INSERT INTO crl (generation, number, this_update, next_update, der) VALUES "
                           "(0, 1, 0, 1000, x'00'), (1, 1, 0, 1000, x'00'), (1, 2, 0, 1000, x'00')"));
  }
  auto ledger = SqlLedger::open(path, {}, clock, log).value();
  ASSERT_TRUE(ledger->read([](hub::Books& books) -> Status {
    EXPECT_TRUE(books.crls().changes(1).value().due());
    EXPECT_FALSE(books.crls().changes(0).value().due()) << "the root's key may be elsewhere";
    return {};
  }));
}

// Migration 11 looks at what came after them.
TEST(OlderLedger, CertificatesAreNotHiddenBehindRevokedOnesAnyMore) {
  testing::TemporaryDirectory directory;
  testing::FakeClock clock;
  testing::RecordingLog log;
  const std::string path = directory.file("ledger.db");
  {
    auto db = sql::open_sqlite({.path = path, .application_id = 0x4368616e}).value();
    ASSERT_TRUE(sql::migrate(*db, std::span(statements::migrations).first(10), clock.now()));
    // One was replaced by a revoked one, one by a good one.
    ASSERT_TRUE(db->execute_script(
        "INSERT INTO certificate (serial, generation, endpoint, state, subject, alternative_names, not_before, "
        "not_after, key_fingerprint, reason, replaces, created, superseded, words) VALUES "
        "('4101', 1, 'a', 1, 'CN=a', '[]', 0, 1000, x'00', 0, '', 0, 1, ' a '), "
        "('4102', 1, 'a', 2, 'CN=a', '[]', 0, 1000, x'00', 1, '4101', 0, 0, ' a '), "
        "('4103', 1, 'a', 1, 'CN=a', '[]', 0, 1000, x'00', 0, '', 0, 1, ' a '), "
        "('4104', 1, 'a', 1, 'CN=a', '[]', 0, 1000, x'00', 0, '4103', 0, 0, ' a ')"));
  }
  auto ledger = SqlLedger::open(path, {}, clock, log).value();
  ASSERT_TRUE(ledger->read([](hub::Books& books) -> Status {
    const auto is_hidden = [&](std::uint8_t number) {
      return books.certificates().find(pki::Serial{{0x41, number}}).value()->superseded;
    };
    EXPECT_FALSE(is_hidden(1));
    EXPECT_TRUE(is_hidden(3));
    EXPECT_EQ(books.certificates().count_current(Timestamp(Seconds(900)), Timestamp(Seconds(1800))).value(), 2);
    EXPECT_EQ(books.certificates().count_current(Timestamp(), Timestamp(Seconds(86400))).value(), 2);
    return {};
  }));
}

}  // namespace
}  // namespace chancery::store
