#include "hub/orders.h"

#include <gtest/gtest.h>

#include <set>

#include "hub/link_testing.h"
#include "hub/order_words.h"

namespace chancery::hub {
namespace {

using OrdersTest = LinkTest;

TEST_F(OrdersTest, An_order_reaches_a_held_request_and_its_result_comes_back) {
  const fleet::NodeId id = enrolled_node();
  hold();
  const fleet::Order order =
      orders
          .create({.node_id = id, .verb = "generate_csr", .slot = "ipps", .parameters = {{"subject", "CN=test"}}},
                  admin)
          .value();
  EXPECT_EQ(told, std::vector<std::string>{"admitted generate_csr"});
  EXPECT_EQ(orders.find(order.id)->state, fleet::OrderState::delivered);
  // It is told again with each answer, but no longer keeps one from being held.
  const CheckInDecision again = call().value();
  ASSERT_EQ(again.answer.orders.size(), 1u);
  EXPECT_EQ(again.answer.orders[0].id, order.token);
  EXPECT_EQ(again.answer.orders[0].slot, "ipps");
  EXPECT_EQ(again.answer.orders[0].parameters, (wire::Texts{{"subject", "CN=test"}}));
  EXPECT_EQ(again.answer.orders[0].deadline, hub.clock.now() + std::chrono::days(1));
  EXPECT_EQ(again.hold, Seconds(300));
  const std::string order_name = order.token;
  const wire::CheckInAnswer done = answer({.results = {{.id = order_name,
                                                        .outcome = wire::Outcome::done,
                                                        .text = "renewed",
                                                        .data = {{"a", "b"}},
                                                        .finished_at = hub.clock.now()}},
                                           .hold_seconds = 300});
  EXPECT_EQ(done.acknowledged_results, std::vector<std::string>{order_name});
  EXPECT_TRUE(done.orders.empty());
  const fleet::Order over = orders.find(order.id).value();
  EXPECT_EQ(over.state, fleet::OrderState::done);
  EXPECT_EQ(over.text, "renewed");
  EXPECT_EQ(over.data, (fleet::Texts{{"a", "b"}}));
  EXPECT_EQ(last_action(), "order.done");
  // The same result again, and results of what this hub never asked, are acknowledged and change nothing.
  const int actions = static_cast<int>(hub.audit_actions().size());
  EXPECT_EQ(answer({.results = {{.id = order_name, .finished_at = hub.clock.now()},
                                {.id = "99", .finished_at = hub.clock.now()},
                                {.id = "x", .finished_at = hub.clock.now()}}})
                .acknowledged_results,
            (std::vector<std::string>{order_name, "99", "x"}));
  EXPECT_EQ(orders.find(order.id)->state, fleet::OrderState::done);
  EXPECT_EQ(static_cast<int>(hub.audit_actions().size()), actions);
}

// A device answers an order that it knows from memory, so a ledger that was restored from a copy must not give the
// same id again. Numbers it does.
TEST_F(OrdersTest, What_a_device_knows_an_order_by_is_random) {
  const fleet::NodeId id = enrolled_node();
  ASSERT_TRUE(call());
  std::set<std::string> tokens;
  for (int i = 0; i < 3; ++i) {
    const fleet::Order order = orders.create({.node_id = id, .verb = "read_inventory"}, admin).value();
    EXPECT_EQ(order.token.size(), 32u);
    EXPECT_NE(order.token, std::to_string(order.id));
    tokens.insert(order.token);
  }
  EXPECT_EQ(tokens.size(), 3u);
  std::set<std::string> told_ids;
  for (const wire::Order& order : answer().orders) told_ids.insert(order.id);
  EXPECT_EQ(told_ids, tokens);
}

TEST_F(OrdersTest, Orders_that_do_not_fit_into_one_answer_are_told_when_others_are_done) {
  const fleet::NodeId id = enrolled_node();
  ASSERT_TRUE(call());
  ASSERT_TRUE(hub.ledger.write([&](Books& books) -> Status {
    for (int i = 0; i < 5; ++i) {
      TRY([[maybe_unused]] const auto added, books.orders().add({.token = "order " + std::to_string(i),
                                                                 .node_id = id,
                                                                 .verb = "add_trust",
                                                                 .certificates = {Bytes(i == 4 ? 600'000 : 100'000)},
                                                                 .deadline = hub.clock.now() + Seconds(99)}));
    }
    return {};
  }));
  const auto ids = [](const wire::CheckInAnswer& said) {
    std::string text;
    for (const wire::Order& order : said.orders) text += order.id.back();
    return text;
  };
  const auto states = [&] {
    std::string text;
    const auto page = orders.list({.node_id = id});
    for (const fleet::Order& order : page.value().rows) text += to_string(order.state).substr(0, 1);
    return text;  // newest first
  };
  EXPECT_EQ(ids(answer()), "012");
  EXPECT_EQ(states(), "qqddd");
  const auto result = [&](const char* order) {
    return wire::OrderResult{.id = order, .outcome = wire::Outcome::failed, .finished_at = hub.clock.now()};
  };
  EXPECT_EQ(ids(answer({.results = {result("order 0"), result("order 1")}})), "23");
  EXPECT_EQ(states(), "qddff");
  // One that is too large for the rest alone is told alone.
  EXPECT_EQ(ids(answer({.results = {result("order 2"), result("order 3")}})), "4");
  EXPECT_EQ(states(), "dffff");
}

TEST_F(OrdersTest, A_node_that_is_blocked_while_its_answer_is_made_hears_no_orders) {
  const fleet::NodeId id = enrolled_node();
  const LinkParty party = call().value().party;
  const fleet::Order order = orders.create({.node_id = id, .verb = "read_inventory"}, admin).value();
  InterruptedLedger ledger(hub.ledger);
  Context context = context_with(ledger);
  CheckIn interrupted(context, presence, changes);
  ledger.after_read = [&] { EXPECT_TRUE(nodes.block(id, admin)); };
  EXPECT_EQ(describe(interrupted.later(party).value()), "blocked");
  EXPECT_EQ(orders.find(order.id)->state, fleet::OrderState::queued);
}

TEST_F(OrdersTest, A_node_cannot_answer_for_another) {
  const fleet::NodeId id = enrolled_node();
  ASSERT_TRUE(call());
  ASSERT_EQ(enrol(other, text_of(hub.mint("printers"))), "granted");
  ASSERT_TRUE(call({}, other));
  const fleet::NodePage waiting = nodes.list({.state = fleet::NodeState::waiting}).value();
  ASSERT_EQ(waiting.rows.size(), 1u);
  ASSERT_TRUE(nodes.admit(waiting.rows[0].id, admin));
  const fleet::Order order = orders.create({.node_id = id, .verb = "read_inventory"}, admin).value();
  ASSERT_TRUE(
      call({.results = {{.id = order.token, .outcome = wire::Outcome::done, .finished_at = hub.clock.now()}}}, other));
  EXPECT_EQ(orders.find(order.id)->state, fleet::OrderState::queued);
  // Nor does it become another by saying that it holds the other's certificate.
  ASSERT_TRUE(call({.inventory_hash = hash_a,
                    .inventory = wire::Inventory{.stored = {{.sha256 = to_hex(device.certificate()->fingerprint()),
                                                             .slot = "ipps",
                                                             .installed_at = {}}}}},
                   other));
  EXPECT_EQ(call().value().party.node_id, id);
}

TEST_F(OrdersTest, Orders_are_given_up_at_their_deadline) {
  const fleet::NodeId id = enrolled_node();
  const fleet::Order queued =
      orders.create({.node_id = id, .verb = "reload", .slot = "ipps", .lifetime = Seconds(60)}, admin).value();
  hub.clock.advance(Seconds(61));
  EXPECT_TRUE(answer().orders.empty());
  ASSERT_TRUE(orders.expire());
  EXPECT_EQ(orders.find(queued.id)->state, fleet::OrderState::expired);
  EXPECT_EQ(orders.find(queued.id)->text, "the node was not here in time");
  EXPECT_EQ(hub.ledger.contents().audit.rbegin()->second.action, "order.expired");
  const fleet::Order cancelled = orders.create({.node_id = id, .verb = "restart", .slot = "ipps"}, admin).value();
  ASSERT_TRUE(orders.cancel(cancelled.id, admin));
  EXPECT_EQ(orders.cancel(cancelled.id, admin).error().text(), "the order is cancelled already");
  EXPECT_TRUE(answer().orders.empty());
  // What it did nevertheless is told.
  ASSERT_TRUE(
      call({.results = {{.id = cancelled.token, .outcome = wire::Outcome::done, .finished_at = hub.clock.now()}}}));
  EXPECT_EQ(orders.find(cancelled.id)->state, fleet::OrderState::done);
}

TEST_F(OrdersTest, What_a_device_says_is_not_told_as_the_hubs_word) {
  const fleet::NodeId id = enrolled_node();
  const auto ended_with = [&](wire::Outcome outcome, const char* text) {
    const fleet::Order order = orders.create({.node_id = id, .verb = "read_inventory"}, admin).value();
    EXPECT_TRUE(
        call({.results = {{.id = order.token, .outcome = outcome, .text = text, .finished_at = hub.clock.now()}}}));
    return orders.find(order.id).value();
  };
  const struct {
    wire::Outcome outcome;
    const char* said;
    const char* kept;
    bool by_hub;
  } rows[] = {
      {wire::Outcome::unsupported, "", "the agent does not know this order: it is too old", true},
      {wire::Outcome::unsupported, "sing yourself", "sing yourself", false},
      {wire::Outcome::failed, "there is no user 'anna'", "there is no user 'anna'", false},
      {wire::Outcome::failed, "the agent does not know this order: it is too old",
       "\"the agent does not know this order: it is too old\"", false},
      {wire::Outcome::expired, "the node was not here in time", "\"the node was not here in time\"", false},
      {wire::Outcome::expired, "too late for this", "too late for this", false},
      {wire::Outcome::done, "the order was done", "the order was done", false},
      {wire::Outcome::done, "", "", false},
  };
  for (const auto& row : rows) {
    const fleet::Order order = ended_with(row.outcome, row.said);
    EXPECT_EQ(order.text, row.kept);
    EXPECT_EQ(is_told_by_hub(order), row.by_hub) << row.said;
  }
  // What was given up, and the word of a device that came after it.
  const fleet::Order late =
      orders.create({.node_id = id, .verb = "read_inventory", .lifetime = Seconds(60)}, admin).value();
  hub.clock.advance(Seconds(61));
  ASSERT_TRUE(orders.expire());
  EXPECT_TRUE(is_told_by_hub(orders.find(late.id).value()));
  ASSERT_TRUE(call({.results = {{.id = late.token,
                                 .outcome = wire::Outcome::failed,
                                 .text = "the node was not here in time",
                                 .finished_at = hub.clock.now()}}}));
  EXPECT_FALSE(is_told_by_hub(orders.find(late.id).value()));
}

TEST_F(OrdersTest, Orders_that_could_never_be_done_are_not_made) {
  const fleet::NodeId id = enrolled_node();
  const Bytes der = to_bytes(hub.keyring.root().der());
  const struct {
    OrderRequest request;
    const char* expect;
  } rows[] = {
      {{.node_id = id, .verb = "sing"}, "there is no order 'sing'"},
      {{.node_id = id, .verb = "unknown"}, "there is no order 'unknown'"},
      {{.node_id = id, .verb = "renew_slot"}, "this order is for a slot: name it"},
      {{.node_id = id, .verb = "add_trust"}, "this order needs certificates"},
      {{.node_id = id, .verb = "add_trust", .certificates = std::vector(17, der)},
       "an order has at most 16 certificates"},
      {{.node_id = id, .verb = "reload", .slot = "a", .certificates = {der}}, "this order takes no certificates"},
      {{.node_id = id, .verb = "remove_trust"}, "which certificate: the parameter 'sha256' is missing"},
      {{.node_id = id, .verb = "remove_trust", .parameters = {{"sha256", "00"}}},
       "the parameter 'sha256' is not the SHA-256 of a certificate: 64 hexadecimal digits"},
      {{.node_id = id, .verb = "remove_trust", .parameters = {{"sha256", std::string(64, 'x')}}},
       "the parameter 'sha256' is not the SHA-256 of a certificate: 64 hexadecimal digits"},
      {{.node_id = id, .verb = "renew_slot", .slot = "a", .parameters = {{"foo", "bar"}}},
       "this order takes no parameters: there is 'foo'"},
      {{.node_id = id, .verb = "renew_slot", .slot = "a", .parameters = {{std::string(2000, 'f'), "bar"}}},
       "this order takes no parameters: there is one"},
      {{.node_id = id, .verb = "generate_csr", .slot = "a", .parameters = {{"sbject", "CN=a"}}},
       "this order takes no parameter 'sbject', but subject, names, key"},
      {{.node_id = id, .verb = "generate_csr", .slot = "a", .parameters = {{"key", "rsa:7"}}},
       "the parameter 'key': unknown kind of key 'rsa:7': expected rsa:2048 to rsa:4096, ec:p256, ec:p384, ec:p521 or "
       "ed25519"},
      {{.node_id = id, .verb = "add_trust", .parameters = {{"store", std::string(5000, 's')}}, .certificates = {der}},
       "the parameter 'store' is too long"},
      {{.node_id = id, .verb = "read_inventory", .lifetime = Seconds(59)},
       "the lifetime of an order is between 1m and 90d"},
      {{.node_id = 77, .verb = "read_inventory"}, "there is no node 77"},
  };
  for (const auto& row : rows) EXPECT_EQ(orders.create(row.request, admin).error().text(), row.expect);
  EXPECT_TRUE(orders.create({.node_id = id, .verb = "add_trust", .certificates = {der}}, admin));
}

}  // namespace
}  // namespace chancery::hub
