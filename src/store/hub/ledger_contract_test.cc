#include "testing/ledger_contract.h"

#include "store/hub/ledger.h"
#include "testing/fakes.h"
#include "testing/memory_ledger.h"
#include "testing/postgresql.h"
#include "testing/temporary_directory.h"

namespace chancery::testing {
namespace {

class SqliteTestLedger final : public TestLedger {
 public:
  SqliteTestLedger() { open(); }
  hub::Ledger& ledger() override { return *ledger_; }
  void reopen() override {
    ledger_.reset();
    open();
  }

 private:
  void open() {
    auto opened = store::SqlLedger::open(directory_.file("hub.db"), {.durable = false}, clock_, log_);
    ASSERT_TRUE(opened) << opened.error().text();
    ledger_ = std::move(*opened);
  }

  TemporaryDirectory directory_;
  FakeClock clock_;
  NullLog log_;
  std::unique_ptr<store::SqlLedger> ledger_;
};

// Making all tables takes longer than most tests: they are made for the first ledger, and are as they were then for
// each later one.
constexpr std::string_view remember_rows = R"(
DO $$ DECLARE name TEXT; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('CREATE TABLE %I AS TABLE %I', 'first_' || name, name);
  END LOOP;
END $$)";
constexpr std::string_view restore_rows = R"(
DO $$ DECLARE name TEXT; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE 'first%' LOOP
    EXECUTE format('DELETE FROM %I', name);
    EXECUTE format('INSERT INTO %I SELECT * FROM %I', name, 'first_' || name);
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', name);
  END LOOP;
END $$)";

// In one schema on the server that the test was given.
class PostgreSqlTestLedger final : public TestLedger {
 public:
  PostgreSqlTestLedger() {
    static int ledgers = 0;
    const auto connection = open_postgresql({.server = postgresql_server().value(), .schema = schema_}).value();
    if (++ledgers > 1) {
      EXPECT_TRUE(connection->execute_script(restore_rows));
    }
    open();
    if (ledgers == 1) {
      EXPECT_TRUE(connection->execute_script(remember_rows));
    }
  }
  hub::Ledger& ledger() override { return *ledger_; }
  void reopen() override {
    ledger_.reset();
    open();
  }

 private:
  void open() {
    PostgreSqlOptions options{.server = postgresql_server().value(), .schema = schema_};
    auto writer = open_postgresql(options);
    ASSERT_TRUE(writer) << writer.error().text();
    options.read_only = true;
    auto opened = store::SqlLedger::open_on(
        schema_, std::move(*writer), [options] { return open_postgresql(options); }, {.readers = 2}, clock_, log_);
    ASSERT_TRUE(opened) << opened.error().text();
    ledger_ = std::move(*opened);
  }

  const std::string schema_ = "ledger";
  FakeClock clock_;
  NullLog log_;
  std::unique_ptr<store::SqlLedger> ledger_;
};

class MemoryTestLedger final : public TestLedger {
 public:
  hub::Ledger& ledger() override { return ledger_; }

 private:
  MemoryLedger ledger_;
};

std::unique_ptr<TestLedger> make_sqlite_ledger() { return std::make_unique<SqliteTestLedger>(); }
std::unique_ptr<TestLedger> make_postgresql_ledger() { return std::make_unique<PostgreSqlTestLedger>(); }
std::unique_ptr<TestLedger> make_memory_ledger() { return std::make_unique<MemoryTestLedger>(); }

INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerContract, ::testing::Values(&make_sqlite_ledger));
INSTANTIATE_TEST_SUITE_P(Memory, LedgerContract, ::testing::Values(&make_memory_ledger));
INSTANTIATE_TEST_SUITE_P(Sqlite, FleetContract, ::testing::Values(&make_sqlite_ledger));
INSTANTIATE_TEST_SUITE_P(Memory, FleetContract, ::testing::Values(&make_memory_ledger));

// Where there is a server.
const std::vector<MakeTestLedger> with_server =
    postgresql_server() ? std::vector{&make_postgresql_ledger} : std::vector<MakeTestLedger>();
INSTANTIATE_TEST_SUITE_P(PostgreSql, LedgerContract, ::testing::ValuesIn(with_server));
INSTANTIATE_TEST_SUITE_P(PostgreSql, FleetContract, ::testing::ValuesIn(with_server));

}  // namespace
}  // namespace chancery::testing
