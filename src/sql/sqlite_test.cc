#include "sql/sqlite.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "testing/connection_contract.h"
#include "testing/temporary_directory.h"

namespace chancery::sql {
namespace {

using ::testing::HasSubstr;

class SqliteTestDatabase final : public TestDatabase {
 public:
  Result<std::unique_ptr<Connection>> open(bool read_only) override {
    return open_sqlite({.path = directory_.file("test.db"),
                        .read_only = read_only,
                        .durability = Durability::normal,
                        .busy_timeout = std::chrono::milliseconds(0)});
  }

 private:
  testing::TemporaryDirectory directory_;
};

std::unique_ptr<TestDatabase> make_sqlite_database() { return std::make_unique<SqliteTestDatabase>(); }

INSTANTIATE_TEST_SUITE_P(Sqlite, ConnectionContract, ::testing::Values(&make_sqlite_database));

TEST(Sqlite, SaysWhyAFileCannotBeOpened) {
  const testing::TemporaryDirectory directory;
  const std::string text = directory.write("text", std::string(5000, 'x'));
  const struct {
    const char* name;
    SqliteOptions options;
    ErrorCode code;
    std::string expect;
  } rows[] = {
      {"no path", {}, ErrorCode::invalid, "cannot open the database: its path is empty"},
      {"no directory",
       {.path = directory.file("none/a.db")},
       ErrorCode::unavailable,
       "cannot open " + directory.file("none/a.db") + ": the directory " + directory.file("none") + " does not exist"},
      {"no file to read",
       {.path = directory.file("a.db"), .read_only = true},
       ErrorCode::unavailable,
       "cannot open " + directory.file("a.db") + ": the file does not exist"},
      {"a directory",
       {.path = directory.path()},
       ErrorCode::unavailable,
       "cannot open " + directory.path() + ": it is a directory"},
      {"not a database", {.path = text}, ErrorCode::invalid, "cannot open " + text + ": it is not a database"},
      {"not a database, to read",
       {.path = text, .read_only = true},
       ErrorCode::invalid,
       "cannot open " + text + ": it is not a database"},
  };
  for (const auto& row : rows) {
    const auto opened = open_sqlite(row.options);
    ASSERT_FALSE(opened) << row.name;
    EXPECT_EQ(opened.error().code(), row.code) << row.name;
    EXPECT_EQ(opened.error().text(), row.expect) << row.name;
  }
}

TEST(Sqlite, SaysThatPermissionIsDenied) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may open everything";
  const testing::TemporaryDirectory directory;
  const std::string path = directory.file("a.db");
  ASSERT_TRUE(open_sqlite({.path = path}));
  ASSERT_EQ(::chmod(path.c_str(), 0400), 0);
  EXPECT_EQ(open_sqlite({.path = path}).error().text(),
            "cannot open " + path + ": it cannot be written: permission denied");
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  EXPECT_EQ(open_sqlite({.path = path}).error().text(), "cannot open " + path + ": Permission denied");
}

TEST(Sqlite, MakesFilesThatOnlyTheirOwnerMayRead) {
  const testing::TemporaryDirectory directory;
  const auto db = open_sqlite({.path = directory.file("a.db")}).value();
  ASSERT_TRUE(db->execute_script("CREATE TABLE t (a INTEGER)"));
  for (const char* name : {"a.db", "a.db-wal", "a.db-shm"}) {
    struct stat found = {};
    ASSERT_EQ(::stat(directory.file(name).c_str(), &found), 0) << name;
    EXPECT_EQ(found.st_mode & 0777, 0600) << name;
  }
}

TEST(Sqlite, RefusesTheDatabaseOfAnotherProgram) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.file("a.db");
  ASSERT_TRUE(open_sqlite({.path = path, .application_id = 77}));
  EXPECT_TRUE(open_sqlite({.path = path, .application_id = 77}));
  EXPECT_TRUE(open_sqlite({.path = path}));
  const auto opened = open_sqlite({.path = path, .application_id = 78});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), ErrorCode::invalid);
  EXPECT_EQ(opened.error().text(), "cannot open " + path + ": it is the database of another program");
}

TEST(Sqlite, RefusesADatabaseWithTablesButWithoutItsMark) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.file("a.db");
  ASSERT_TRUE(open_sqlite({.path = path}).value()->execute_script("CREATE TABLE t (a INTEGER)"));
  EXPECT_FALSE(open_sqlite({.path = path, .application_id = 77}));
}

TEST(Sqlite, CommitsAreFullyDurableUnlessAskedOtherwise) {
  const testing::TemporaryDirectory directory;
  const auto db = open_sqlite({.path = directory.file("a.db")}).value();
  EXPECT_EQ(db->value<int>("PRAGMA synchronous").value(), 2);
  EXPECT_EQ(db->value<std::string>("PRAGMA journal_mode").value(), "wal");
  EXPECT_EQ(db->value<int>("PRAGMA foreign_keys").value(), 1);
  EXPECT_EQ(db->value<int>("PRAGMA trusted_schema").value(), 0);
}

TEST(Sqlite, CallsADamagedDatabaseAnInternalError) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.file("a.db");
  {
    const auto db = open_sqlite({.path = path}).value();
    ASSERT_TRUE(db->execute_script("CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a)"));
    ASSERT_TRUE(db->begin(TransactionKind::write));
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(db->execute("INSERT INTO t VALUES (?)", std::string(100, 'a')));
    ASSERT_TRUE(db->commit());
  }
  // Everything but the first page, which holds the schema.
  const auto size = std::filesystem::file_size(path);
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  for (std::uintmax_t page = 4096; page < size; page += 4096)
    ASSERT_EQ(::pwrite(file, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, static_cast<off_t>(page)), 8);
  ::close(file);
  const auto db = open_sqlite({.path = path}).value();
  const auto found = db->value<int>("SELECT count(*) FROM t WHERE a > 'b' OR rowid > 3");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), ErrorCode::internal);
  EXPECT_EQ(found.error().text(), "the database " + path + " is corrupt");
}

TEST(Sqlite, ErrorsNeverTellTheValues) {
  const auto db = open_sqlite({.path = ":memory:"}).value();
  ASSERT_TRUE(db->execute_script("CREATE TABLE t (a TEXT PRIMARY KEY, b INTEGER) STRICT"));
  ASSERT_TRUE(db->execute("INSERT INTO t VALUES (?, 1)", "hunter2"));
  const auto twice = db->execute("INSERT INTO t VALUES (?, 1)", "hunter2");
  EXPECT_EQ(twice.error().text(), "UNIQUE constraint failed: t.a");
  const auto wrong_type = db->execute("INSERT INTO t VALUES (?, ?)", "a", "hunter2");
  EXPECT_THAT(wrong_type.error().text(), ::testing::Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace chancery::sql
