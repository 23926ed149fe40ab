#include "store/hub/ledger_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "files/file.h"
#include "sql/sqlite.h"
#include "store/hub/ledger.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::store {
namespace {

std::vector<std::string> names_in(const testing::TemporaryDirectory& directory) {
  return files::list_folder(directory.path()).value();
}

TEST(LedgerFile, A_ledger_is_left_as_it_is) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.file("odd%20name?#.db");
  testing::FakeClock clock;
  testing::RecordingLog log;
  {
    const auto ledger = SqlLedger::open(path, {.durable = false}, clock, log);
    ASSERT_TRUE(ledger) << ledger.error().text();
    // Also while a server has it open.
    EXPECT_TRUE(check_ledger_file(path));
  }
  const Bytes before = files::read_file(path).value();
  const Status found = check_ledger_file(path);
  EXPECT_TRUE(found) << found.error().text();
  EXPECT_EQ(files::read_file(path).value(), before);
  EXPECT_EQ(names_in(directory), std::vector<std::string>{"odd%20name?#.db"});
}

TEST(LedgerFile, What_is_no_ledger_of_this_program_is_told) {
  const testing::TemporaryDirectory directory;
  const std::string noise = directory.write("noise", std::string(5000, 'x'));
  const std::string empty = directory.write("empty", "");
  const auto database = [&](const char* name, const char* script) {
    std::string path = directory.file(name);
    const auto made = sql::open_sqlite({.path = path, .application_id = ledger_application_id});
    EXPECT_TRUE(made && (*made)->execute_script(script));
    return path;
  };
  const std::string foreign = directory.file("foreign");
  EXPECT_TRUE(sql::open_sqlite({.path = foreign, .application_id = 7}));
  const std::string newer = database("newer",
                                     "CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, name TEXT);"
                                     "INSERT INTO schema_migration VALUES (1, 'of tomorrow')");
  const struct {
    const char* name;
    std::string path;
    ErrorCode code;
    std::string expect;
  } rows[] = {
      {"no file", directory.file("none"), ErrorCode::not_found, "there is no ledger at " + directory.file("none")},
      {"noise", noise, ErrorCode::invalid, "cannot open " + noise + ": it is not a database"},
      {"nothing in it", empty, ErrorCode::invalid, "cannot open " + empty + ": the database is empty"},
      {"another program's", foreign, ErrorCode::invalid,
       "cannot open " + foreign + ": it is the database of another program"},
      {"a newer program's", newer, ErrorCode::refused,
       "cannot open " + newer + ": the database has migration 1 'of tomorrow' where this program has 1 "},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Status found = check_ledger_file(row.path);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code(), row.code);
    EXPECT_EQ(found.error().text().substr(0, row.expect.size()), row.expect);
  }
  EXPECT_FALSE(files::exists(directory.file("none")));
}

}  // namespace
}  // namespace chancery::store
