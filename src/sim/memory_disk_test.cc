#include "sim/memory_disk.h"

#include <gtest/gtest.h>

#include "sql/sqlite.h"
#include "testing/temporary_directory.h"

namespace chancery::sim {
namespace {

class MemoryDiskTest : public ::testing::Test {
 protected:
  std::unique_ptr<sql::Connection> open(bool read_only = false) {
    return sql::open_sqlite({.path = path_, .read_only = read_only, .busy_timeout = {}, .vfs = disk_.vfs()}).value();
  }
  static std::int64_t count(sql::Connection& db) {
    return db.value<std::int64_t>("SELECT count(*) FROM item").value().value();
  }

  testing::TemporaryDirectory directory_;
  std::string path_ = directory_.file("a.db");
  MemoryDisk disk_;
};

TEST_F(MemoryDiskTest, KeepsWhatWasCommittedWhenNobodyHasItOpen) {
  {
    const auto db = open();
    ASSERT_TRUE(db->execute_script("CREATE TABLE item (number INTEGER PRIMARY KEY, data BLOB)"));
    for (int number = 0; number < 300; ++number)
      ASSERT_TRUE(db->execute("INSERT INTO item (data) VALUES (?)", Bytes(9000, static_cast<std::uint8_t>(number))));
    ASSERT_TRUE(db->execute("DELETE FROM item WHERE number > 200"));
    ASSERT_TRUE(db->execute_script("VACUUM"));
    for (int number = 0; number < 50; ++number)
      ASSERT_TRUE(db->execute("INSERT INTO item (data) VALUES (?)", Bytes(9000, 7)));
    ASSERT_TRUE(db->begin(sql::TransactionKind::write));
    ASSERT_TRUE(db->execute("DELETE FROM item"));
  }
  const auto db = open();
  EXPECT_EQ(count(*db), 250);
  EXPECT_EQ(db->value<std::string>("PRAGMA journal_mode").value(), "wal");
  EXPECT_EQ(db->value<std::string>("PRAGMA integrity_check").value(), "ok");
}

TEST_F(MemoryDiskTest, OneWritesWhileOthersReadWhatWasBefore) {
  const auto writer = open(), second = open();
  ASSERT_TRUE(writer->execute_script("CREATE TABLE item (number INTEGER PRIMARY KEY)"));
  const auto reader = open(true);
  ASSERT_TRUE(reader->begin(sql::TransactionKind::read));
  EXPECT_EQ(count(*reader), 0);
  ASSERT_TRUE(writer->begin(sql::TransactionKind::write));
  ASSERT_TRUE(writer->execute("INSERT INTO item VALUES (1)"));
  const auto busy = second->begin(sql::TransactionKind::write);
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code(), ErrorCode::unavailable);
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(count(*reader), 0) << "its snapshot";
  reader->rollback();
  EXPECT_EQ(count(*reader), 1);
  EXPECT_TRUE(second->begin(sql::TransactionKind::write));
}

}  // namespace
}  // namespace chancery::sim
