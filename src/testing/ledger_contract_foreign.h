#pragma once

// The contract of certificates of others that nodes report. Part of ledger_contract.h.

#include "testing/ledger_contract_fleet.h"

namespace chancery::testing {

TEST_P(FleetContract, KeepsCertificatesOfOthersOnce) {
  const fleet::ForeignCertificate made{.sha256 = std::string(64, '1'),
                                       .subject = "CN=ca",
                                       .issuer = "CN=root",
                                       .not_before = noon,
                                       .not_after = noon + Seconds(9),
                                       .der = {0x30, 0x00},
                                       .reported = noon};
  for (int i = 0; i < 2; ++i)
    ASSERT_TRUE(write([&](hub::Books& books) { return books.inventories().add_foreign(made); }));
  EXPECT_EQ(read([&](hub::Books& books) { return books.inventories().foreign(made.sha256); }), made);
  EXPECT_EQ(read([&](hub::Books& books) { return books.inventories().foreign(std::string(64, '2')); }), std::nullopt);
}

TEST_P(FleetContract, ForgetsCertificatesOfOthersThatNoNodeReports) {
  const auto hash = [](char digit) { return std::string(64, digit); };
  for (const char digit : {'1', '2', '3', '4', '5'})
    ASSERT_TRUE(write([&](hub::Books& books) {
      return books.inventories().add_foreign({.sha256 = hash(digit), .der = {0x30, 0x00}, .reported = noon});
    }));
  const fleet::NodeId a = add_node(node("a")), b = add_node(node("b")), c = add_node(node("c"));
  const auto put = [&](fleet::NodeId id, const fleet::Inventory& what) {
    ASSERT_TRUE(write([&](hub::Books& books) { return books.inventories().put(id, what); }));
  };
  put(a, {.slots = {{.name = "a", .active = hash('1')}}});
  put(b, {.held = {{.sha256 = hash('2'), .slot = "a"}}});
  put(c, {.trust = {{.store = "system", .sha256 = hash('3')}}});
  const auto note = [&](fleet::NodeId after, int limit, Timestamp now) {
    fleet::NodeId last = -1;
    EXPECT_TRUE(write([&](hub::Books& books) -> Status {
      TRY(last, books.inventories().note_reported(after, limit, now));
      return {};
    }));
    return last;
  };
  const auto reported = [&](char digit) {
    return read([&](hub::Books& books) { return books.inventories().foreign(hash(digit)); });
  };
  const Timestamp later = noon + std::chrono::days(40);
  EXPECT_EQ(note(0, 2, later), b);
  EXPECT_EQ(reported('1')->reported, later);
  EXPECT_EQ(reported('2')->reported, later);
  EXPECT_EQ(reported('3')->reported, noon);
  EXPECT_EQ(note(b, 2, later), c);
  EXPECT_EQ(reported('3')->reported, later);
  EXPECT_EQ(note(c, 2, later), 0);
  // Not written anew every time.
  EXPECT_EQ(note(0, 9, later + Seconds(60)), c);
  EXPECT_EQ(reported('1')->reported, later);
  const auto forget = [&](Timestamp before, int limit) {
    std::int64_t count = -1;
    EXPECT_TRUE(write([&](hub::Books& books) -> Status {
      TRY(count, books.inventories().forget_foreign(before, limit));
      return {};
    }));
    return count;
  };
  EXPECT_EQ(forget(noon, 9), 0);
  EXPECT_EQ(forget(later, 1), 1);
  EXPECT_EQ(forget(later, 9), 1);
  EXPECT_EQ(forget(later, 9), 0);
  for (const char digit : {'1', '2', '3'}) EXPECT_TRUE(reported(digit)) << digit;
  for (const char digit : {'4', '5'}) EXPECT_FALSE(reported(digit)) << digit;
}

}  // namespace chancery::testing
