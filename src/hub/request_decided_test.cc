// What a node's link carries of a person's decision.

#include "hub/link_testing.h"
#include "hub/requests.h"

namespace chancery::hub {
namespace {

using RequestDecidedTest = LinkTest;

// So whoever approves sees the device come at once, and not at its next poll.
TEST_F(RequestDecidedTest, A_node_that_is_held_is_told_once_that_its_request_was_decided) {
  hub.add_endpoint("asked", {{"authorisers", "challenge,manual"}, {"alternative_names", "dns"}});
  const fleet::NodeId id = enrolled_node();
  const auto challenge_for_another_slot = [&] {
    return text_of(
        nodes
            .challenge(id,
                       {.slot = "web", .challenge = {.endpoint = "asked", .binding = {}, .lifetime = {}, .note = {}}},
                       admin)
            .value()
            .text);
  };
  Requests requests(hub.context, presence);
  const auto waiting = [&] {
    for (const auto& [number, transaction] : hub.ledger.contents().transactions)
      if (transaction.state == TransactionRecord::State::pending) return number;
    return std::int64_t{0};
  };
  ASSERT_EQ(to_text(other.say("asked", {.challenge = challenge_for_another_slot(), .transaction_id = "approved"})),
            "pending");
  hold();
  ASSERT_TRUE(requests.approve(waiting(), admin));
  EXPECT_EQ(told, std::vector<std::string>{"admitted, a request was decided"});
  EXPECT_FALSE(answer().request_decided) << "once";

  // Whoever does not call just now hears of it at its next call, and of what is not its own nothing.
  ASSERT_EQ(to_text(other.say("asked", {.challenge = challenge_for_another_slot(), .transaction_id = "later"})),
            "pending");
  ASSERT_TRUE(requests.approve(waiting(), admin));
  hub.add_endpoint("strangers", {{"authorisers", "manual"}});
  ASSERT_EQ(to_text(other.say("strangers", {.transaction_id = "stranger"})), "pending");
  const CheckInDecision decision = call().value();
  EXPECT_TRUE(decision.answer.request_decided);
  EXPECT_EQ(decision.hold, Seconds(0));
  ASSERT_TRUE(requests.approve(waiting(), admin));
  EXPECT_FALSE(answer().request_decided);
}

}  // namespace
}  // namespace chancery::hub
