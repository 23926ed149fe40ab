#include "agent/memory_store_testing.h"
#include "agent/store_contract_testing.h"
#include "store/agent/agent_store.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::testing {
namespace {

class SqliteTestStore final : public TestAgentStore {
 public:
  SqliteTestStore() { open(); }
  agent::AgentStore& store() override { return *store_; }
  void reopen() override {
    store_.reset();
    open();
  }

 private:
  void open() {
    auto opened = store::SqlAgentStore::open(directory_.file("agent.db"), {.durable = false}, clock_);
    ASSERT_TRUE(opened) << opened.error().text();
    store_ = std::move(*opened);
  }

  TemporaryDirectory directory_;
  FakeClock clock_;
  std::unique_ptr<store::SqlAgentStore> store_;
};

class MemoryTestStore final : public TestAgentStore {
 public:
  agent::AgentStore& store() override { return store_; }

 private:
  MemoryAgentStore store_;
};

std::unique_ptr<TestAgentStore> make_sqlite_store() { return std::make_unique<SqliteTestStore>(); }
std::unique_ptr<TestAgentStore> make_memory_store() { return std::make_unique<MemoryTestStore>(); }

INSTANTIATE_TEST_SUITE_P(Sqlite, AgentStoreContract, ::testing::Values(&make_sqlite_store));
INSTANTIATE_TEST_SUITE_P(Memory, AgentStoreContract, ::testing::Values(&make_memory_store));

}  // namespace
}  // namespace chancery::testing
