#include "hub/foreign_certificates.h"

#include <gtest/gtest.h>

#include "hub/link_testing.h"

namespace chancery::hub {
namespace {

class ForeignCertificatesTest : public LinkTest {
 protected:
  void add_foreign(const std::string& sha256) {
    ASSERT_TRUE(hub.ledger.write([&](Books& books) {
      return books.inventories().add_foreign({.sha256 = sha256, .der = {0x30, 0x00}, .reported = hub.clock.now()});
    }));
  }
  void report(fleet::NodeId node, const std::vector<fleet::TrustEntry>& trust) {
    ASSERT_TRUE(hub.ledger.write(
        [&](Books& books) { return books.inventories().put(node, {.slots = {}, .held = {}, .trust = trust}); }));
  }
  // Calls it, for so long.
  void run(Seconds time) {
    for (Seconds passed{0}; passed < time; passed += Seconds(3600)) {
      ASSERT_TRUE(foreign.step());
      hub.clock.advance(Seconds(3600));
    }
  }
  std::size_t known() { return hub.ledger.contents().foreign_certificates.size(); }

  ForeignCertificates foreign{hub.context};
};

TEST_F(ForeignCertificatesTest, What_no_node_reports_is_forgotten_after_thirty_days) {
  const fleet::NodeId id = enrolled_node();
  add_foreign(hash_a);
  add_foreign(hash_b);
  report(id, {{.store = "system", .sha256 = hash_a}, {.store = "system", .sha256 = hash_b}});
  run(std::chrono::days(100));
  EXPECT_EQ(known(), 2u);
  report(id, {{.store = "system", .sha256 = hash_b}});
  run(std::chrono::days(29));
  EXPECT_EQ(known(), 2u);
  run(std::chrono::days(3));
  EXPECT_EQ(known(), 1u);
  EXPECT_TRUE(hub.ledger.contents().foreign_certificates.contains(hash_b));
}

TEST_F(ForeignCertificatesTest, Are_looked_at_in_parts) {
  const fleet::NodeId first = enrolled_node();
  for (int i = 0; i < ForeignCertificates::nodes_at_once * ForeignCertificates::transactions_a_step; ++i)
    ASSERT_TRUE(nodes.add({.name = "other-" + std::to_string(i)}, admin));
  const fleet::NodeId last = nodes.add({.name = "last"}, admin).value().node.id;
  add_foreign(hash_a);
  add_foreign(hash_b);
  report(first, {{.store = "system", .sha256 = hash_a}});
  report(last, {{.store = "system", .sha256 = hash_b}});
  for (int i = 0; i < 2 * ForeignCertificates::certificates_at_once; ++i) add_foreign("old-" + std::to_string(i));
  hub.clock.advance(std::chrono::days(40));
  const int before = hub.ledger.commits();
  ASSERT_TRUE(foreign.step());
  // Nothing is forgotten before the last node was looked at.
  EXPECT_EQ(hub.ledger.commits() - before, ForeignCertificates::transactions_a_step);
  EXPECT_EQ(known(), 2u + 2 * ForeignCertificates::certificates_at_once);
  ASSERT_TRUE(foreign.step());
  EXPECT_EQ(known(), 2u);
  const int after = hub.ledger.commits();
  ASSERT_TRUE(foreign.step());
  EXPECT_EQ(hub.ledger.commits(), after);
}

TEST_F(ForeignCertificatesTest, What_another_node_reports_anew_is_not_forgotten_in_between) {
  const fleet::NodeId id = enrolled_node();
  add_foreign(hash_a);
  hub.clock.advance(std::chrono::days(40));
  const wire::Inventory inventory{.slots = {}, .trust = {{.store = "system", .sha256 = hash_a}}, .stored = {}};
  ASSERT_TRUE(call({.inventory_hash = hash_b, .inventory = inventory, .hold_seconds = 300}));
  EXPECT_EQ(node(id).inventory_hash, hash_b);
  // Nobody has looked at the node since.
  ASSERT_TRUE(hub.ledger.write([&](Books& books) -> Status {
    TRY([[maybe_unused]] const auto gone,
        books.inventories().forget_foreign(hub.clock.now() - ForeignCertificates::kept, 100));
    return {};
  }));
  EXPECT_EQ(known(), 1u);
}

}  // namespace
}  // namespace chancery::hub
