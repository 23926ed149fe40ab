#pragma once

// What every driver of sql::Connection must do. A driver's test file includes this and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, ConnectionContract, ::testing::Values(&make_sqlite_database));
// Only one file of a test program may include it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "sql/connection.h"

namespace chancery::sql {

// A new, empty database, gone with this.
class TestDatabase {
 public:
  virtual ~TestDatabase() = default;
  virtual Result<std::unique_ptr<Connection>> open(bool read_only) = 0;
};

using MakeTestDatabase = std::unique_ptr<TestDatabase> (*)();

class ConnectionContract : public ::testing::TestWithParam<MakeTestDatabase> {
 protected:
  ConnectionContract() : database_(GetParam()()), owned_(database_->open(false).value()), db(*owned_) {
    EXPECT_TRUE(
        db.execute_script("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE, number INTEGER,"
                          " data BLOB);"
                          "CREATE TABLE part (item INTEGER NOT NULL REFERENCES item (id),"
                          " size INTEGER NOT NULL CHECK (size > 0))"));
  }

  std::unique_ptr<Connection> connect(bool read_only) { return database_->open(read_only).value(); }
  Result<std::int64_t> insert(std::string_view name) { return db.execute("INSERT INTO item (name) VALUES (?)", name); }
  static std::vector<std::string> names(Connection& from) {
    Result<Rows> rows = from.query("SELECT name FROM item ORDER BY name");
    EXPECT_TRUE(rows) << rows.error().text();
    return rows->all([](const Row& row) { return row.get<std::string>(0); }).value();
  }

 private:
  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Connection> owned_;

 protected:
  Connection& db;
};

TEST_P(ConnectionContract, GivesBackValuesOfEachTypeAsTheyWereBound) {
  const Bytes data = {0, 1, 0, 255};
  const std::string name("a\0'b\xc3\xa4", 6);
  ASSERT_TRUE(db.execute("INSERT INTO item (id, name, number, data) VALUES (?, ?, ?, ?)", 7, name,
                         std::numeric_limits<std::int64_t>::min(), data));
  Result<Rows> rows = db.query("SELECT id, name, number, data FROM item WHERE name = ?", name);
  ASSERT_TRUE(rows && rows->next().value());
  EXPECT_EQ(rows->integer(0), 7);
  EXPECT_EQ(rows->text(1), name);
  EXPECT_EQ(rows->integer(2), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(rows->get<Bytes>(3), data);
  EXPECT_EQ(rows->get<std::optional<int>>(0), 7);
  EXPECT_FALSE(rows->next().value());
}

TEST_P(ConnectionContract, TellsNullFromEmpty) {
  const std::optional<std::string> nothing;
  ASSERT_TRUE(db.execute("INSERT INTO item (id, name, number, data) VALUES (1, ?, ?, ?)", nothing, nullptr,
                         std::optional<Bytes>()));
  ASSERT_TRUE(db.execute("INSERT INTO item (id, name, number, data) VALUES (2, ?, ?, ?)", std::string_view(),
                         std::optional<int>(0), Bytes()));
  Result<Rows> rows = db.query("SELECT name, number, data FROM item ORDER BY id");
  ASSERT_TRUE(rows && rows->next().value());
  EXPECT_TRUE(rows->is_null(0) && rows->is_null(1) && rows->is_null(2));
  EXPECT_EQ(rows->get<std::optional<std::string>>(0), std::nullopt);
  EXPECT_EQ(rows->text(0), "");
  EXPECT_EQ(rows->integer(1), 0);
  ASSERT_TRUE(rows->next().value());
  EXPECT_FALSE(rows->is_null(0) || rows->is_null(1) || rows->is_null(2));
  EXPECT_EQ(rows->get<std::optional<Bytes>>(2), Bytes());
}

TEST_P(ConnectionContract, KeepsTimesAndFlags) {
  const Timestamp time(Seconds(1767225600));
  ASSERT_TRUE(db.execute("INSERT INTO item (id, number) VALUES (1, ?), (2, ?)", time, true));
  EXPECT_EQ(db.value<Timestamp>("SELECT number FROM item WHERE id = ?", 1).value(), time);
  EXPECT_EQ(db.value<bool>("SELECT number FROM item WHERE id = ?", 2).value(), true);
}

TEST_P(ConnectionContract, KeepsWhatAQueryWasGivenUntilItsRowsAreRead) {
  ASSERT_TRUE(insert("x") && insert("y"));
  // The text goes before the first row is asked for.
  Result<Rows> rows = db.query("SELECT name FROM item WHERE name >= ? ORDER BY name", std::string(1, 'x'));
  ASSERT_TRUE(rows);
  EXPECT_THAT(rows->all([](const Row& row) { return row.get<std::string>(0); }).value(),
              ::testing::ElementsAre("x", "y"));
}

TEST_P(ConnectionContract, CountsTheRowsThatAStatementChanged) {
  EXPECT_EQ(db.execute("INSERT INTO item (name) VALUES (?), (?), (?)", "a", "b", "c").value(), 3);
  EXPECT_EQ(db.execute("UPDATE item SET number = 1 WHERE name <> ?", "a").value(), 2);
  EXPECT_EQ(db.execute("DELETE FROM item WHERE name = ?", "none").value(), 0);
  EXPECT_EQ(db.execute("INSERT INTO item (name) VALUES (?) ON CONFLICT (name) DO NOTHING", "a").value(), 0);
}

TEST_P(ConnectionContract, NumbersRowsAndReturnsTheNumber) {
  const auto first = db.value<std::int64_t>("INSERT INTO item (name) VALUES (?) RETURNING id", "a").value();
  const auto second = db.value<std::int64_t>("INSERT INTO item (name) VALUES (?) RETURNING id", "b").value();
  EXPECT_LT(first, second);
  EXPECT_THAT(names(db), ::testing::ElementsAre("a", "b"));
}

TEST_P(ConnectionContract, GivesNothingForNoRow) {
  EXPECT_EQ(db.value<int>("SELECT id FROM item WHERE name = ?", "none").value(), std::nullopt);
}

TEST_P(ConnectionContract, RunsTheSameQueryInsideItself) {
  ASSERT_TRUE(insert("a") && insert("b"));
  const std::string_view sql = "SELECT name FROM item WHERE name <> ? ORDER BY name";
  std::vector<std::string> pairs;
  Result<Rows> outer = db.query(sql, "");
  ASSERT_TRUE(outer->each([&](const Row& left) -> Status {
    TRY(Rows inner, db.query(sql, left.text(0)));
    return inner.each([&](const Row& right) { pairs.push_back(left.get<std::string>(0) + right.get<std::string>(0)); });
  }));
  EXPECT_THAT(pairs, ::testing::ElementsAre("ab", "ba"));
}

TEST_P(ConnectionContract, GivesTheErrorOfTheOneWhoTakesTheRows) {
  ASSERT_TRUE(insert("a"));
  Result<Rows> rows = db.query("SELECT name FROM item");
  const auto made = rows->all([](const Row&) -> Result<int> { return invalid("no"); });
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().text(), "no");
}

TEST_P(ConnectionContract, CallsAViolatedConstraintAConflict) {
  ASSERT_TRUE(db.execute("INSERT INTO item (id, name) VALUES (1, 'a')"));
  const char* violations[] = {
      "INSERT INTO item (name) VALUES ('a')",            // unique
      "INSERT INTO item (id) VALUES (1)",                // primary key
      "INSERT INTO part (item, size) VALUES (99, 1)",    // foreign key
      "INSERT INTO part (item, size) VALUES (1, 0)",     // check
      "INSERT INTO part (item, size) VALUES (1, NULL)",  // not null
  };
  for (const char* sql : violations) {
    const auto done = db.execute(sql);
    ASSERT_FALSE(done) << sql;
    EXPECT_EQ(done.error().code(), ErrorCode::conflict) << sql;
  }
  // The connection works as before.
  EXPECT_TRUE(db.execute("INSERT INTO part (item, size) VALUES (1, 1)"));
}

TEST_P(ConnectionContract, CallsWrongSqlAnInternalError) {
  EXPECT_EQ(db.execute("SELEKT 1").error().code(), ErrorCode::internal);
  EXPECT_EQ(db.execute("SELECT nothing FROM item").error().code(), ErrorCode::internal);
  EXPECT_EQ(db.execute("SELECT 1; SELECT 2").error().code(), ErrorCode::internal);
  EXPECT_EQ(db.execute("").error().code(), ErrorCode::internal);
  EXPECT_EQ(db.execute("SELECT id FROM item WHERE id = ?").error().code(), ErrorCode::internal);
  EXPECT_EQ(db.execute("SELECT id FROM item WHERE id = ?", 1, 2).error().code(), ErrorCode::internal);
}

TEST_P(ConnectionContract, ShowsACommitToOthersAndNotBefore) {
  const auto other = connect(true);
  ASSERT_TRUE(db.begin(TransactionKind::write));
  EXPECT_TRUE(db.in_transaction());
  ASSERT_TRUE(insert("a"));
  EXPECT_THAT(names(*other), ::testing::IsEmpty());
  ASSERT_TRUE(db.commit());
  EXPECT_FALSE(db.in_transaction());
  EXPECT_THAT(names(*other), ::testing::ElementsAre("a"));
}

TEST_P(ConnectionContract, UndoesATransactionThatFails) {
  const Status done = db.transaction(TransactionKind::write, [&](Connection&) -> Status {
    EXPECT_TRUE(insert("a"));
    return refused("changed my mind");
  });
  EXPECT_EQ(done.error().text(), "changed my mind");
  EXPECT_FALSE(db.in_transaction());
  EXPECT_THAT(names(db), ::testing::IsEmpty());
  db.rollback();  // Outside a transaction this is nothing.
}

TEST_P(ConnectionContract, UndoesOnlyTheSavepointThatFails) {
  ASSERT_TRUE(db.transaction(TransactionKind::write, [&](Connection&) -> Status {
    EXPECT_TRUE(insert("a"));
    EXPECT_FALSE(db.savepoint([&](Connection&) -> Status {
      EXPECT_TRUE(insert("b"));
      EXPECT_TRUE(db.savepoint([&](Connection&) -> Status {
        EXPECT_TRUE(insert("c"));
        return {};
      }));
      TRY_STATUS(insert("a") ? Status() : conflict("there is one"));
      return {};
    }));
    EXPECT_TRUE(db.savepoint([&](Connection&) -> Status {
      EXPECT_TRUE(insert("d"));
      return {};
    }));
    return {};
  }));
  EXPECT_THAT(names(db), ::testing::ElementsAre("a", "d"));
}

TEST_P(ConnectionContract, SeesOneStateInAReadTransaction) {
  const auto reader = connect(true);
  ASSERT_TRUE(reader->begin(TransactionKind::read));
  EXPECT_THAT(names(*reader), ::testing::IsEmpty());
  ASSERT_TRUE(insert("a"));
  EXPECT_THAT(names(*reader), ::testing::IsEmpty());
  reader->rollback();
  EXPECT_THAT(names(*reader), ::testing::ElementsAre("a"));
}

TEST_P(ConnectionContract, RefusesToWriteThroughAReadOnlyConnection) {
  const auto reader = connect(true);
  const auto done = reader->execute("INSERT INTO item (name) VALUES ('a')");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(done.error().text(), ::testing::HasSubstr("read-only"));
}

TEST_P(ConnectionContract, SaysThatTheDatabaseIsLocked) {
  const auto other = connect(false);
  ASSERT_TRUE(db.begin(TransactionKind::write));
  ASSERT_TRUE(insert("a"));
  const Status begun = other->begin(TransactionKind::write);
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(begun.error().text(), ::testing::HasSubstr("locked"));
}

TEST_P(ConnectionContract, KnowsItsTables) {
  EXPECT_TRUE(db.has_table("item").value());
  EXPECT_FALSE(db.has_table("items").value());
}

TEST_P(ConnectionContract, ManyDifferentTextsDoNotExhaustIt) {
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(db.value<int>("SELECT " + std::to_string(i)).value(), i);
}

}  // namespace chancery::sql
