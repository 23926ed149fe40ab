#include <gtest/gtest.h>

#include "fleet/inventory.h"
#include "fleet/order.h"

namespace chancery::fleet {
namespace {

template <class State>
std::string told(const Result<State>& next) {
  return next ? std::string(to_string(*next)) : next.error().text();
}

TEST(FleetTransitions, OfANode) {
  const char* own = "the node is expected: it is admitted by its challenge, when it comes";
  const struct {
    NodeState state;
    std::string admitted, blocked, contact;
  } rows[] = {
      {NodeState::expected, own, "blocked", "admitted"},
      {NodeState::waiting, "admitted", "blocked", "waiting"},
      {NodeState::admitted, "the node is admitted already", "blocked", "admitted"},
      {NodeState::blocked, "admitted", "the node is blocked already", "blocked"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(told(after_admission(row.state)), row.admitted) << to_string(row.state);
    EXPECT_EQ(told(after_blocking(row.state)), row.blocked) << to_string(row.state);
    EXPECT_EQ(to_string(after_contact(row.state)), row.contact) << to_string(row.state);
    EXPECT_EQ(node_state_from_text(to_string(row.state)), row.state);
  }
  EXPECT_EQ(node_state_from_text("lost"), std::nullopt);
}

TEST(FleetTransitions, OfAnOrder) {
  const auto over = [](std::string_view state) { return "the order is " + std::string(state) + " already"; };
  const struct {
    OrderState state;
    std::string delivered, done, failed, cancelled;
  } rows[] = {
      {OrderState::queued, "delivered", "done", "failed", "cancelled"},
      {OrderState::delivered, "delivered", "done", "failed", "cancelled"},
      {OrderState::done, over("done"), over("done"), over("done"), over("done")},
      {OrderState::failed, over("failed"), over("failed"), over("failed"), over("failed")},
      {OrderState::expired, over("expired"), "done", "failed", over("expired")},
      {OrderState::cancelled, over("cancelled"), "done", "failed", over("cancelled")},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(told(after_delivery(row.state)), row.delivered) << to_string(row.state);
    EXPECT_EQ(told(after_result(row.state, OrderState::done)), row.done) << to_string(row.state);
    EXPECT_EQ(told(after_result(row.state, OrderState::failed)), row.failed) << to_string(row.state);
    EXPECT_EQ(told(after_cancelling(row.state)), row.cancelled) << to_string(row.state);
    EXPECT_EQ(order_state_from_text(to_string(row.state)), row.state);
  }
}

TEST(FleetTransitions, AnOrderExpiresWhenNobodyWaitsForItAnyMore) {
  const Timestamp deadline{Seconds(1000)};
  const struct {
    OrderState state;
    Seconds late;
    bool expect;
  } rows[] = {
      {OrderState::queued, Seconds(0), false},
      {OrderState::queued, Seconds(1), true},
      {OrderState::delivered, Seconds(1), false},
      {OrderState::delivered, result_grace, false},
      {OrderState::delivered, result_grace + Seconds(1), true},
      {OrderState::done, result_grace + Seconds(1), false},
      {OrderState::cancelled, result_grace + Seconds(1), false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(has_expired({.state = row.state, .deadline = deadline}, deadline + row.late), row.expect)
        << to_string(row.state) << " " << row.late.count();
}

TEST(FleetNode, NamesAreChecked) {
  for (const char* name : {"a", "printer-1", "Room 4.12", "aa:bb_c"}) EXPECT_TRUE(check_node_name(name)) << name;
  const struct {
    std::string name;
    const char* expect;
  } rows[] = {
      {"", "a name is missing"},
      {std::string(65, 'a'), "a name has at most 64 characters"},
      {" a", "a name does not begin or end with a blank"},
      {"a ", "a name does not begin or end with a blank"},
      {"a/b", "a name holds letters, digits, '-', '_', '.', ':' and blanks"},
      {"caf\xc3\xa9", "a name holds letters, digits, '-', '_', '.', ':' and blanks"},
  };
  for (const auto& row : rows) EXPECT_EQ(check_node_name(row.name).error().text(), row.expect);
  EXPECT_EQ(node_name_from("a<b>/c"), "a-b--c");
  // Digits only would be taken for an id.
  EXPECT_EQ(node_name_from("4711"), "node-4711");
  EXPECT_EQ(node_name_from(std::string(70, '7')).size(), 64u);
  EXPECT_EQ(check_node_name("4711").error().text(), "a name of digits only would be taken for an id");
  EXPECT_EQ(node_name_from(std::string(70, 'x')).size(), 64u);
  EXPECT_TRUE(check_product("room-device"));
  EXPECT_TRUE(check_product(""));
  EXPECT_FALSE(check_product("Printer"));
  EXPECT_FALSE(check_product(std::string(33, 'p')));
}

TEST(FleetNode, TheWorstOfItsSlotsStandsForIt) {
  const Timestamp now{Seconds(100'000'000)};
  const auto with = [&](std::string stage, std::optional<Seconds> left, Seconds life = std::chrono::days(365)) {
    SlotStatus slot{.name = "a", .stage = std::move(stage)};
    if (left) {
      slot.active = "ab";
      slot.not_after = now + *left;
      slot.not_before = *slot.not_after - life;
    }
    return slot;
  };
  const struct {
    const char* name;
    std::vector<SlotStatus> slots;
    const char* expect;
  } rows[] = {
      {"no slots", {}, "empty"},
      {"an empty slot", {with("empty", {})}, "empty"},
      {"a valid one", {with("valid", std::chrono::days(300))}, "ok"},
      {"in the last fifth of a year, but not in the last month", {with("valid", std::chrono::days(31))}, "ok"},
      {"in the last month of a year", {with("valid", std::chrono::days(30))}, "expiring"},
      {"four fifths of an hour are over", {with("valid", std::chrono::minutes(12), std::chrono::hours(1))}, "expiring"},
      {"a little less of it is over", {with("valid", std::chrono::minutes(13), std::chrono::hours(1))}, "ok"},
      {"failed before the first", {with("failed", {})}, "failed"},
      {"failed while valid", {with("failed", std::chrono::days(1))}, "failed"},
      {"the last second", {with("valid", Seconds(0))}, "expiring"},
      {"over", {with("valid", std::chrono::days(300)), with("renewing", Seconds(-1))}, "expired"},
  };
  for (const auto& row : rows) {
    Node node;
    count_slots(node, row.slots);
    EXPECT_EQ(to_string(worst_of(node, now)), row.expect) << row.name;
    EXPECT_EQ(node.slots, std::ssize(row.slots)) << row.name;
  }
}

}  // namespace
}  // namespace chancery::fleet
