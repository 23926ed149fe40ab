// What the ledger does when the disk is full, a sync fails, another process holds the lock, or the power goes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "sql/sqlite.h"
#include "store/hub/ledger.h"
#include "testing/fakes.h"
#include "testing/faulty_disk.h"
#include "testing/temporary_directory.h"

namespace chancery::store {
namespace {

constexpr Timestamp noon{Seconds(1767268800)};

pki::Serial serial_of(int number) {
  return {{0x41, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
}

// What an enrolment writes first: a challenge is used, an intent, a transaction and an audit event are added.
Status enrol(hub::Books& books, int number, std::size_t size = 700) {
  const std::string id = "challenge " + std::to_string(number);
  ca::ChallengeRecord challenge;
  challenge.id = id;
  challenge.expires = noon + Seconds(60);
  TRY_STATUS(books.challenges().add(challenge));
  TRY(const bool used, books.challenges().use(id, noon, serial_of(number).hex()));
  EXPECT_TRUE(used);
  ca::CertificateRecord certificate;
  certificate.serial = serial_of(number);
  certificate.tbs = Bytes(size, 0x5a);
  TRY_STATUS(books.certificates().add_intent(certificate));
  hub::TransactionRecord transaction;
  transaction.key.transaction_id = serial_of(number).octets;
  TRY([[maybe_unused]] const auto added, books.transactions().add(transaction));
  return books.audit().append(
      {.at = noon, .actor = "scep", .action = std::to_string(number), .subject = "", .details = {}, .hash = {}});
}

class LedgerFaults : public ::testing::Test {
 protected:
  void open(std::chrono::milliseconds busy_timeout = std::chrono::milliseconds(0)) {
    auto opened =
        SqlLedger::open(path_, {.readers = 1, .busy_timeout = busy_timeout, .vfs = disk_.vfs()}, clock_, log_);
    ASSERT_TRUE(opened) << opened.error().text();
    ledger_ = std::move(*opened);
  }
  Status enrol_one(int number, std::size_t size = 700) {
    return ledger_->write([&](hub::Books& books) { return enrol(books, number, size); });
  }
  // The numbers that are there, after a look at whether each is there as a whole.
  std::vector<int> enrolled() {
    std::vector<int> numbers;
    const Status done = ledger_->read([&](hub::Books& books) -> Status {
      TRY(const std::int64_t verified, books.audit().verify());
      TRY(const auto events, books.audit().list(0, 10'000));
      EXPECT_EQ(std::ssize(events), verified);
      for (const auto& event : events) numbers.push_back(std::stoi(event.action));
      TRY(const auto page, books.certificates().list({.limit = 10'000}));
      EXPECT_EQ(page.rows.size(), numbers.size());
      TRY(const auto transactions, books.transactions().list({}, 0, 10'000));
      EXPECT_EQ(transactions.size(), numbers.size());
      TRY(const auto challenges, books.challenges().list({.limit = 10'000}));
      EXPECT_EQ(challenges.rows.size(), numbers.size());
      for (const int number : numbers) {
        TRY(const auto certificate, books.certificates().find(serial_of(number)));
        EXPECT_TRUE(certificate && !certificate->tbs.empty());
      }
      return {};
    });
    EXPECT_TRUE(done) << done.error().text();
    return numbers;
  }
  void expect_unavailable(const Status& status, std::string_view text) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code(), ErrorCode::unavailable) << status.error().text();
    EXPECT_THAT(status.error().text(), ::testing::HasSubstr(text));
  }

  testing::TemporaryDirectory directory_;
  testing::FaultyDisk disk_;  // Outlives the connections.
  std::string path_ = directory_.file("hub.db");
  testing::FakeClock clock_;
  testing::RecordingLog log_;
  std::unique_ptr<SqlLedger> ledger_;
};

using ::testing::ElementsAre;

TEST_F(LedgerFaults, AFullDiskWritesNothingAndTheNextTryWorks) {
  open();
  ASSERT_TRUE(enrol_one(1));
  for (const std::int64_t space : {0, 1'000, 5'000, 20'000}) {
    disk_.leave_space(space);
    expect_unavailable(enrol_one(2), "disk is full");
    EXPECT_THAT(enrolled(), ElementsAre(1)) << space;
  }
  // Larger than the page cache may keep: the disk is full before the commit.
  expect_unavailable(enrol_one(3, 100'000'000), "disk is full");
  disk_.leave_space({});
  ASSERT_TRUE(enrol_one(2));
  EXPECT_THAT(enrolled(), ElementsAre(1, 2));
}

TEST_F(LedgerFaults, AFailedSyncIsNotACommit) {
  open();
  ASSERT_TRUE(enrol_one(1));
  disk_.fail_syncs(1);
  expect_unavailable(enrol_one(2), "disk I/O error");
  EXPECT_THAT(enrolled(), ElementsAre(1));
  ASSERT_TRUE(enrol_one(3));
  EXPECT_THAT(enrolled(), ElementsAre(1, 3));
  EXPECT_EQ(ledger_->statistics().failed_commits, 1u);
  EXPECT_EQ(ledger_->statistics().commits, 2u);
}

TEST_F(LedgerFaults, SaysOnceThatItCannotWriteAndOnceThatItCan) {
  open();
  disk_.leave_space(0);
  for (const int number : {1, 2, 3}) EXPECT_FALSE(enrol_one(number));
  disk_.leave_space({});
  for (const int number : {1, 2, 3}) EXPECT_TRUE(enrol_one(number));
  EXPECT_FALSE(ledger_->write([](hub::Books&) -> Status { return refused("of its own"); }));
  EXPECT_THAT(log_.lines(), ElementsAre(::testing::HasSubstr("schema brought up to date"),
                                        ::testing::StartsWith("error the database cannot be written error=\""),
                                        "info the database can be written again"));
}

TEST_F(LedgerFaults, ALockOfAnotherProcessIsUnavailable) {
  open();
  ASSERT_TRUE(enrol_one(1));
  const auto other = sql::open_sqlite({.path = path_, .vfs = disk_.vfs()}).value();
  ASSERT_TRUE(other->begin(sql::TransactionKind::write));
  expect_unavailable(enrol_one(2), "locked");
  EXPECT_THAT(enrolled(), ElementsAre(1)) << "others can still read";
  other->rollback();
  ASSERT_TRUE(enrol_one(2));
  EXPECT_THAT(enrolled(), ElementsAre(1, 2));
}

TEST_F(LedgerFaults, AWorkThatGoesOnAfterADiskErrorIsUndone) {
  open();
  disk_.leave_space(1'000);
  const Status done = ledger_->write([](hub::Books& books) -> Status {
    EXPECT_FALSE(enrol(books, 1, 100'000'000));
    return {};
  });
  expect_unavailable(done, "disk is full");
  disk_.leave_space({});
  EXPECT_THAT(enrolled(), ElementsAre());
}

// The chain of the audit trail after each way in which events of a batch are taken back.
class AuditInBatches : public LedgerFaults {
 protected:
  // Runs the works in one transaction of the database: the writer is held up until all of them wait.
  std::vector<Status> in_one_batch(const std::vector<std::function<Status(hub::Books&)>>& works) {
    std::mutex mutex;
    std::condition_variable changed;
    bool held = false, released = false;
    std::thread holder([&] {
      static_cast<void>(ledger_->write([&](hub::Books&) -> Status {
        std::unique_lock lock(mutex);
        held = true;
        changed.notify_all();
        changed.wait(lock, [&] { return released; });
        return refused("only held the writer up");
      }));
    });
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return held; });
    }
    std::vector<Status> done(works.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < works.size(); ++i) {
      threads.emplace_back([&, i] { done[i] = ledger_->write(works[i]); });
      while (ledger_->statistics().waiting <= i) std::this_thread::yield();  // They wait in this order.
    }
    {
      const std::scoped_lock lock(mutex);
      released = true;
    }
    changed.notify_all();
    holder.join();
    for (std::thread& thread : threads) thread.join();
    return done;
  }
  static auto enrols(int number) {
    return [number](hub::Books& books) { return enrol(books, number); };
  }
  static auto changes_its_mind(int number) {
    return [number](hub::Books& books) -> Status {
      TRY_STATUS(enrol(books, number));
      return refused("changed its mind");
    };
  }
};

TEST_F(AuditInBatches, SavepointsThatAreRolledBackLeaveNoGap) {
  open();
  const auto commits = ledger_->statistics().commits;
  const auto done = in_one_batch({changes_its_mind(1), enrols(2), changes_its_mind(3), changes_its_mind(4), enrols(5)});
  EXPECT_EQ(ledger_->statistics().commits, commits + 2) << "the one that held the writer up, and the batch";
  EXPECT_FALSE(done[0]);
  EXPECT_TRUE(done[1]);
  EXPECT_FALSE(done[2]);
  EXPECT_FALSE(done[3]);
  EXPECT_TRUE(done[4]);
  EXPECT_THAT(enrolled(), ElementsAre(2, 5));
  ASSERT_TRUE(enrol_one(6));
  EXPECT_THAT(enrolled(), ElementsAre(2, 5, 6));
}

TEST_F(AuditInBatches, ABatchInWhichAllFailLeavesNothing) {
  open();
  ASSERT_TRUE(enrol_one(1));
  for (const Status& status : in_one_batch({changes_its_mind(2), changes_its_mind(3)})) EXPECT_FALSE(status);
  ASSERT_TRUE(enrol_one(4));
  EXPECT_THAT(enrolled(), ElementsAre(1, 4));
}

TEST_F(AuditInBatches, ACommitThatFailsTakesTheWholeBatchBackAndTheChainGoesOnBeforeIt) {
  open();
  ASSERT_TRUE(enrol_one(1));
  for (const bool full : {false, true}) {
    if (full)
      disk_.leave_space(0);
    else
      disk_.fail_syncs(1);
    for (const Status& status : in_one_batch({enrols(2), changes_its_mind(3), enrols(4)}))
      expect_unavailable(status, full ? "disk is full" : "disk I/O error");
    disk_.leave_space({});
    EXPECT_THAT(enrolled(), ElementsAre(1));
  }
  for (const Status& status : in_one_batch({enrols(2), enrols(4)})) EXPECT_TRUE(status);
  EXPECT_THAT(enrolled(), ElementsAre(1, 2, 4));
}

// At each sync, before and after it: what was acknowledged is there, as a whole, and the chain is whole.
TEST_F(LedgerFaults, APowerCutLosesNothingThatWasAcknowledged) {
  for (int sync = 1; sync < 40; ++sync)
    for (const bool after : {false, true}) {
      path_ = directory_.file("hub" + std::to_string(sync) + (after ? "after" : "before"));
      open();
      disk_.cut_power_at_sync(sync, after);
      std::vector<int> acknowledged;
      for (int number = 1; number <= 6 && !disk_.power_is_cut(); ++number)
        if (enrol_one(number)) acknowledged.push_back(number);
      const bool cut = disk_.power_is_cut();
      ledger_.reset();
      testing::FakeRandom random(static_cast<std::uint64_t>(sync));
      disk_.restore_power([&] { return random.fraction() < 0.5; });
      open();
      const std::vector<int> found = enrolled();
      EXPECT_THAT(found, ::testing::IsSupersetOf(acknowledged));
      EXPECT_LE(found.size(), acknowledged.size() + 1);
      const bool more = static_cast<bool>(enrol_one(99));
      EXPECT_TRUE(more);
      EXPECT_EQ(enrolled().size(), found.size() + 1);
      ledger_.reset();
      if (!cut) return;
    }
}

}  // namespace
}  // namespace chancery::store
