#include "sql/readers.h"

#include <gtest/gtest.h>

#include <thread>

#include "sql/sqlite.h"
#include "testing/temporary_directory.h"

namespace chancery::sql {
namespace {

class ReadersTest : public ::testing::Test {
 protected:
  ReadersTest() { EXPECT_TRUE(writer_->execute_script("CREATE TABLE item (number INTEGER)")); }

  static Result<int> count(Connection& db) {
    TRY(const auto found, db.value<int>("SELECT count(*) FROM item"));
    return found.value_or(-1);
  }

  testing::TemporaryDirectory directory_;
  std::unique_ptr<Connection> writer_ =
      open_sqlite({.path = directory_.file("a.db"), .durability = Durability::normal}).value();
  ConnectionFactory factory_ = sqlite_factory({.path = directory_.file("a.db"), .read_only = true});
};

TEST_F(ReadersTest, SeeTheLatestCommit) {
  const auto readers = Readers::open(factory_, 1).value();
  EXPECT_EQ(readers->run(count).value(), 0);
  ASSERT_TRUE(writer_->execute("INSERT INTO item VALUES (1)"));
  EXPECT_EQ(readers->run(count).value(), 1);
}

TEST_F(ReadersTest, SeeOneStateInASnapshot) {
  const auto readers = Readers::open(factory_, 1).value();
  const Status done = readers->snapshot([&](Connection& db) -> Status {
    EXPECT_EQ(count(db).value(), 0);
    EXPECT_TRUE(writer_->execute("INSERT INTO item VALUES (1)"));
    EXPECT_EQ(count(db).value(), 0);
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(readers->run(count).value(), 1);
}

TEST_F(ReadersTest, CloseASnapshotThatWasForgotten) {
  const auto readers = Readers::open(factory_, 1).value();
  {
    const ReadLease lease = readers->lease();
    ASSERT_TRUE(lease->begin(TransactionKind::read));
    EXPECT_EQ(count(*lease).value(), 0);
  }
  ASSERT_TRUE(writer_->execute("INSERT INTO item VALUES (1)"));
  EXPECT_EQ(readers->run(count).value(), 1);
}

TEST_F(ReadersTest, CannotBeOpenedWithoutADatabase) {
  EXPECT_FALSE(Readers::open(sqlite_factory({.path = directory_.file("none.db"), .read_only = true}), 2));
}

TEST_F(ReadersTest, AreSharedByMoreThreadsThanThereAreConnections) {
  const auto readers = Readers::open(factory_, 2).value();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      // The two rows of a transaction are seen together or not at all.
      for (int j = 0; j < 50; ++j) EXPECT_EQ(readers->run(count).value_or(1) % 2, 0);
    });
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(writer_->transaction(TransactionKind::write, [](Connection& db) -> Status {
      TRY(const auto one, db.execute("INSERT INTO item VALUES (1)"));
      TRY(const auto two, db.execute("INSERT INTO item VALUES (2)"));
      EXPECT_EQ(one + two, 2);
      return {};
    }));
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(readers->run(count).value(), 100);
}

}  // namespace
}  // namespace chancery::sql
