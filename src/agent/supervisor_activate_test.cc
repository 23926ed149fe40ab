// Which of the certificates that a slot keeps may be put back into use.

#include "agent/supervisor_testing.h"

namespace chancery::agent {
namespace {

class SupervisorActivateTest : public SupervisorTest {
 protected:
  // Renewed when it was due: the one before is kept, and both are good.
  void renew_once() {
    EXPECT_TRUE(pass_until(wire::SlotStage::valid));
    kept = slot().active->sha256;
    kept_until = slot().active->validity.not_after;
    device.clock.set(slot().active->renew_at);
    supervisor->step();
    ASSERT_EQ(device.server.issued.size(), 2U);
    in_use = slot().active->sha256;
    services.done.clear();
  }
  std::string activate() {
    const Status done = supervisor->activate("web", kept);
    const bool as_before = slot().active->sha256 == in_use && services.done.empty() &&
                           device.folder.active().value()->certificate.fingerprint() == in_use;
    EXPECT_EQ(done.has_value(), !as_before);
    return done ? "done" : done.error().text();
  }

  Bytes kept, in_use;
  Timestamp kept_until;
};

TEST_F(SupervisorActivateTest, TakesWhatWouldBeInstalledToday) {
  renew_once();
  EXPECT_EQ(activate(), "done");
  EXPECT_EQ(slot().active->sha256, kept);
}

TEST_F(SupervisorActivateTest, RefusesACertificateThatEndedAndChangesNothing) {
  renew_once();
  device.clock.set(kept_until + Seconds(1));
  ASSERT_EQ(slot().stage, wire::SlotStage::valid);
  const Status refused = supervisor->activate("web", kept);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::refused);
  EXPECT_EQ(activate(), "it is not put into use: the certificate ended on " + to_rfc3339(kept_until) +
                            ": check this machine's clock");
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
  EXPECT_EQ(slot().last_error, "");
}

TEST_F(SupervisorActivateTest, RefusesOneFromAnotherAuthorityThanTheFileNamesNow) {
  renew_once();
  pin = Bytes(32, 7);
  restart();
  EXPECT_EQ(activate(),
            "it is not put into use: the CA certificate that the slot's file names by its fingerprint is not kept with "
            "it");
}

TEST_F(SupervisorActivateTest, RefusesOneThatDoesNotLeadToWhatTheSlotTrusts) {
  renew_once();
  pin.clear();
  const TestParty other = test_party("client");
  const Credential now = *device.folder.active().value();
  ASSERT_TRUE(device.folder.activate({.key = now.key,
                                      .certificate = now.certificate,
                                      .chain = now.chain,
                                      .authorities = {other.certificate},
                                      .source = now.source}));
  restart();
  EXPECT_TRUE(activate().starts_with("it is not put into use: the certificate does not lead to the trusted CA: "));
}

TEST_F(SupervisorActivateTest, RefusesOneWithOtherNamesThanTheFileAsksForNow) {
  renew_once();
  more_names = {"dns:another.example"};
  restart();
  EXPECT_EQ(activate(), "it is not put into use: the slot's file asks for other names than the certificate has");
}

TEST_F(SupervisorActivateTest, ByAClockThatCannotBeRightItIsAsLateAsAnAuthoritySigned) {
  renew_once();
  device.clock.set(Timestamp(Seconds(100)));
  EXPECT_EQ(activate(), "done") << "it was good when the one in use was made";
}

}  // namespace
}  // namespace chancery::agent
