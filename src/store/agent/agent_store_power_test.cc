// The agent's store on a disk that loses what was not synced, cut at each sync of a slot's busy day.

#include <gtest/gtest.h>

#include "store/agent/agent_store.h"
#include "testing/fakes.h"
#include "testing/faulty_disk.h"
#include "testing/temporary_directory.h"

namespace chancery::store {
namespace {

constexpr int changes = 20;

agent::SlotState state_number(int number) {
  return {.phase = agent::SlotPhase::polling, .polls = static_cast<unsigned>(number)};
}

// Gives the number of syncs there were.
int run_and_check(int cut_at, bool after) {
  const testing::TemporaryDirectory directory;
  testing::FaultyDisk disk;
  testing::FakeClock clock;
  const std::string path = directory.file("agent.db");
  EXPECT_TRUE(SqlAgentStore::open(path, {.vfs = disk.vfs()}, clock));
  const int syncs_before = disk.syncs();
  if (cut_at > 0) disk.cut_power_at_sync(cut_at, after);
  int kept = 0;
  if (auto store = SqlAgentStore::open(path, {.vfs = disk.vfs()}, clock)) {
    for (int number = 1; number <= changes && !disk.power_is_cut(); ++number) {
      const agent::SlotState state = state_number(number);
      const Status saved = (*store)->save(
          {.slot = "web",
           .state = state,
           .events = {{.what = "pending", .text = std::string(3000, 'x')}},
           .installed = agent::CertificateRecord{.sha256 = Bytes(32, 1), .slot = "web", .der = Bytes(900, 1)}});
      if (saved) kept = number;
    }
  }
  const int syncs = disk.syncs() - syncs_before;
  testing::FakeRandom random(static_cast<std::uint64_t>(cut_at));
  disk.restore_power([&] { return random.fraction() < 0.5; });
  auto store = SqlAgentStore::open(path, {.vfs = disk.vfs()}, clock);
  EXPECT_TRUE(store) << store.error().text();
  if (!store) return syncs;
  const auto slots = (*store)->slots();
  const int found = slots->empty() ? 0 : static_cast<int>(slots->front().second.polls);
  EXPECT_GE(found, kept) << "an acknowledged change is lost";
  EXPECT_LE(found, kept + 1);
  EXPECT_EQ((*store)->events_after(0, changes)->size(), static_cast<std::size_t>(found)) << "half a change";
  return syncs;
}

TEST(AgentStorePowerCut, AtAnySyncLeavesWholeChangesAndAllThatWereAcknowledged) {
  const int syncs = run_and_check(0, false);
  ASSERT_GE(syncs, changes);
  for (int cut = 1; cut <= syncs; ++cut)
    for (const bool after : {false, true}) {
      SCOPED_TRACE(::testing::Message() << "sync " << cut << (after ? " after" : " before"));
      run_and_check(cut, after);
    }
}

}  // namespace
}  // namespace chancery::store
