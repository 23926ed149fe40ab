#include "hub/presence.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace chancery::hub {
namespace {

TEST(PresenceTest, HoldsUntilSomebodyWakes) {
  testing::FakeClock clock;
  Presence presence(clock);
  std::vector<std::string> woken;
  const auto held = [&](fleet::NodeId node, std::string name) {
    return Held{.node_id = node, .serial = "serial of " + name, .longest = Seconds(20), .wake = [&woken, name] {
                  woken.push_back(name);
                }};
  };
  ASSERT_TRUE(presence.hold(held(1, "a"), presence.mark()));
  const auto b = presence.hold(held(2, "b"), presence.mark());
  ASSERT_TRUE(presence.hold(held(3, "c"), presence.mark()));
  ASSERT_TRUE(presence.hold(held(3, "d"), presence.mark()));
  EXPECT_TRUE(presence.online(3));
  presence.wake(3);
  EXPECT_EQ(woken, (std::vector<std::string>{"c", "d"}));
  EXPECT_FALSE(presence.online(3));
  presence.release(*b);
  EXPECT_FALSE(presence.online(2));
  presence.end("serial of a");
  EXPECT_EQ(woken.back(), "a");
  EXPECT_EQ(presence.held(), 0u);
  ASSERT_TRUE(presence.hold(held(5, "e"), presence.mark()));
  clock.advance(Seconds(19));
  presence.expire();
  EXPECT_EQ(woken.back(), "a");
  clock.advance(Seconds(1));
  presence.expire();
  EXPECT_EQ(woken.back(), "e");
}

TEST(PresenceTest, WhatHappensWhileOneLooksIsNotMissed) {
  testing::FakeClock clock;
  Presence presence(clock);
  const std::uint64_t mark = presence.mark();
  presence.wake(1);
  EXPECT_FALSE(presence.hold({.node_id = 1, .serial = {}, .longest = Seconds(20), .wake = [] {}}, mark));
  EXPECT_TRUE(presence.hold({.node_id = 1, .serial = {}, .longest = Seconds(20), .wake = [] {}}, presence.mark()));
}

// Or 10,000 orders, one after the other, would let no agent's call be held meanwhile.
TEST(PresenceTest, WhatHappensToOthersWhileOneLooksEndsNothing) {
  testing::FakeClock clock;
  Presence presence(clock);
  const auto hold = [&](fleet::NodeId node, std::string serial, std::uint64_t mark) {
    return presence.hold({.node_id = node, .serial = std::move(serial), .longest = Seconds(20), .wake = [] {}}, mark)
        .has_value();
  };
  const std::uint64_t mark = presence.mark();
  presence.wake(2);
  presence.end("b");
  EXPECT_TRUE(hold(1, "a", mark));
  EXPECT_FALSE(hold(2, "a", mark));
  EXPECT_FALSE(hold(1, "b", mark));
  // Of what was longer ago than it can tell, it assumes the worst.
  for (int i = 0; i < 5000; ++i) presence.wake(3);
  EXPECT_FALSE(hold(1, "a", mark));
  EXPECT_TRUE(hold(1, "a", presence.mark()));
}

TEST(PresenceTest, WhatWasKnownOfANodesInventoryGoesWithIt) {
  testing::FakeClock clock;
  Presence presence(clock);
  presence.settle(1, "hash");
  EXPECT_TRUE(presence.is_settled(1, "hash"));
  EXPECT_FALSE(presence.is_settled(1, "other"));
  presence.forget(1);
  EXPECT_FALSE(presence.is_settled(1, "hash"));
}

TEST(PresenceTest, ANodeHoldsAFewRequestsAndTheOldestMakesRoom) {
  testing::FakeClock clock;
  Presence presence(clock);
  int woken = 0;
  for (int i = 0; i < 6; ++i)
    ASSERT_TRUE(
        presence.hold({.node_id = 1, .serial = {}, .longest = Seconds(20), .wake = [&] { ++woken; }}, presence.mark()));
  EXPECT_EQ(woken, 2);
  EXPECT_EQ(presence.held(), 4u);
}

TEST(PresenceTest, WhoseCertificateEndsIsGoneAtOnce) {
  testing::FakeClock clock;
  Presence presence(clock);
  presence.seen(1, "192.0.2.1", "a");
  presence.seen(2, "192.0.2.2", "b");
  presence.end("a");
  EXPECT_FALSE(presence.online(1));
  EXPECT_TRUE(presence.online(2));
  EXPECT_EQ(presence.last_seen(1), clock.now()) << "it was here until now all the same";
  // It has another certificate since, so that the end of the one before is nothing.
  presence.seen(1, "192.0.2.1", "c");
  presence.end("a");
  EXPECT_TRUE(presence.online(1));
  // Its call was answered just before, and is refused when it should be held.
  presence.sent_away(1);
  EXPECT_FALSE(presence.online(1));
  ASSERT_TRUE(presence.hold({.node_id = 1, .serial = "c", .longest = Seconds(20), .wake = [] {}}, presence.mark()));
  EXPECT_TRUE(presence.online(1));
  presence.forget(2);
  presence.end("b");
  EXPECT_FALSE(presence.online(2));
}

}  // namespace
}  // namespace chancery::hub
