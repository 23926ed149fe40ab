#include "sql/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "sql/sqlite.h"
#include "testing/temporary_directory.h"

namespace chancery::sql {
namespace {

constexpr Timestamp now{Seconds(1767225600)};

const std::vector<Migration> steps = {
    {1, "items", "CREATE TABLE item (name TEXT NOT NULL)"},
    {2, "colours", "ALTER TABLE item ADD COLUMN colour TEXT; CREATE INDEX item_colour ON item (colour)"},
    {3, "first item", "INSERT INTO item (name, colour) VALUES ('a', 'red')"},
};

class Migrations : public ::testing::Test {
 protected:
  // The newest one that was applied.
  int version() { return db_->value<int>("SELECT max(version) FROM schema_migration").value().value_or(0); }

  testing::TemporaryDirectory directory_;
  std::unique_ptr<Connection> db_ = open_sqlite({.path = directory_.file("a.db")}).value();
};

TEST_F(Migrations, AreAppliedInOrderAndOnce) {
  EXPECT_EQ(migrations_applied(*db_, steps).value(), 0u);
  EXPECT_EQ(migrate(*db_, std::span(steps).first(1), now).value(), 1);
  EXPECT_EQ(version(), 1);
  EXPECT_EQ(migrations_applied(*db_, steps).value(), 1u);
  EXPECT_EQ(migrate(*db_, steps, now).value(), 2);
  EXPECT_EQ(migrate(*db_, steps, now).value(), 0);
  EXPECT_EQ(version(), 3);
  EXPECT_EQ(db_->value<int>("SELECT count(*) FROM item").value(), 1);
  EXPECT_EQ(db_->value<Timestamp>("SELECT applied_at FROM schema_migration WHERE version = ?", 3).value(), now);
}

TEST_F(Migrations, ThatFailLeaveNothingOfThemselves) {
  const std::vector<Migration> broken = {steps[0], {2, "broken", "CREATE TABLE part (a INTEGER); CREATE TABEL"}};
  const auto done = migrate(*db_, broken, now);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text(), ::testing::StartsWith("migration 2 'broken': "));
  EXPECT_EQ(version(), 1);
  EXPECT_FALSE(db_->has_table("part").value());
  EXPECT_FALSE(db_->in_transaction());
}

TEST_F(Migrations, OfANewerProgramAreRefused) {
  ASSERT_TRUE(migrate(*db_, steps, now));
  const auto done = migrate(*db_, std::span(steps).first(2), now);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::refused);
  EXPECT_EQ(done.error().text(),
            "the database has schema version 3, and this program knows only 2: run a newer version of the program");
}

TEST_F(Migrations, OfAnotherProgramAreRefused) {
  const std::vector<Migration> other = {{1, "pieces", "CREATE TABLE piece (name TEXT)"}};
  ASSERT_TRUE(migrate(*db_, other, now));
  const auto done = migrate(*db_, steps, now);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::refused);
  EXPECT_EQ(done.error().text(),
            "the database has migration 1 'pieces' where this program has 1 'items': it was made by another program or "
            "branch");
}

TEST_F(Migrations, OfSeveralProcessesAtOnceAreAppliedOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> applied = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      const auto connection = open_sqlite({.path = directory_.file("a.db")}).value();
      const auto done = migrate(*connection, steps, now);
      EXPECT_TRUE(done) << done.error().text();
      applied += done.value_or(0);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(applied, 3);
}

}  // namespace
}  // namespace chancery::sql
