#include "hub/watched_ledger.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"
#include "testing/memory_ledger.h"

namespace chancery::hub {
namespace {

struct WatchedLedgerTest : ::testing::Test {
  WatchedLedgerTest() {
    ledger.watch([this](const std::vector<Committed>& events) {
      for (const Committed& event : events) told.push_back(event.action + " " + event.subject);
    });
    ledger.watch(telling(changes));
  }
  Status append(std::vector<std::string> actions, bool fails = false) {
    return ledger.write([&](Books& books) -> Status {
      for (const std::string& action : actions)
        TRY_STATUS(books.audit().append({.actor = "test", .action = action, .subject = "it"}));
      if (fails) return refused("for the test");
      return {};
    });
  }

  testing::FakeClock clock;
  testing::MemoryLedger memory;
  WatchedLedger ledger{memory};
  Changes changes{clock};
  std::int64_t start = changes.since(0).sequence;
  std::vector<std::string> told;
};

TEST_F(WatchedLedgerTest, TellsWhatWasCommittedAndOnce) {
  // The ledger in memory runs each work twice.
  ASSERT_TRUE(append({"certificate.revoked", "crl.published"}));
  EXPECT_EQ(told, (std::vector<std::string>{"certificate.revoked it", "crl.published it"}));
  const ChangesSince since = changes.since(start);
  EXPECT_EQ(since.topics, (std::vector<Topic>{Topic::nodes, Topic::certificates, Topic::authority, Topic::audit}));
}

TEST_F(WatchedLedgerTest, TellsNothingOfWhatWasUndone) {
  EXPECT_FALSE(append({"certificate.revoked"}, true));
  memory.fail_after(0);
  EXPECT_FALSE(append({"certificate.revoked"}));
  EXPECT_TRUE(told.empty());
  EXPECT_TRUE(changes.since(start).topics.empty());
}

TEST_F(WatchedLedgerTest, AWatcherMayWriteItself) {
  WatchedLedger other(memory);
  other.watch([&](const std::vector<Committed>&) {
    if (!told.empty()) return;
    EXPECT_TRUE(append({"node.appeared"}));
  });
  ASSERT_TRUE(other.write(
      [](Books& books) { return books.audit().append({.actor = "test", .action = "order.created", .subject = "1"}); }));
  EXPECT_EQ(told, std::vector<std::string>{"node.appeared it"});
}

TEST(TopicsOf, EveryActionHasOnes) {
  const struct {
    const char* action;
    std::vector<Topic> expect;
  } rows[] = {
      {"certificate.issued", {Topic::audit, Topic::certificates}},
      {"certificate.revoked", {Topic::audit, Topic::certificates, Topic::nodes}},
      {"certificate.released", {Topic::audit, Topic::certificates, Topic::nodes}},
      {"request.waiting", {Topic::audit, Topic::requests}},
      {"node.admitted", {Topic::audit, Topic::nodes}},
      {"order.done", {Topic::audit, Topic::orders, Topic::nodes}},
      {"user.added", {Topic::audit, Topic::users}},
      {"challenge.minted", {Topic::audit, Topic::authority}},
      {"something.else", {Topic::audit}},
  };
  for (const auto& row : rows) EXPECT_EQ(topics_of(row.action), row.expect) << row.action;
}

}  // namespace
}  // namespace chancery::hub
