#pragma once

// The contract of orders to nodes. Part of ledger_contract.h.

#include "testing/ledger_contract_fleet.h"

namespace chancery::testing {

TEST_P(FleetContract, AnOrderGoesFromQueuedToItsResult) {
  fleet::Order made = order(5, "add_trust");
  made.slot = "ipps";
  made.parameters = {{"store", "system"}, {"quoted\"", "\n"}};
  made.certificates = {{0x30, 0x00}, {0x30, 0x01, 0xff}};
  made.id = add_order(made);
  const auto found = [&] { return read([&](hub::Books& books) { return books.orders().find(made.id); }); };
  EXPECT_EQ(found(), made);
  EXPECT_EQ(read([&](hub::Books& books) { return books.orders().find_by_token(made.token); }), made);
  EXPECT_EQ(read([](hub::Books& books) { return books.orders().find_by_token("1"); }), std::nullopt);
  made.state = fleet::OrderState::failed;
  made.finished = noon + Seconds(3);
  made.text = "no such store";
  made.data = {{"a", "b"}};
  ASSERT_TRUE(write([&](hub::Books& books) { return books.orders().update(made); }));
  test_ledger->reopen();
  EXPECT_EQ(found(), made);
  made.id = 77;
  EXPECT_ERROR(ErrorCode::not_found, write([&](hub::Books& books) { return books.orders().update(made); }));
  EXPECT_EQ(read([](hub::Books& books) { return books.orders().count_failed(noon + Seconds(3)); }), 1);
  EXPECT_EQ(read([](hub::Books& books) { return books.orders().count_failed(noon + Seconds(4)); }), 0);
}

TEST_P(FleetContract, ListsOrdersOfANode) {
  std::vector<fleet::OrderId> ids;
  for (const char* verb : {"a", "b", "c", "d"}) {
    fleet::Order made = order(5, verb);
    made.state = verb[0] == 'b'   ? fleet::OrderState::done
                 : verb[0] == 'c' ? fleet::OrderState::delivered
                                  : fleet::OrderState::queued;
    made.deadline = noon + Seconds(100 - verb[0]);
    made.certificates = {{0x30, 0x00}};
    ids.push_back(add_order(made));
  }
  add_order(order(6, "x"));
  const auto verbs = [](const std::vector<fleet::Order>& orders) {
    std::string text;
    for (const auto& each : orders) text += each.verb;
    return text;
  };
  const auto all = read([](hub::Books& books) { return books.orders().list({.node_id = 5}); });
  EXPECT_EQ(verbs(all), "dcba");
  // Nobody shows the certificates of a whole list, and a page of a hundred trust orders would be megabytes of them.
  fleet::Order whole = read([&](hub::Books& books) { return books.orders().find(ids[3]); }).value();
  EXPECT_FALSE(whole.certificates.empty());
  whole.certificates.clear();
  EXPECT_EQ(all.front(), whole);
  EXPECT_EQ(
      verbs(read([&](hub::Books& books) { return books.orders().list({.node_id = 5, .before = ids[2], .limit = 1}); })),
      "b");
  EXPECT_EQ(verbs(read([](hub::Books& books) { return books.orders().open(5, 9); })), "acd");
  EXPECT_EQ(verbs(read([](hub::Books& books) { return books.orders().open(5, 2); })), "ac");
  EXPECT_EQ(read([](hub::Books& books) { return books.orders().count_open(5); }), 3);
}

TEST_P(FleetContract, OrdersInTheirHourOfGraceHideNoneThatExpired) {
  for (int i = 0; i < 501; ++i) {
    fleet::Order delivered = order(5, "delivered");
    delivered.state = fleet::OrderState::delivered;
    delivered.deadline = noon + Seconds(i);
    add_order(delivered);
  }
  fleet::Order made = order(6, "queued");
  made.deadline = noon + Seconds(600);
  add_order(made);
  const auto overdue = [&](Seconds after) {
    const auto orders = read([&](hub::Books& books) { return books.orders().overdue(noon + after); });
    return orders.empty() ? std::string() : std::to_string(orders.size()) + " " + orders.back().verb;
  };
  EXPECT_EQ(overdue(Seconds(600)), "");
  EXPECT_EQ(overdue(Seconds(601)), "1 queued");
  EXPECT_EQ(overdue(fleet::result_grace), "1 queued");
  EXPECT_EQ(overdue(fleet::result_grace + Seconds(2)), "3 queued");
}

TEST_P(FleetContract, ListsOrdersOfAllNodesByEachFilter) {
  using enum fleet::OrderState;
  const struct {
    fleet::NodeId node;
    const char* verb;
    fleet::OrderState state;
    int finished;
  } made[] = {
      {5, "reload", failed, 10}, {6, "reload", done, 20}, {5, "restart", failed, 30}, {7, "restart", queued, 0}};
  std::vector<fleet::OrderId> ids;
  for (const auto& each : made) {
    fleet::Order added = order(each.node, each.verb);
    added.state = each.state;
    if (each.finished != 0) added.finished = noon + Seconds(each.finished);
    ids.push_back(add_order(added));
  }
  const struct {
    const char* name;
    fleet::OrderFilter filter;
    std::vector<int> expect;  // by their place in `made`
  } rows[] = {
      {"all", {}, {3, 2, 1, 0}},
      {"the newest", {.limit = 1}, {3}},
      {"before one", {.before = ids[2]}, {1, 0}},
      {"state", {.state = failed}, {2, 0}},
      {"a state that none is in", {.state = expired}, {}},
      {"verb", {.verb = "restart"}, {3, 2}},
      {"state and verb", {.state = failed, .verb = "reload"}, {0}},
      {"node", {.node_id = 5}, {2, 0}},
      {"node and state", {.node_id = 6, .state = done}, {1}},
      {"node and verb", {.node_id = 5, .verb = "restart"}, {2}},
      {"finished after, inclusive", {.finished_after = noon + Seconds(20)}, {2, 1}},
      {"failed after", {.state = failed, .finished_after = noon + Seconds(11)}, {2}},
      {"failed before one", {.state = failed, .before = ids[2]}, {0}},
  };
  for (const auto& row : rows) {
    std::vector<int> found;
    for (const auto& each : read([&](hub::Books& books) { return books.orders().list(row.filter); }))
      found.push_back(static_cast<int>(std::ranges::find(ids, each.id) - ids.begin()));
    EXPECT_EQ(found, row.expect) << row.name;
  }
}

TEST_P(FleetContract, ListsOrdersOfTheNodesOfACluster) {
  using enum fleet::OrderState;
  fleet::Node in_cluster = node("a");
  in_cluster.cluster_id = 7;
  const fleet::NodeId a = add_node(in_cluster), b = add_node(node("b"));
  in_cluster.name = "c";
  const fleet::NodeId c = add_node(in_cluster);
  std::vector<fleet::OrderId> ids;
  for (const auto& [id, verb, state] : {std::tuple(a, "reload", failed), std::tuple(b, "reload", failed),
                                        std::tuple(c, "restart", done), std::tuple(a, "restart", failed)}) {
    fleet::Order made = order(id, verb);
    made.state = state;
    made.finished = noon;
    ids.push_back(add_order(made));
  }
  const struct {
    const char* name;
    fleet::OrderFilter filter;
    std::vector<int> expect;
  } rows[] = {
      {"cluster", {.cluster_id = 7}, {3, 2, 0}},
      {"another", {.cluster_id = 8}, {}},
      {"with a state", {.cluster_id = 7, .state = failed}, {3, 0}},
      {"with a verb", {.cluster_id = 7, .verb = "restart"}, {3, 2}},
      {"and a node of it", {.node_id = c, .cluster_id = 7}, {2}},
      {"and a node of none", {.node_id = b, .cluster_id = 7}, {}},
      {"the next page", {.cluster_id = 7, .before = ids[3], .limit = 1}, {2}},
  };
  for (const auto& row : rows) {
    std::vector<int> found;
    for (const auto& each : read([&](hub::Books& books) { return books.orders().list(row.filter); }))
      found.push_back(static_cast<int>(std::ranges::find(ids, each.id) - ids.begin()));
    EXPECT_EQ(found, row.expect) << row.name;
  }
}

TEST_P(FleetContract, OldOrdersAreForgottenButTheHighestNumberStays) {
  for (const char* verb : {"a", "b", "c", "d"}) {
    fleet::Order made = order(5, verb);
    made.state = verb[0] == 'b' ? fleet::OrderState::queued : fleet::OrderState::done;
    if (verb[0] != 'b') made.finished = noon + Seconds(verb[0] == 'c' ? 1 : 0);
    add_order(made);
  }
  ASSERT_TRUE(write([](hub::Books& books) { return books.orders().forget(noon + Seconds(1)); }));
  std::string verbs;
  for (const auto& each : read([](hub::Books& books) { return books.orders().list({.node_id = 5}); }))
    verbs += each.verb;
  EXPECT_EQ(verbs, "dcb");
}

}  // namespace chancery::testing
