#include "sql/group_commit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <semaphore>
#include <thread>

#include "sql/sqlite.h"
#include "testing/fakes.h"
#include "testing/faulty_disk.h"
#include "testing/temporary_directory.h"

namespace chancery::sql {
namespace {

using ::testing::HasSubstr;

Status done(const Result<std::int64_t>& changed) {
  if (!changed) return std::unexpected(changed.error());
  return {};
}

GroupCommit::Work insert(int number) {
  return [number](Connection& db) { return done(db.execute("INSERT INTO item (number) VALUES (?)", number)); };
}

std::vector<int> numbers(Connection& db) {
  return db.query("SELECT number FROM item ORDER BY number")
      ->all([](const Row& row) { return row.get<int>(0); })
      .value();
}

class GroupCommitTest : public ::testing::Test {
 protected:
  GroupCommitTest() { EXPECT_TRUE(open()->execute_script("CREATE TABLE item (number INTEGER UNIQUE)")); }

  std::unique_ptr<Connection> open() {
    return open_sqlite({.path = directory_.file("a.db"), .vfs = disk_.vfs()}).value();
  }

  // Runs `works` so that they stand in one batch, behind a first one that holds the writer up, and gives what each got.
  static std::vector<Status> run_together(GroupCommit& writer, const std::vector<GroupCommit::Work>& works) {
    std::binary_semaphore started(0);
    std::binary_semaphore go_on(0);
    std::vector<std::future<Status>> answers;
    auto first = std::async(std::launch::async, [&] {
      return writer.run([&](Connection&) -> Status {
        started.release();
        go_on.acquire();
        return {};
      });
    });
    started.acquire();
    for (const GroupCommit::Work& work : works) {
      const std::uint64_t before = writer.statistics().waiting;
      answers.push_back(std::async(std::launch::async, [&writer, &work] { return writer.run(work); }));
      while (writer.statistics().waiting == before) std::this_thread::yield();
    }
    go_on.release();
    EXPECT_TRUE(first.get());
    std::vector<Status> statuses;
    for (std::future<Status>& answer : answers) statuses.push_back(answer.get());
    return statuses;
  }

  testing::TemporaryDirectory directory_;
  testing::FaultyDisk disk_;
};

TEST_F(GroupCommitTest, AWorkIsVisibleToOthersWhenRunReturns) {
  GroupCommit writer(open());
  const auto reader = open();
  ASSERT_TRUE(writer.run(insert(1)));
  EXPECT_THAT(numbers(*reader), ::testing::ElementsAre(1));
  EXPECT_EQ(writer.statistics().works, 1u);
}

TEST_F(GroupCommitTest, AWorkAloneThatFailsLeavesNothing) {
  GroupCommit writer(open());
  const Status status = writer.run([](Connection& db) -> Status {
    TRY_STATUS(insert(1)(db));
    return refused("no");
  });
  EXPECT_EQ(status.error().text(), "no");
  EXPECT_THAT(numbers(*open()), ::testing::IsEmpty());
  EXPECT_EQ(writer.statistics().failed_works, 1u);
}

TEST_F(GroupCommitTest, WorksThatWaitTogetherAreOneBatchWithOneSync) {
  GroupCommit writer(open());
  ASSERT_TRUE(writer.run(insert(0)));
  const int syncs = disk_.syncs();
  std::vector<GroupCommit::Work> works;
  for (int i = 1; i <= 20; ++i) works.push_back(insert(i));
  for (const Status& status : run_together(writer, works)) EXPECT_TRUE(status);
  EXPECT_EQ(writer.statistics().biggest_batch, 20u);
  EXPECT_EQ(writer.statistics().batches, 3u);
  EXPECT_EQ(disk_.syncs(), syncs + 1);  // The work that held the writer up wrote nothing.
}

TEST_F(GroupCommitTest, AnErrorUndoesOnlyItsOwnWork) {
  GroupCommit writer(open());
  const auto statuses = run_together(writer, {insert(1),
                                              [](Connection& db) -> Status {
                                                TRY_STATUS(insert(2)(db));
                                                return refused("no");
                                              },
                                              insert(1), insert(3)});
  EXPECT_TRUE(statuses[0]);
  EXPECT_EQ(statuses[1].error().text(), "no");
  EXPECT_EQ(statuses[2].error().code(), ErrorCode::conflict);
  EXPECT_TRUE(statuses[3]);
  EXPECT_THAT(numbers(*open()), ::testing::ElementsAre(1, 3));
}

TEST_F(GroupCommitTest, WhatAWorkThrowsIsItsOwnError) {
  GroupCommit writer(open());
  const auto statuses = run_together(writer, {insert(1), [](Connection& db) -> Status {
                                                TRY_STATUS(insert(2)(db));
                                                throw std::bad_alloc();
                                              }});
  EXPECT_TRUE(statuses[0]);
  EXPECT_EQ(statuses[1].error().code(), ErrorCode::internal);
  EXPECT_THAT(numbers(*open()), ::testing::ElementsAre(1));
}

TEST_F(GroupCommitTest, WhenAWorkFailsItsNeighboursRunAgain) {
  GroupCommit writer(open());
  int runs = 0;
  const GroupCommit::Work counted = [&runs](Connection& db) -> Status {
    ++runs;
    return insert(1)(db);
  };
  auto statuses = run_together(writer, {counted, insert(2)});
  EXPECT_TRUE(statuses[0] && statuses[1]);
  EXPECT_EQ(runs, 1);
  runs = 0;
  ASSERT_TRUE(writer.run([](Connection& db) { return done(db.execute("DELETE FROM item")); }));
  statuses = run_together(writer, {counted, [](Connection&) -> Status { return refused("no"); }, insert(3)});
  EXPECT_TRUE(statuses[0] && !statuses[1] && statuses[2]);
  EXPECT_EQ(runs, 2);
  EXPECT_THAT(numbers(*open()), ::testing::ElementsAre(1, 3));
  EXPECT_EQ(writer.statistics().failed_works, 1u);
}

TEST_F(GroupCommitTest, ABatchTakesNoMoreThanItMay) {
  GroupCommit writer(open(), {.most_per_batch = 4});
  std::vector<GroupCommit::Work> works;
  for (int i = 0; i < 10; ++i) works.push_back(insert(i));
  for (const Status& status : run_together(writer, works)) EXPECT_TRUE(status);
  EXPECT_EQ(writer.statistics().biggest_batch, 4u);
  EXPECT_EQ(writer.statistics().batches, 1u + 3u);
}

TEST_F(GroupCommitTest, OneMoreThanMayWaitIsRefusedAtOnce) {
  GroupCommit writer(open(), {.most_waiting = 2});
  const auto statuses = run_together(writer, {insert(1), insert(2)});
  EXPECT_TRUE(statuses[0] && statuses[1]);

  std::binary_semaphore started(0);
  std::binary_semaphore go_on(0);
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    EXPECT_TRUE(writer.run([&](Connection&) -> Status {
      started.release();
      go_on.acquire();
      return {};
    }));
  });
  started.acquire();
  for (int i = 3; i <= 4; ++i) threads.emplace_back([&writer, i] { EXPECT_TRUE(writer.run(insert(i))); });
  while (writer.statistics().waiting < 2) std::this_thread::yield();
  const Status status = writer.run(insert(5));
  go_on.release();
  for (std::thread& thread : threads) thread.join();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), ErrorCode::unavailable);
  EXPECT_EQ(status.error().text(), "2 writes are waiting for the disk already");
  EXPECT_EQ(writer.statistics().refused_works, 1u);
  EXPECT_THAT(numbers(*open()), ::testing::ElementsAre(1, 2, 3, 4));
}

TEST_F(GroupCommitTest, TheHookRunsOnceABatchAndSeesItsWorks) {
  ASSERT_TRUE(open()->execute_script("CREATE TABLE head (count INTEGER)"));
  GroupCommit writer(open());
  writer.on_commit(
      [](Connection& db) { return done(db.execute("INSERT INTO head (count) SELECT count(*) FROM item")); });
  ASSERT_TRUE(writer.run(insert(1)));
  for (const Status& status : run_together(writer, {insert(2), insert(3)})) EXPECT_TRUE(status);
  const auto heads = open()->query("SELECT count FROM head")->all([](const Row& row) { return row.get<int>(0); });
  EXPECT_THAT(heads.value(), ::testing::ElementsAre(1, 1, 3));  // The second is of the work that held the writer up.
}

TEST_F(GroupCommitTest, TheHookDoesNotRunForNothing) {
  GroupCommit writer(open());
  int runs = 0;
  writer.on_commit([&](Connection&) -> Status { return ++runs, Status(); });
  EXPECT_FALSE(writer.run([](Connection&) -> Status { return refused("no"); }));
  EXPECT_EQ(runs, 0);
}

TEST_F(GroupCommitTest, AHookThatFailsFailsTheWholeBatch) {
  GroupCommit writer(open());
  bool fail = true;
  writer.on_commit([&](Connection&) -> Status { return fail ? Status(internal("the chain is broken")) : Status(); });
  const Status status = writer.run(insert(1));
  EXPECT_EQ(status.error().code(), ErrorCode::unavailable);
  EXPECT_EQ(status.error().text(), "before the commit: the chain is broken");
  EXPECT_THAT(numbers(*open()), ::testing::IsEmpty());
  fail = false;
  EXPECT_TRUE(writer.run(insert(1)));
}

TEST_F(GroupCommitTest, ManyThreadsLoseNothing) {
  constexpr int threads_count = 32;
  constexpr int each = 20;
  {
    GroupCommit writer(open());
    std::vector<std::thread> threads;
    for (int t = 0; t < threads_count; ++t)
      threads.emplace_back([&writer, t] {
        for (int i = 0; i < each; ++i) {
          EXPECT_TRUE(writer.run(insert(t * each + i)));
          // Every third also tries what somebody has done already.
          if (i % 3 == 0) {
            EXPECT_EQ(writer.run(insert(t * each + i)).error().code(), ErrorCode::conflict);
          }
        }
      });
    for (std::thread& thread : threads) thread.join();
    const GroupCommitStatistics statistics = writer.statistics();
    EXPECT_EQ(statistics.works, static_cast<std::uint64_t>(threads_count * (each + 7)));
    EXPECT_EQ(statistics.failed_works, static_cast<std::uint64_t>(threads_count * 7));
    EXPECT_EQ(statistics.failed_batches, 0u);
  }
  EXPECT_EQ(numbers(*open()).size(), static_cast<std::size_t>(threads_count * each));
}

TEST_F(GroupCommitTest, FinishesWhatIsQueuedBeforeItGoes) {
  std::vector<std::thread> threads;
  {
    GroupCommit writer(open());
    std::latch running(8);
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&writer, &running, i] {
        const Status status = writer.run([&, i](Connection& db) {
          running.count_down();
          return insert(i)(db);
        });
        EXPECT_TRUE(status);
      });
    running.wait();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(numbers(*open()).size(), 8u);
}

TEST_F(GroupCommitTest, OnAFullDiskEveryCallerIsToldAndNothingIsHalfWritten) {
  GroupCommit writer(open());
  ASSERT_TRUE(writer.run(insert(0)));
  // From nothing to enough: the disk gets full at each place of the log where it can.
  for (std::int64_t space = 0; space < 16 * 1024; space += 512) {
    disk_.leave_space(space);
    const auto before = numbers(*open());
    const auto statuses = run_together(writer, {insert(1), insert(2), insert(3)});
    disk_.leave_space(std::nullopt);
    const auto after = numbers(*open());
    if (statuses[0]) {
      EXPECT_TRUE(statuses[1] && statuses[2]);
      EXPECT_THAT(after, ::testing::ElementsAre(0, 1, 2, 3));
    } else {
      EXPECT_EQ(before, after) << space;
      for (const Status& status : statuses) {
        ASSERT_FALSE(status) << space;
        EXPECT_EQ(status.error().code(), ErrorCode::unavailable);
        EXPECT_THAT(status.error().text(), HasSubstr("the disk is full"));
      }
    }
    // There is space again, and everything works.
    ASSERT_TRUE(writer.run([](Connection& db) { return done(db.execute("DELETE FROM item WHERE number <> 0")); }));
  }
  EXPECT_GT(writer.statistics().failed_batches, 0u);
}

TEST_F(GroupCommitTest, AWorkThatFillsTheDiskDoesNotTakeItsNeighboursPastTheTransaction) {
  GroupCommit writer(open());
  ASSERT_TRUE(writer.run([](Connection& db) { return db.execute_script("CREATE TABLE big (data BLOB)"); }));
  disk_.leave_space(1024 * 1024);
  const GroupCommit::Work fill = [](Connection& db) -> Status {
    // More than the page cache, so that it reaches the disk before the commit.
    const Bytes data(1024 * 1024);
    for (int i = 0; i < 40; ++i) TRY_STATUS(done(db.execute("INSERT INTO big VALUES (?)", data)));
    return {};
  };
  const auto statuses = run_together(writer, {insert(1), fill, insert(2)});
  disk_.leave_space(std::nullopt);
  EXPECT_EQ(statuses[1].error().code(), ErrorCode::unavailable);
  // Whether SQLite gave up the transaction or only the statement: what was acknowledged is there, and nothing else.
  std::vector<int> acknowledged;
  if (statuses[0]) acknowledged.push_back(1);
  if (statuses[2]) acknowledged.push_back(2);
  EXPECT_EQ(numbers(*open()), acknowledged);
  EXPECT_EQ(open()->value<int>("SELECT count(*) FROM big").value(), 0);
  EXPECT_TRUE(writer.run(insert(3)));
}

TEST_F(GroupCommitTest, WhenASyncFailsEveryCallerIsToldAndTheNextBatchWorks) {
  GroupCommit writer(open());
  ASSERT_TRUE(writer.run(insert(0)));
  disk_.fail_syncs(1);
  for (const Status& status : run_together(writer, {insert(1), insert(2)})) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code(), ErrorCode::unavailable);
    EXPECT_EQ(status.error().text(), "committing: disk I/O error while syncing to disk");
  }
  EXPECT_THAT(numbers(*open()), ::testing::ElementsAre(0));
  EXPECT_TRUE(writer.run(insert(1)));
  EXPECT_THAT(numbers(*open()), ::testing::ElementsAre(0, 1));
}

TEST_F(GroupCommitTest, SaysThatTheDatabaseIsLocked) {
  const auto other = open();
  GroupCommit writer(
      open_sqlite({.path = directory_.file("a.db"), .busy_timeout = std::chrono::milliseconds(0), .vfs = disk_.vfs()})
          .value());
  ASSERT_TRUE(other->begin(TransactionKind::write));
  const Status status = writer.run(insert(1));
  EXPECT_EQ(status.error().code(), ErrorCode::unavailable);
  EXPECT_EQ(status.error().text(), "beginning a transaction: the database is locked by another connection");
  other->rollback();
  EXPECT_TRUE(writer.run(insert(1)));
}

}  // namespace
}  // namespace chancery::sql
