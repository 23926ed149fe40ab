// What an acknowledged write survives: a power cut at each sync that a run of commits and checkpoints makes, before and
// after the sync, keeping none, all or some of what was not synced.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sql/group_commit.h"
#include "sql/sqlite.h"
#include "testing/fakes.h"
#include "testing/faulty_disk.h"
#include "testing/temporary_directory.h"

namespace chancery::sql {
namespace {

enum class Survival { nothing, everything, some };

struct PowerCut {
  int sync;  // 0: none
  bool after = false;
  Survival survival = Survival::nothing;
};

Status insert_pair(Connection& db, int number) {
  for (const int twin : {number, -number}) {
    const auto done = db.execute("INSERT INTO item (number, data) VALUES (?, ?)", twin, Bytes(700, 0x5a));
    if (!done) return std::unexpected(done.error());
  }
  return {};
}

// Writes until the power goes, or 12 works are done; then looks at what is left. Gives the number of syncs there were.
int run_and_check(const PowerCut& cut) {
  const testing::TemporaryDirectory directory;
  testing::FaultyDisk disk;
  const SqliteOptions options{.path = directory.file("a.db"), .vfs = disk.vfs()};
  EXPECT_TRUE(
      open_sqlite(options).value()->execute_script("CREATE TABLE item (number INTEGER PRIMARY KEY, data BLOB)"));
  const int syncs_before = disk.syncs();
  if (cut.sync > 0) disk.cut_power_at_sync(cut.sync, cut.after);

  std::vector<int> acknowledged;
  int tried = 0;
  if (auto connection = open_sqlite(options)) {
    GroupCommit writer(std::move(*connection));
    while (tried < 12 && !disk.power_is_cut()) {
      ++tried;
      const Status status = writer.run([&](Connection& db) { return insert_pair(db, tried); });
      if (status) acknowledged.push_back(tried);
      // A checkpoint moves the log into the file, and later works begin the log anew.
      if (tried % 4 == 0) {
        if (auto other = open_sqlite(options)) static_cast<void>((*other)->execute("PRAGMA wal_checkpoint(RESTART)"));
      }
    }
  }
  const int syncs = disk.syncs() - syncs_before;

  testing::FakeRandom random(static_cast<std::uint64_t>(cut.sync * 2 + cut.after));
  disk.restore_power([&] {
    return cut.survival == Survival::everything || (cut.survival == Survival::some && random.fraction() < 0.5);
  });
  auto opened = open_sqlite(options);
  EXPECT_TRUE(opened) << opened.error().text();
  if (!opened) return syncs;
  EXPECT_EQ((*opened)->value<std::string>("PRAGMA integrity_check").value(), "ok");
  const std::vector<int> found = (*opened)
                                     ->query("SELECT number FROM item WHERE number > 0 ORDER BY number")
                                     ->all([](const Row& row) { return row.get<int>(0); })
                                     .value();
  EXPECT_THAT(found, ::testing::IsSupersetOf(acknowledged));
  EXPECT_LE(found.size(), acknowledged.size() + 1) << "more than the one work whose answer was lost";
  // Both halves of a work, or none.
  EXPECT_EQ((*opened)->value<std::size_t>("SELECT count(*) FROM item").value(), 2 * found.size());
  EXPECT_EQ((*opened)->value<int>("SELECT sum(number) FROM item").value(), 0);
  return syncs;
}

TEST(PowerCut, AtAnySyncLosesNothingThatWasAcknowledged) {
  const int syncs = run_and_check({.sync = 0});
  ASSERT_GT(syncs, 12);
  int checked = 0;
  for (int sync = 1; sync <= syncs; ++sync)
    for (const bool after : {false, true})
      for (const Survival survival : {Survival::nothing, Survival::everything, Survival::some}) {
        SCOPED_TRACE(::testing::Message() << "sync " << sync << (after ? " after" : " before") << ", survival "
                                          << static_cast<int>(survival));
        run_and_check({.sync = sync, .after = after, .survival = survival});
        ++checked;
      }
  EXPECT_EQ(checked, syncs * 6);
}

}  // namespace
}  // namespace chancery::sql
