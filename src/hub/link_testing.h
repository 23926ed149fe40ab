#pragma once

// A hub in memory whose devices call it, for the tests of the link.

#include <gtest/gtest.h>

#include "hub/check_in.h"
#include "hub/hub_testing.h"
#include "hub/nodes.h"
#include "hub/orders.h"

namespace chancery::hub {

inline std::string text_of(const SecretBytes& secret) { return std::string(as_text(secret.view())); }

inline const std::string hash_a(64, 'a');
inline const std::string hash_b(64, 'b');

// A ledger in which something happens between two looks: `after_read`, once, when the next read is over.
class InterruptedLedger final : public Ledger {
 public:
  explicit InterruptedLedger(Ledger& ledger) : ledger_(ledger) {}
  std::function<void()> after_read;

  Status write(const std::function<Status(Books&)>& work) override { return ledger_.write(work); }
  Status read(const std::function<Status(Books&)>& work) override {
    const Status done = ledger_.read(work);
    if (const auto happen = std::exchange(after_read, nullptr)) happen();
    return done;
  }

 private:
  Ledger& ledger_;
};

// A hub, and devices that call it: what the tests of the link share.
class LinkTest : public ::testing::Test {
 protected:
  LinkTest() {
    hub.add_endpoint("printers", {{"authorisers", "challenge"}, {"alternative_names", "dns"}});
    EXPECT_TRUE(hub.crls.publish_due());
  }

  // The node, announced with a challenge for its slot "ipps", and enrolled with it.
  fleet::NodeId enrolled_node() {
    const AddedNode added = nodes
                                .add({.name = "printer-1",
                                      .product = "printer",
                                      .challenge = NodeChallengeOrder{.slot = "ipps",
                                                                      .challenge = {.endpoint = "printers",
                                                                                    .binding = {.subject = "CN=device"},
                                                                                    .lifetime = {},
                                                                                    .note = {}}}},
                                     admin)
                                .value();
    EXPECT_EQ(added.node.state, fleet::NodeState::expected);
    EXPECT_EQ(enrol(device, text_of(added.challenge->text)), "granted");
    return added.node.id;
  }
  std::string enrol(TestDevice& who, const std::string& challenge) {
    return to_text(who.say("printers", {.challenge = challenge, .transaction_id = "first"}));
  }
  std::string renew(TestDevice& who, std::string transaction_id, const pki::PrivateKey& key) {
    who.sign_with(who.certificate());
    return to_text(who.say("printers", {.type = scep::MessageType::renewal_request,
                                        .transaction_id = std::move(transaction_id),
                                        .request_key = &key}));
  }

  Result<CheckInDecision> call(const wire::CheckIn& message, TestDevice& who) {
    return check_in.answer(
        {.certificate = to_bytes(who.certificate()->der()), .remote_address = "192.0.2.7", .message = message});
  }
  Result<CheckInDecision> call(const wire::CheckIn& message = {.hold_seconds = 300}) { return call(message, device); }
  wire::CheckInAnswer answer(const wire::CheckIn& message = {.hold_seconds = 300}) {
    return call(message).value().answer;
  }
  fleet::Node node(fleet::NodeId id) { return nodes.details(id).value().node; }
  // A request that is held, and what it was answered.
  void hold() {
    const CheckInDecision decision = call().value();
    ASSERT_EQ(decision.hold, Seconds(300));
    EXPECT_TRUE(presence.hold({.node_id = decision.party.node_id,
                               .serial = decision.party.serial,
                               .longest = decision.hold,
                               .wake =
                                   [this, party = decision.party] {
                                     const auto said = check_in.later(party);
                                     told.push_back(said ? describe(*said) : said.error().text());
                                   }},
                              decision.mark));
  }
  static std::string describe(const wire::CheckInAnswer& said) {
    std::string text(wire::to_string(said.state));
    for (const wire::Order& order : said.orders) text.append(" ").append(wire::to_string(order.verb));
    if (said.request_decided) text.append(", a request was decided");
    return text;
  }
  // The same hub, with another ledger before the one that it has.
  Context context_with(Ledger& ledger) {
    return {ledger, hub.keyring, hub.endpoints, hub.web_hook, hub.clock, hub.context.random, hub.context.log};
  }
  std::string last_action() { return hub.audit_actions().back(); }

  TestHub hub;
  Changes changes{hub.clock};
  Presence presence{hub.clock};
  Challenges challenges{hub.context};
  Nodes nodes{hub.context, challenges, presence};
  Orders orders{hub.context, presence, changes};
  CheckIn check_in{hub.context, presence, changes};
  TestDevice device{hub, test_key(1)};
  TestDevice other{hub, test_key(2)};
  Caller admin{"admin test"};
  std::vector<std::string> told;
};

}  // namespace chancery::hub
