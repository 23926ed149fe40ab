#pragma once

// The contract of clusters and of what is asked about their nodes. Part of ledger_contract.h.

#include "testing/ledger_contract_fleet.h"

namespace chancery::testing {

TEST_P(FleetContract, KeepsClustersByName) {
  std::int64_t first = 0;
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    TRY(first, books.clusters().add({.name = "west", .created = noon}));
    TRY([[maybe_unused]] const auto second, books.clusters().add({.name = "east", .created = noon}));
    return {};
  }));
  const auto names = [&] {
    std::string text;
    for (const auto& cluster : read([](hub::Books& books) { return books.clusters().list(); }))
      text += cluster.name + " ";
    return text;
  };
  EXPECT_EQ(names(), "east west ");
  EXPECT_ERROR(ErrorCode::conflict, write([](hub::Books& books) -> Status {
                 TRY([[maybe_unused]] const auto id, books.clusters().add({.name = "east", .created = noon}));
                 return {};
               }));
  EXPECT_ERROR(ErrorCode::conflict, write([&](hub::Books& books) { return books.clusters().rename(first, "east"); }));
  EXPECT_ERROR(ErrorCode::not_found, write([](hub::Books& books) { return books.clusters().rename(77, "x"); }));
  EXPECT_TRUE(write([&](hub::Books& books) { return books.clusters().rename(first, "north"); }));
  EXPECT_EQ(read([&](hub::Books& books) { return books.clusters().find(first); }),
            (fleet::Cluster{.id = first, .name = "north", .created = noon}));
  fleet::Node in_it = node("a");
  in_it.cluster_id = first;
  const fleet::NodeId id = add_node(in_it);
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    EXPECT_TRUE(books.clusters().remove(first).value());
    EXPECT_FALSE(books.clusters().remove(first).value());
    return {};
  }));
  EXPECT_EQ(names(), "east ");
  EXPECT_EQ(find_node(id)->cluster_id, 0);
}

TEST_P(FleetContract, SumsUpTheNodesOfACluster) {
  const auto summaries = [&] { return read([](hub::Books& books) { return books.clusters().summaries(); }); };
  const auto summary = [&](std::int64_t id) {
    return read([&](hub::Books& books) { return books.clusters().summary(id); });
  };
  EXPECT_TRUE(summaries().empty());
  EXPECT_EQ(summary(3), fleet::ClusterSummary{.cluster_id = 3});
  add_node(full_node("a"));
  fleet::Node later = full_node("b");
  later.next_expiry = noon + Seconds(9);
  later.expiring_from = noon + Seconds(1);
  const fleet::NodeId revoked = add_node(later);
  fleet::Node shut_out = full_node("c");
  shut_out.state = fleet::NodeState::blocked;
  shut_out.next_expiry = noon;
  const fleet::NodeId blocked = add_node(shut_out);
  fleet::Node empty = node("d");
  empty.cluster_id = 4;
  add_node(empty);
  add_node(node("in none"));
  ASSERT_TRUE(add(certificate(1)));
  ASSERT_TRUE(issue(1));
  ASSERT_TRUE(revoke(1, noon, pki::RevocationReason::key_compromise));
  for (const fleet::NodeId id : {revoked, blocked})
    ASSERT_TRUE(write([&](hub::Books& books) {
      return books.inventories().put(id, {.slots = {{.name = "x", .stage = "valid", .serial = serial_of(1).hex()}}});
    }));
  const fleet::ClusterSummary third{.cluster_id = 3,
                                    .nodes = 3,
                                    .slots = 6,
                                    .failed_slots = 2,
                                    .revoked_slots = 1,
                                    .next_expiry = noon + Seconds(3),
                                    .expiring_from = noon + Seconds(1)};
  const fleet::ClusterSummary fourth{.cluster_id = 4, .nodes = 1};
  EXPECT_EQ(summaries(), (std::vector{third, fourth}));
  EXPECT_EQ(summary(3), third);
  EXPECT_EQ(summary(4), fourth);
}

TEST_P(FleetContract, TellsWhichClustersUseWhatEndsInAWindow) {
  for (const int number : {1, 2, 3, 4}) ASSERT_TRUE(add(certificate(number)));
  for (const int number : {1, 2, 3}) ASSERT_TRUE(issue(number));
  fleet::Node in_cluster = node("a");
  in_cluster.cluster_id = 7;
  const fleet::NodeId a = add_node(in_cluster), b = add_node(node("b"));
  const auto slot = [](const char* name, int number, int seconds) {
    return fleet::SlotStatus{.name = name,
                             .stage = "valid",
                             .active = std::string(64, '1'),
                             .serial = number == 0 ? "" : serial_of(number).hex(),
                             .not_after = noon + Seconds(seconds)};
  };
  ASSERT_TRUE(write([&](hub::Books& books) -> Status {
    // Of another authority; and one that is not signed for all that is known.
    TRY_STATUS(books.inventories().put(
        a, {.slots = {slot("a", 2, 20), slot("b", 1, 10), slot("c", 0, 15), slot("d", 4, 15), {.name = "e"}}}));
    return books.inventories().put(b, {.slots = {slot("a", 1, 10), slot("b", 3, 12)}});
  }));
  const auto ends = [&](int from, int before) {
    std::string found;
    for (const fleet::HeldEnd& end : read(
             [&](hub::Books& books) { return books.inventories().ends(noon + Seconds(from), noon + Seconds(before)); }))
      for (const int number : {1, 2, 3, 4})
        if (end.serial == serial_of(number).hex())
          found += std::to_string(number) + "@" + std::to_string((end.not_after - noon).count()) + " in " +
                   std::to_string(end.cluster_id) + ", ";
    return found;
  };
  EXPECT_EQ(ends(10, 20), "1@10 in 7, 1@10 in 0, 3@12 in 0, ");
  EXPECT_EQ(ends(11, 21), "3@12 in 0, 2@20 in 7, ");
  ASSERT_TRUE(revoke(2, noon, pki::RevocationReason::key_compromise));
  EXPECT_EQ(ends(11, 21), "3@12 in 0, ");

  // The list of certificates by cluster is of the same ones.
  const auto listed = [&](std::int64_t cluster, bool by_end) {
    ca::CertificateFilter filter{.cluster = cluster, .limit = 9, .ascending = true};
    if (by_end) filter.sort = ca::CertificateFilter::Sort::not_after;
    std::string found;
    for (const auto& record : read([&](hub::Books& books) { return books.certificates().list(filter); }).rows)
      found += std::to_string(record.serial.octets[2]);
    return found;
  };
  for (const bool by_end : {false, true}) {
    EXPECT_EQ(listed(7, by_end), "124");
    EXPECT_EQ(listed(0, by_end), "3") << "on no node, or on one that is in no cluster";
    EXPECT_EQ(listed(8, by_end), "");
  }
}

TEST_P(FleetContract, TellsWhatTheNodesOfAClusterTrust) {
  fleet::Node in_cluster = node("a");
  in_cluster.cluster_id = 7;
  const fleet::NodeId a = add_node(in_cluster), b = add_node(node("b"));
  const std::string one(64, '1'), two(64, '2');
  for (const fleet::NodeId id : {a, b})
    ASSERT_TRUE(write([&](hub::Books& books) {
      return books.inventories().put(
          id, {.trust = {{.store = "default", .sha256 = one}, {.store = "wifi", .sha256 = two}}});
    }));
  std::set<std::string> found;
  for (const auto& [node_id, entry] : read([](hub::Books& books) { return books.inventories().trust_of_cluster(7); })) {
    EXPECT_EQ(node_id, a);
    found.insert(entry.store + " " + entry.sha256);
  }
  EXPECT_EQ(found, (std::set{"default " + one, "wifi " + two}));
}

}  // namespace chancery::testing
