#pragma once

// The contract of nodes, inventories and clusters. Part of ledger_contract.h.

#include <numeric>
#include <set>

#include "testing/ledger_contract_fixture.h"

namespace chancery::testing {

inline fleet::Node node(std::string name) {
  fleet::Node made;
  made.name = std::move(name);
  made.created = noon;
  return made;
}

inline fleet::Node full_node(std::string name) {
  fleet::Node made = node(std::move(name));
  made.cluster_id = 3;
  made.product = "printer";
  made.state = fleet::NodeState::admitted;
  made.first_seen = noon + Seconds(1);
  made.last_seen = noon + Seconds(2);
  made.remote_address = "10.0.0.9";
  made.agent_version = "0.1.0";
  made.clock_offset_seconds = -7;
  made.clock_synchronised = fleet::ClockSync::no;
  made.certificate = "4101";
  made.inventory_hash = std::string(64, 'a');
  made.acknowledged_event = 9;
  made.slots = 2;
  made.failed_slots = 1;
  made.next_expiry = noon + Seconds(3);
  made.expiring_from = noon + Seconds(2);
  return made;
}

class FleetContract : public LedgerContract {
 protected:
  fleet::NodeId add_node(const fleet::Node& made) {
    fleet::NodeId id = 0;
    EXPECT_TRUE(write([&](hub::Books& books) -> Status {
      TRY(id, books.nodes().add(made));
      return {};
    }));
    return id;
  }
  std::optional<fleet::Node> find_node(fleet::NodeId id) {
    return read([&](hub::Books& books) { return books.nodes().find(id); });
  }
  fleet::OrderId add_order(const fleet::Order& order) {
    fleet::OrderId id = 0;
    EXPECT_TRUE(write([&](hub::Books& books) -> Status {
      TRY(id, books.orders().add(order));
      return {};
    }));
    return id;
  }
  // The names in a list, with ',' between pages.
  std::string listed_nodes(fleet::NodeFilter filter) {
    std::string names;
    do {
      const fleet::NodePage page = read([&](hub::Books& books) { return books.nodes().list(filter); });
      for (const fleet::Node& row : page.rows) names += row.name;
      filter.after = page.next;
      if (filter.after != 0) names += ',';
    } while (filter.after != 0 && names.size() < 100);
    return names;
  }
};

TEST_P(FleetContract, GivesBackANodeAsItWasAdded) {
  for (fleet::Node made : {full_node("a"), node("b")}) {
    made.id = add_node(made);
    test_ledger->reopen();
    EXPECT_EQ(find_node(made.id), made);
    EXPECT_EQ(read([&](hub::Books& books) { return books.nodes().find_by_name(made.name); }), made);
  }
  EXPECT_ERROR(ErrorCode::conflict, write([](hub::Books& books) -> Status {
                 TRY([[maybe_unused]] const auto id, books.nodes().add(node("a")));
                 return {};
               }));
  EXPECT_EQ(find_node(77), std::nullopt);
}

TEST_P(FleetContract, ANodeIsChangedButItsNameStaysItsOwn) {
  fleet::Node a = full_node("a");
  a.id = add_node(node("a"));
  add_node(node("b"));
  EXPECT_TRUE(write([&](hub::Books& books) { return books.nodes().update(a); }));
  EXPECT_EQ(find_node(a.id), a);
  a.name = "b";
  EXPECT_ERROR(ErrorCode::conflict, write([&](hub::Books& books) { return books.nodes().update(a); }));
  a.name = "c";
  a.next_expiry.reset();
  EXPECT_TRUE(write([&](hub::Books& books) { return books.nodes().update(a); }));
  EXPECT_EQ(find_node(a.id), a);
  EXPECT_EQ(read([&](hub::Books& books) { return books.nodes().find_by_name("a"); }), std::nullopt);
  a.id = 77;
  a.name = "d";
  EXPECT_ERROR(ErrorCode::not_found, write([&](hub::Books& books) { return books.nodes().update(a); }));
}

TEST_P(FleetContract, ListsNodesByEachFilter) {
  const auto with = [&](std::string name, auto set) {
    fleet::Node made = node(std::move(name));
    set(made);
    add_node(made);
  };
  with("a", [](fleet::Node& made) {
    made.state = fleet::NodeState::admitted;
    made.product = "printer";
    made.last_seen = noon + Seconds(30);
    made.next_expiry = noon + Seconds(20);
    made.expiring_from = noon + Seconds(10);
  });
  with("b", [](fleet::Node& made) {
    made.product = "phone";
    made.cluster_id = 5;
    made.last_seen = noon + Seconds(20);
    made.remote_address = "10.1.2.3";
  });
  with("c", [](fleet::Node& made) {
    made.product = "printer";
    made.failed_slots = 1;
    made.next_expiry = noon + Seconds(10);
    made.expiring_from = noon + Seconds(5);
  });
  with("D_%", [](fleet::Node& made) { made.last_seen = noon + Seconds(10); });
  using enum fleet::NodeSort;
  const struct {
    const char* name;
    fleet::NodeFilter filter;
    const char* expect;
  } rows[] = {
      {"all", {}, "D_%abc"},
      {"last first", {.descending = true}, "cbaD_%"},
      {"state", {.state = fleet::NodeState::admitted}, "a"},
      {"product", {.product = "printer"}, "ac"},
      {"an unknown product", {.product = "x"}, ""},
      {"cluster", {.cluster_id = 5}, "b"},
      {"failed", {.failed_slots = true}, "c"},
      {"not failed", {.failed_slots = false}, "D_%ab"},
      {"expiring, inclusive", {.expiring_at = noon + Seconds(5)}, "c"},
      {"expiring, both", {.expiring_at = noon + Seconds(10)}, "ac"},
      {"not here since, exclusive", {.last_seen_before = noon + Seconds(20)}, "D_%"},
      {"text in the name, any case", {.text = "d_"}, "D_%"},
      {"per cent is itself", {.text = "%"}, "D_%"},
      {"text in the product", {.text = "PHONE"}, "b"},
      {"text in the address", {.text = "10.1"}, "b"},
      {"text and product", {.text = "c", .product = "printer"}, "c"},
      {"by last seen", {.sort = last_seen}, "cD_%ba"},
      {"by last seen, newest first", {.sort = last_seen, .descending = true}, "abD_%c"},
      {"by product", {.sort = product}, "D_%bac"},
      {"by product, last first", {.sort = product, .descending = true}, "cabD_%"},
      {"by expiry, those without one last", {.sort = next_expiry}, "cabD_%"},
      {"pages", {.limit = 1}, "D_%,a,b,c"},
      {"pages by last seen", {.sort = last_seen, .descending = true, .limit = 3}, "abD_%,c"},
      {"pages by product", {.sort = product, .limit = 2}, "D_%b,ac"},
      {"pages by expiry", {.sort = next_expiry, .limit = 3}, "cab,D_%"},
      {"pages of a filter", {.product = "printer", .descending = true, .limit = 1}, "c,a"},
  };
  for (const auto& row : rows) EXPECT_EQ(listed_nodes(row.filter), row.expect) << row.name;
  EXPECT_ERROR(ErrorCode::not_found, ledger().read([](hub::Books& books) -> Status {
    TRY([[maybe_unused]] const auto page, books.nodes().list({.after = 77}));
    return {};
  }));
}

TEST_P(FleetContract, CountsNodes) {
  fleet::Node here = full_node("here");
  fleet::Node gone = full_node("gone");
  gone.last_seen = noon - Seconds(1);
  fleet::Node never = full_node("never");
  never.last_seen.reset();
  for (const auto& made : {here, gone, never, node("waits")}) add_node(made);
  EXPECT_EQ(read([](hub::Books& books) { return books.nodes().count(); }), 4);
  EXPECT_EQ(read([](hub::Books& books) { return books.nodes().count(fleet::NodeState::waiting); }), 1);
  EXPECT_EQ(read([](hub::Books& books) { return books.nodes().count_unseen(noon); }), 2);
}

TEST_P(FleetContract, LastSeenMovesForwardOnly) {
  const fleet::NodeId id = add_node(node("a"));
  const auto see = [&](int second, const char* address) {
    ASSERT_TRUE(write([&](hub::Books& books) {
      return books.nodes().seen({{.node_id = 77, .at = noon, .remote_address = "lost"},
                                 {.node_id = id, .at = noon + Seconds(second), .remote_address = address}});
    }));
  };
  see(5, "10.0.0.1");
  see(4, "10.0.0.2");
  EXPECT_EQ(find_node(id)->last_seen, noon + Seconds(5));
  EXPECT_EQ(find_node(id)->remote_address, "10.0.0.1");
  see(6, "10.0.0.3");
  EXPECT_EQ(find_node(id)->last_seen, noon + Seconds(6));
  EXPECT_EQ(find_node(id)->remote_address, "10.0.0.3");
}

TEST_P(FleetContract, ACertificateLeadsToItsNode) {
  const fleet::Place place{add_node(node("a")), "ipps"};
  const auto place_of = [&](std::string_view serial) {
    return read([&](hub::Books& books) { return books.nodes().place_of(serial); });
  };
  EXPECT_EQ(place_of("4101"), std::nullopt);
  ASSERT_TRUE(write([&](hub::Books& books) { return books.nodes().set_place("4101", {1, "x"}); }));
  ASSERT_TRUE(write([&](hub::Books& books) { return books.nodes().set_place("4101", place); }));
  EXPECT_EQ(place_of("4101"), place);
}

TEST_P(FleetContract, AChallengeLeadsFromTheCertificateThatUsedItToItsNode) {
  const fleet::Place place{add_node(node("a")), "ipps"};
  for (const char* id : {"a", "b", "other"}) ASSERT_TRUE(add(challenge(id)));
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    TRY_STATUS(books.nodes().add_challenge("b", place));
    return books.nodes().add_challenge("a", place);
  }));
  EXPECT_ERROR(ErrorCode::conflict, write([&](hub::Books& books) { return books.nodes().add_challenge("a", place); }));
  EXPECT_EQ(read([&](hub::Books& books) { return books.nodes().challenges(place); }),
            (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(read([&](hub::Books& books) { return books.nodes().challenges({place.node_id, "x"}); }).empty());
  EXPECT_EQ(read([&](hub::Books& books) { return books.nodes().challenges(place.node_id); }),
            (std::vector<std::pair<std::string, std::string>>{{"a", "ipps"}, {"b", "ipps"}}));
  const auto place_by = [&](std::string_view serial) {
    return read([&](hub::Books& books) { return books.nodes().place_by_challenge(serial); });
  };
  EXPECT_EQ(place_by("4101"), std::nullopt);
  EXPECT_TRUE(use("a", noon, "4101"));
  EXPECT_TRUE(use("other", noon, "4103"));
  EXPECT_EQ(place_by("4101"), place);
  EXPECT_EQ(place_by("4103"), std::nullopt);
  // The challenge of a request that waited for a person.
  hub::TransactionRecord waited = transaction(1);
  const std::int64_t request = add(waited).value_or(0);
  EXPECT_TRUE(use("b", noon, "request " + std::to_string(request)));
  ASSERT_TRUE(write([&](hub::Books& books) { return books.transactions().approve(request, "4102", noon); }));
  EXPECT_EQ(place_by("4102"), place);
  // Another request took that one's place.
  const std::int64_t successor = add(transaction(2)).value_or(0);
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    TRY_STATUS(
        books.challenges().hand_over("request " + std::to_string(request), "request " + std::to_string(successor)));
    return books.transactions().approve(successor, "4104", noon);
  }));
  EXPECT_EQ(place_by("4104"), place);
  EXPECT_EQ(place_by("4102"), std::nullopt);
  EXPECT_EQ(place_by("4103"), std::nullopt);
}

TEST_P(FleetContract, AnOldChallengeIsNotNeededAnyMore) {
  const fleet::Place place{add_node(node("a")), "ipps"};
  const std::int64_t granted = add(transaction(1)).value_or(0), waiting = add(transaction(2)).value_or(0),
                     rejected = add(transaction(3)).value_or(0);
  for (const char* id : {"used", "granted", "waiting", "rejected", "unused", "no node's"}) {
    ASSERT_TRUE(add(challenge(id)));
    if (id == std::string_view("no node's")) continue;
    ASSERT_TRUE(write([&](hub::Books& books) { return books.nodes().add_challenge(id, place); }));
  }
  EXPECT_TRUE(use("used", noon, "4101"));
  EXPECT_TRUE(use("no node's", noon, "4109"));
  EXPECT_TRUE(use("granted", noon, "request " + std::to_string(granted)));
  EXPECT_TRUE(use("waiting", noon, "request " + std::to_string(waiting)));
  EXPECT_TRUE(use("rejected", noon, "request " + std::to_string(rejected)));
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    TRY_STATUS(books.transactions().approve(granted, "4102", noon));
    TRY_STATUS(books.transactions().reject(rejected, 2, "no", noon));
    return books.challenges().remove_expired(noon + std::chrono::days(99));
  }));
  for (const char* id : {"used", "granted", "rejected", "unused", "no node's"}) EXPECT_FALSE(find_challenge(id)) << id;
  EXPECT_TRUE(find_challenge("waiting"));
  EXPECT_EQ(read([&](hub::Books& books) { return books.nodes().challenges(place); }),
            std::vector<std::string>{"waiting"});
  const auto place_of = [&](std::string_view serial) {
    return read([&](hub::Books& books) { return books.nodes().place_of(serial); });
  };
  EXPECT_EQ(place_of("4101"), place);
  EXPECT_EQ(place_of("4102"), place);
  EXPECT_EQ(place_of("4109"), std::nullopt);
  EXPECT_EQ(place_of(""), std::nullopt);
}

TEST_P(FleetContract, AnInventoryTakesThePlaceOfTheOneBefore) {
  const fleet::NodeId id = add_node(node("a"));
  const std::string one(64, '1'), two(64, '2');
  const fleet::Inventory inventory{
      .slots = {{.name = "a",
                 .service = "cups",
                 .stage = "valid",
                 .active = one,
                 .subject = "CN=a",
                 .serial = "4101",
                 .not_before = noon,
                 .not_after = noon + Seconds(9),
                 .renew_at = noon + Seconds(5),
                 .next_attempt = noon + Seconds(6),
                 .last_error = "none",
                 .csr = "PEM"},
                {.name = "b", .stage = "failed"}},
      .held = {{.sha256 = one, .slot = "a", .installed_at = noon}, {.sha256 = two, .slot = "a"}},
      .trust = {{.store = "system", .sha256 = two}}};
  const auto put = [&](const fleet::Inventory& what) {
    ASSERT_TRUE(write([&](hub::Books& books) { return books.inventories().put(id, what); }));
  };
  const auto stored = [&] { return read([&](hub::Books& books) { return books.inventories().of(id); }); };
  EXPECT_EQ(stored(), fleet::Inventory());
  put(inventory);
  test_ledger->reopen();
  EXPECT_EQ(stored(), inventory);
  EXPECT_EQ(read([](hub::Books& books) { return books.inventories().count_slots(); }), 2);
  EXPECT_EQ(read([](hub::Books& books) { return books.inventories().count_failed_slots(); }), 1);
  put({.slots = {{.name = "c", .stage = "empty"}}});
  EXPECT_EQ(stored(), (fleet::Inventory{.slots = {{.name = "c", .stage = "empty"}}}));
}

TEST_P(FleetContract, ASlotWhoseCertificateIsRevokedIsCountedFromThenOn) {
  const fleet::NodeId a = add_node(node("a")), b = add_node(node("b"));
  for (const int number : {1, 2}) {
    ASSERT_TRUE(add(certificate(number)));
    ASSERT_TRUE(issue(number));
  }
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    TRY_STATUS(books.inventories().put(a, {.slots = {{.name = "x", .stage = "valid", .serial = serial_of(1).hex()},
                                                     {.name = "y", .stage = "valid", .serial = serial_of(2).hex()},
                                                     {.name = "z", .stage = "empty"}}}));
    return books.inventories().put(b, {.slots = {{.name = "x", .stage = "valid", .serial = "77"}}});
  }));
  const auto counts = [&] {
    return std::tuple(read([](hub::Books& books) { return books.inventories().count_revoked_slots(); }),
                      find_node(a)->revoked_slots, find_node(b)->revoked_slots, listed_nodes({.revoked_slots = true}));
  };
  EXPECT_EQ(counts(), std::tuple(0, 0, 0, ""));
  ASSERT_TRUE(revoke(1, noon, pki::RevocationReason::key_compromise));
  EXPECT_EQ(counts(), std::tuple(1, 1, 0, "a"));
  EXPECT_EQ(read([](hub::Books& books) { return books.nodes().list({}); }).rows[0].revoked_slots, 1);
  EXPECT_EQ(read([](hub::Books& books) { return books.nodes().find_by_name("a"); })->revoked_slots, 1);
  // Whoever is shut out needs nobody any more, but is shown as it is.
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    TRY(auto found, books.nodes().find(a));
    found->state = fleet::NodeState::blocked;
    return books.nodes().update(*found);
  }));
  EXPECT_EQ(counts(), std::tuple(0, 1, 0, ""));
  // It has another certificate by now.
  ASSERT_TRUE(write([&](hub::Books& books) {
    return books.inventories().put(a, {.slots = {{.name = "x", .stage = "valid", .serial = serial_of(2).hex()}}});
  }));
  EXPECT_EQ(counts(), std::tuple(0, 0, 0, ""));
}

TEST_P(FleetContract, KeepsTheNewestEvents) {
  const fleet::NodeId id = add_node(node("a"));
  const auto event = [](std::int64_t number, const char* what) {
    return fleet::NodeEvent{.number = number, .at = noon + Seconds(number), .slot = "ipps", .what = what, .text = "t"};
  };
  const auto add_events = [&](const std::vector<fleet::NodeEvent>& events) {
    ASSERT_TRUE(write([&](hub::Books& books) { return books.inventories().add_events(id, events); }));
  };
  const auto events = [&](std::int64_t before, int limit) {
    return read([&](hub::Books& books) { return books.inventories().events(id, before, limit); });
  };
  add_events({});
  add_events({event(1, "a"), event(2, "b")});
  add_events({event(2, "again"), event(3, "c")});
  EXPECT_EQ(events(0, 2), (std::vector{event(3, "c"), event(2, "b")}));
  EXPECT_EQ(events(2, 9), std::vector{event(1, "a")});
  add_events({event(fleet::kept_events + 2, "last")});
  EXPECT_EQ(events(0, 9), (std::vector{event(fleet::kept_events + 2, "last"), event(3, "c")}));
  ASSERT_TRUE(write([&](hub::Books& books) { return books.inventories().forget_events(id); }));
  EXPECT_TRUE(events(0, 9).empty());
}

inline fleet::Order order(fleet::NodeId node_id, std::string verb) {
  static int made = 0;
  return {.token = "token " + std::to_string(++made),
          .node_id = node_id,
          .verb = std::move(verb),
          .created = noon,
          .created_by = "admin root",
          .deadline = noon + std::chrono::hours(1)};
}

TEST_P(FleetContract, NoNodeAndNoClusterHasAnIdThatWasGivenBefore) {
  const fleet::NodeId first = add_node(node("a"));
  const auto add_cluster = [&](const char* name) {
    std::int64_t id = 0;
    EXPECT_TRUE(write([&](hub::Books& books) -> Status {
      TRY(id, books.clusters().add({.name = name, .created = noon}));
      return {};
    }));
    return id;
  };
  const std::int64_t cluster = add_cluster("west");
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    EXPECT_TRUE(books.nodes().remove(first).value());
    EXPECT_TRUE(books.clusters().remove(cluster).value());
    return {};
  }));
  test_ledger->reopen();
  EXPECT_GT(add_node(node("b")), first);
  EXPECT_GT(add_cluster("east"), cluster);
}

TEST_P(FleetContract, ANodeIsFoundByItsWholeName) {
  for (const char* name : {"ab", "a", "b"}) add_node(node(name));
  EXPECT_EQ(listed_nodes({.name = "a"}), "a");
  EXPECT_EQ(listed_nodes({.name = "A"}), "");
  EXPECT_EQ(listed_nodes({.text = "b", .name = "a"}), "");
}

TEST_P(FleetContract, ANodeIsRemovedWithWhatItSaid) {
  const fleet::NodeId id = add_node(node("a"));
  const fleet::OrderId queued = add_order(order(id, "reload"));
  ASSERT_TRUE(add(challenge("a")));
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    TRY_STATUS(books.nodes().set_place("4101", {id, ""}));
    TRY_STATUS(books.nodes().add_challenge("a", {id, ""}));
    TRY_STATUS(books.inventories().put(id, {.slots = {{.name = "a"}}}));
    TRY_STATUS(books.inventories().add_events(id, {{.number = 1, .at = noon, .what = "started"}}));
    EXPECT_TRUE(books.nodes().remove(id).value());
    EXPECT_FALSE(books.nodes().remove(id).value());
    return {};
  }));
  EXPECT_EQ(find_node(id), std::nullopt);
  EXPECT_EQ(read([](hub::Books& books) { return books.nodes().place_of("4101"); }), std::nullopt);
  EXPECT_TRUE(read([&](hub::Books& books) { return books.nodes().challenges({id, ""}); }).empty());
  EXPECT_EQ(read([&](hub::Books& books) { return books.inventories().of(id); }), fleet::Inventory());
  EXPECT_TRUE(read([&](hub::Books& books) { return books.inventories().events(id, 0, 9); }).empty());
  const auto left = read([&](hub::Books& books) { return books.orders().find(queued); });
  EXPECT_EQ(left->state, fleet::OrderState::cancelled);
  EXPECT_EQ(left->node_id, 0);
  // The name is free again.
  EXPECT_NE(add_node(node("a")), 0);
}

TEST_P(FleetContract, WhatFailsLeavesNothingBehind) {
  const fleet::NodeId id = add_node(node("a"));
  const fleet::OrderId kept = add_order(order(id, "reload"));
  ASSERT_FALSE(write([&](hub::Books& books) -> Status {
    TRY([[maybe_unused]] const auto other, books.nodes().add(node("b")));
    TRY_STATUS(books.inventories().put(id, {.slots = {{.name = "a"}}}));
    TRY_STATUS(books.inventories().add_events(id, {{.number = 1, .at = noon, .what = "started"}}));
    TRY([[maybe_unused]] const bool removed, books.nodes().remove(id));
    return refused("for the test");
  }));
  EXPECT_EQ(listed_nodes({}), "a");
  EXPECT_EQ(read([&](hub::Books& books) { return books.inventories().of(id); }), fleet::Inventory());
  EXPECT_TRUE(read([&](hub::Books& books) { return books.inventories().events(id, 0, 9); }).empty());
  EXPECT_EQ(read([&](hub::Books& books) { return books.orders().find(kept); })->node_id, id);
  EXPECT_NE(add_node(node("b")), 0);
}

}  // namespace chancery::testing
