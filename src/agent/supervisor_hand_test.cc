// What a person, or an order of the hub's, asks of a slot, and what stays of it when the authority refuses.

#include "agent/supervisor_testing.h"

namespace chancery::agent {
namespace {

class SupervisorHandTest : public SupervisorTest {
 protected:
  // An authority that says it knows RenewalReq, and refuses it.
  void know_no_renewal() {
    device.server.refuse = [](scep::MessageType type) { return type == scep::MessageType::renewal_request; };
  }
  std::string told(const Result<std::string>& said) { return said ? "" : said.error().text(); }
};

TEST_F(SupervisorHandTest, ARenewalGoesThroughAllWaysBeforeItReportsARefusal) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  know_no_renewal();
  for (std::size_t renewed = 1; renewed < 4; ++renewed) {
    const Bytes before = slot().active->sha256;
    EXPECT_EQ(told(supervisor->renew("web")), "");
    EXPECT_NE(slot().active->sha256, before);
    EXPECT_EQ(slot().stage, wire::SlotStage::valid);
    EXPECT_EQ(slot().last_error, "");
    EXPECT_EQ(device.server.issued.size(), 1 + renewed);
    EXPECT_EQ(device.server.seen.back(), "POST PKCSReq");
    EXPECT_EQ(seen("POST RenewalReq"), renewed) << "once is enough";
    restart();
    supervisor->step();
  }
  EXPECT_FALSE(device.folder.pending().value());
}

TEST_F(SupervisorHandTest, AnHttpErrorToARenewalRequestIsFollowedByASignedRequest) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  for (const unsigned status : {400U, 404U, 405U, 500U, 501U}) {
    device.server.status_for = [status](scep::MessageType type) {
      return type == scep::MessageType::renewal_request ? std::optional(status) : std::nullopt;
    };
    const Bytes before = slot().active->sha256;
    EXPECT_EQ(told(supervisor->renew("web")), "") << status;
    EXPECT_NE(slot().active->sha256, before) << status;
    EXPECT_EQ(device.server.seen.back(), "POST PKCSReq");
  }
}

TEST_F(SupervisorHandTest, AServerThatIsBusyIsNotTakenForOneThatKnowsNoRenewal) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  for (const unsigned status : {408U, 429U, 502U, 503U, 504U}) {
    device.server.status_for = [status](scep::MessageType) { return std::optional(status); };
    EXPECT_NE(told(supervisor->renew("web")), "") << status;
    EXPECT_EQ(seen("POST PKCSReq"), 1U) << status;
  }
}

TEST_F(SupervisorHandTest, ARenewalThatNoMessageBringsForwardStaysARenewalRequest) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  Bytes first_key;
  for (const unsigned status : {500U, 503U}) {
    device.server.status_for = [status](scep::MessageType type) {
      return std::optional(type == scep::MessageType::renewal_request ? 500U : status);
    };
    EXPECT_NE(told(supervisor->renew("web")), "");
    const auto pending = device.folder.pending().value();
    EXPECT_EQ(pending->type, scep::MessageType::renewal_request) << status;
    if (first_key.empty()) first_key = to_bytes(pending->key.public_key().spki());
    EXPECT_TRUE(equal(pending->key.public_key().spki(), first_key)) << "the key is the same one";
  }
  EXPECT_EQ(seen("POST PKCSReq"), 3U);
  // One that takes nothing but RenewalReq, once it is well again.
  device.server.status_for = {};
  device.server.refuse = [](scep::MessageType type) { return type == scep::MessageType::pkcs_request; };
  EXPECT_EQ(told(supervisor->renew("web")), "");
  EXPECT_EQ(device.server.issued.size(), 2U);
}

TEST_F(SupervisorHandTest, ARenewalEndsWithTheChallengeWhereThereIsANewOne) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  device.server.refuse_signers = true;
  const Bytes before = slot().active->sha256;
  EXPECT_EQ(told(supervisor->renew("web")), "the authority refused: badRequest: no") << "the challenge is spent";
  challenge = "a new one";
  EXPECT_EQ(told(supervisor->renew("web")), "");
  EXPECT_NE(slot().active->sha256, before);
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
}

TEST_F(SupervisorHandTest, TheHubsOrderGoesThroughAllWaysToo) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  know_no_renewal();
  const auto result = order({.id = "1", .verb = wire::Verb::renew_slot, .slot = "web"});
  EXPECT_EQ(result.outcome, wire::Outcome::done) << result.text;
  EXPECT_EQ(device.server.issued.size(), 2U);
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
}

TEST_F(SupervisorHandTest, ARefusalDoesNotMoveTheRenewalOfAGoodCertificate) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  device.clock.advance(minutes(10));
  supervisor->step();
  const ActiveCertificate before = *slot().active;
  challenge = "another one";
  for (const bool renews : {false, true}) {
    device.server.reject = scep::Rejected{scep::FailInfo::bad_request, "not this one"};
    EXPECT_EQ(told(renews ? supervisor->renew("web") : supervisor->enrol("web")),
              "the authority refused: badRequest: not this one");
    device.server.reject.reset();
    EXPECT_EQ(slot().stage, wire::SlotStage::valid);
    for (const bool starts_again : {false, true}) {
      if (starts_again) restart();
      EXPECT_EQ(supervisor->step(), before.renew_at);
      device.clock.advance(hours(1));
      EXPECT_EQ(supervisor->step(), before.renew_at);
    }
    EXPECT_EQ(device.server.issued.size(), 1U);
    EXPECT_EQ(slot().active->sha256, before.sha256);
  }
  device.clock.set(before.renew_at);
  supervisor->step();
  EXPECT_EQ(device.server.issued.size(), 2U);
  EXPECT_EQ(device.server.seen.back(), "POST RenewalReq");
}

TEST_F(SupervisorHandTest, ARefusalOfWhatIsDueIsTriedAgain) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  device.clock.set(slot().active->renew_at + Seconds(1));
  device.server.reject = scep::Rejected{scep::FailInfo::bad_request, "not this one"};
  EXPECT_NE(told(supervisor->renew("web")), "");
  EXPECT_EQ(slot().stage, wire::SlotStage::failed);
  device.server.reject.reset();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  EXPECT_EQ(device.server.issued.size(), 2U);
}

// What status and the hub are told of the next renewal.
TEST_F(SupervisorHandTest, ShowsTheTimeOfARenewalThatWillCome) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  const auto shown = [&] {
    EXPECT_EQ(supervisor->inventory()->slots.at(0).renew_at, slot().renew_at);
    return slot().renew_at;
  };
  EXPECT_EQ(shown(), slot().active->renew_at);
  EXPECT_EQ(order({.id = "1", .verb = wire::Verb::generate_csr, .slot = "web"}).outcome, wire::Outcome::done);
  EXPECT_EQ(shown(), slot().active->renew_at) << "the certificate for it is expected before that";
  device.clock.set(slot().active->renew_at - days(1));
  ASSERT_TRUE(supervisor->renew("web"));
  device.clock.set(slot().active->renew_at - days(1));
  EXPECT_EQ(order({.id = "2", .verb = wire::Verb::generate_csr, .slot = "web"}).outcome, wire::Outcome::done);
  const pki::Validity validity = slot().active->validity;
  EXPECT_GT(shown(), slot().active->renew_at + days(1));
  EXPECT_LE(shown(), validity.not_after - (validity.not_after - validity.not_before) / 10);
  device.clock.set(slot().active->renew_at + days(1));
  supervisor->step();
  EXPECT_EQ(device.server.issued.size(), 2U) << "it is not renewed before";
  device.clock.set(*shown());
  supervisor->step();
  EXPECT_EQ(device.server.issued.size(), 3U) << "and it is then";
  with_source = false;
  restart();
  supervisor->step();
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
  EXPECT_EQ(shown(), std::nullopt) << "nobody is asked for another one";
}

TEST_F(SupervisorHandTest, ADeviceComesBackSoonAfterItsRequestWasApproved) {
  poll_interval = Seconds(10);
  restart();
  device.server.approved = false;
  EXPECT_TRUE(pass_until(wire::SlotStage::awaiting_approval));
  const Timestamp asked = device.clock.now();
  while (device.clock.now() < asked + minutes(20))
    device.clock.set(std::max(*supervisor->step(), device.clock.now() + Seconds(1)));
  const Timestamp approved = device.clock.now();
  device.server.approved = true;
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  EXPECT_LE(device.clock.now() - approved, minutes(2) + Seconds(10));
}

}  // namespace
}  // namespace chancery::agent
