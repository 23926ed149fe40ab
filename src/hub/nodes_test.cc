// The administrators' side of nodes: what they are announced with, and what goes with them.

#include "hub/nodes.h"

#include <gtest/gtest.h>

#include "hub/link_testing.h"

namespace chancery::hub {
namespace {

using NodesTest = LinkTest;

NodeChallengeOrder for_printers() {
  return {.slot = "ipps", .challenge = {.endpoint = "printers", .binding = {}, .lifetime = {}, .note = {}}};
}

TEST_F(NodesTest, A_node_is_there_with_its_challenge_or_not_at_all) {
  const NodeOrder order{.name = "printer-1", .challenge = for_printers()};
  hub.ledger.fail_after(0);
  EXPECT_EQ(nodes.add(order, admin).error().code(), ErrorCode::unavailable);
  hub.ledger.recover();
  EXPECT_TRUE(hub.ledger.contents().nodes.empty());
  EXPECT_TRUE(hub.ledger.contents().challenges.empty());
  // There is no second write that could fail.
  hub.ledger.fail_after(1);
  EXPECT_TRUE(nodes.add(order, admin));
  hub.ledger.recover();
  EXPECT_EQ(hub.ledger.contents().nodes.size(), 1U);
  EXPECT_EQ(hub.ledger.contents().challenges.size(), 1U);
  const std::vector<std::string> actions = hub.audit_actions();
  EXPECT_EQ(std::vector(actions.end() - 2, actions.end()),
            (std::vector<std::string>{"node.added", "challenge.minted"}));
  // What is wrong with the node leaves no challenge.
  EXPECT_EQ(nodes.add(order, admin).error().code(), ErrorCode::conflict);
  NodeOrder elsewhere{.name = "printer-2", .cluster_id = 7, .challenge = for_printers()};
  EXPECT_EQ(nodes.add(elsewhere, admin).error().code(), ErrorCode::not_found);
  EXPECT_EQ(hub.ledger.contents().challenges.size(), 1U);
  EXPECT_EQ(hub.ledger.contents().nodes.size(), 1U);
}

TEST_F(NodesTest, A_new_challenge_takes_the_place_of_one_that_was_not_used) {
  const NodeChallengeOrder order = for_printers();
  const AddedNode added = nodes.add({.name = "printer-1", .challenge = order}, admin).value();
  const std::string first = text_of(added.challenge->text);
  const std::string second = text_of(nodes.challenge(added.node.id, order, admin).value().text);
  const std::vector<std::string> actions = hub.audit_actions();
  EXPECT_EQ(std::vector(actions.end() - 2, actions.end()),
            (std::vector<std::string>{"challenge.removed", "challenge.minted"}));
  EXPECT_EQ(hub.ledger.contents().audit.rbegin()->second.details[2],
            (std::pair<std::string, std::string>{"node", "printer-1"}));
  EXPECT_NE(enrol(device, first), "granted");
  EXPECT_EQ(enrol(other, second), "granted");
  EXPECT_EQ(call({}, other).value().party.node_id, added.node.id);
}

TEST_F(NodesTest, A_blocked_nodes_challenge_lets_nobody_in) {
  const AddedNode added = nodes.add({.name = "printer-1", .challenge = for_printers()}, admin).value();
  ASSERT_TRUE(nodes.block(added.node.id, admin));
  EXPECT_NE(enrol(device, text_of(added.challenge->text)), "granted");
}

TEST_F(NodesTest, Removing_a_node_cancels_its_orders_and_says_so) {
  const fleet::NodeId id = enrolled_node();
  ASSERT_TRUE(call());
  const fleet::Order order = orders.create({.node_id = id, .verb = "read_inventory"}, admin).value();
  hub.clock.advance(Seconds(9));
  ASSERT_TRUE(nodes.remove(id, admin));
  EXPECT_EQ(orders.find(order.id)->state, fleet::OrderState::cancelled);
  EXPECT_EQ(orders.find(order.id)->finished, hub.clock.now());
  const std::vector<std::string> actions = hub.audit_actions();
  EXPECT_EQ(std::vector(actions.end() - 2, actions.end()),
            (std::vector<std::string>{"order.cancelled", "node.removed"}));
}

TEST_F(NodesTest, A_removed_nodes_challenge_lets_nobody_in) {
  const AddedNode added = nodes.add({.name = "printer-1", .challenge = for_printers()}, admin).value();
  ASSERT_TRUE(nodes.remove(added.node.id, admin));
  EXPECT_NE(enrol(device, text_of(added.challenge->text)), "granted");
}

}  // namespace
}  // namespace chancery::hub
