// The agent's store after a disk did what it must not.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sql/sqlite.h"
#include "store/agent/agent_store.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::store {
namespace {

class DamageTest : public ::testing::Test {
 protected:
  DamageTest() {
    auto store = SqlAgentStore::open(path_, {.durable = false}, clock_).value();
    for (const char* slot : {"printing", "web"})
      EXPECT_TRUE(store->save({.slot = slot, .state = {}, .events = {{.what = "x", .text = std::string(4000, 'x')}}}));
    EXPECT_TRUE(store->check());
  }
  // What it says at the first sight of damage.
  ErrorCode found() {
    auto store = SqlAgentStore::open(path_, {.durable = false}, clock_);
    if (!store) return store.error().code();
    const Status checked = (*store)->check();
    EXPECT_FALSE(checked);
    return checked ? ErrorCode::refused : checked.error().code();
  }

  const testing::TemporaryDirectory directory_;
  const std::string path_ = directory_.file("agent.db");
  testing::FakeClock clock_;
};

TEST_F(DamageTest, GarbageInAPageIsFound) {
  std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  file << std::string(4096, 'G');
  file.close();
  EXPECT_EQ(found(), ErrorCode::internal);
}

TEST_F(DamageTest, AFileThatLostItsEndIsFound) {
  std::filesystem::resize_file(path_, 8192);
  EXPECT_EQ(found(), ErrorCode::internal);
}

TEST_F(DamageTest, AFileThatLostItsBeginningIsNone) {
  std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
  file << std::string(100, 'G');
  file.close();
  EXPECT_EQ(found(), ErrorCode::invalid);
}

TEST_F(DamageTest, ASlotThatCannotBeUnderstoodIsLeftOut) {
  ASSERT_TRUE(sql::open_sqlite({.path = path_})
                  .value()
                  ->execute_script("UPDATE slot SET phase = 'dancing' WHERE name = 'printing'"));
  auto store = SqlAgentStore::open(path_, {.durable = false}, clock_).value();
  const auto slots = store->slots();
  ASSERT_TRUE(slots) << slots.error().text();
  ASSERT_EQ(slots->size(), 1U);
  EXPECT_EQ(slots->front().first, "web");
}

}  // namespace
}  // namespace chancery::store
