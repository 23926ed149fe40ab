#include "testing/ledger_contract.h"

#include "store/hub/ledger.h"
#include "testing/fakes.h"
#include "testing/memory_ledger.h"
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

class MemoryTestLedger final : public TestLedger {
 public:
  hub::Ledger& ledger() override { return ledger_; }

 private:
  MemoryLedger ledger_;
};

std::unique_ptr<TestLedger> make_sqlite_ledger() { return std::make_unique<SqliteTestLedger>(); }
std::unique_ptr<TestLedger> make_memory_ledger() { return std::make_unique<MemoryTestLedger>(); }

INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerContract, ::testing::Values(&make_sqlite_ledger));
INSTANTIATE_TEST_SUITE_P(Memory, LedgerContract, ::testing::Values(&make_memory_ledger));
INSTANTIATE_TEST_SUITE_P(Sqlite, FleetContract, ::testing::Values(&make_sqlite_ledger));
INSTANTIATE_TEST_SUITE_P(Memory, FleetContract, ::testing::Values(&make_memory_ledger));

}  // namespace
}  // namespace chancery::testing
