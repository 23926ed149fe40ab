#include "agent/supervisor_testing.h"

namespace chancery::agent {
namespace {

TEST_F(SupervisorTest, EnrolsAndRenewsForYears) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  Bytes last = slot().active->sha256;
  int renewed = 0;
  const Timestamp end = device.clock.now() + days(1000);
  while (device.clock.now() < end) {
    device.clock.set(std::max(*supervisor->step(), device.clock.now() + Seconds(1)));
    EXPECT_LE(device.clock.now(), slot().active->validity.not_after);
    renewed += slot().active->sha256 != last ? 1 : 0;
    last = slot().active->sha256;
    if (renewed == 5) restart();
  }
  EXPECT_GT(renewed, 2);
  EXPECT_EQ(seen("POST RenewalReq"), static_cast<std::size_t>(renewed));
  EXPECT_EQ(seen("POST PKCSReq"), 1U);
}

TEST_F(SupervisorTest, GoesOnWithAPendingRequestAfterARestart) {
  device.server.approved = false;
  EXPECT_TRUE(pass_until(wire::SlotStage::awaiting_approval));
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::awaiting_approval));
  device.clock.advance(hours(2));
  supervisor->step();
  device.server.approved = true;
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  EXPECT_EQ(seen("POST PKCSReq"), 1U);
  EXPECT_GE(seen("POST CertPoll"), 2U);
}

TEST_F(SupervisorTest, InstallsAgainWithoutAskingTheAuthorityAgain) {
  services.failure = Error(ErrorCode::unavailable, "health check: connection refused");
  EXPECT_TRUE(pass_until(wire::SlotStage::failed));
  EXPECT_EQ(slot().last_error, "health check: connection refused");
  restart();
  device.clock.advance(hours(1));
  supervisor->step();
  services.failure.reset();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  EXPECT_EQ(seen("POST PKCSReq"), 1U);
  EXPECT_EQ(device.server.issued.size(), 1U);
  EXPECT_FALSE(store.received("web").value());
  EXPECT_FALSE(device.folder.pending().value());
}

TEST_F(SupervisorTest, TriesAllWaysWhenTheAuthorityRefusesARenewal) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  device.server.reject = scep::Rejected{scep::FailInfo::bad_request, "not this one"};
  EXPECT_TRUE(pass_until(wire::SlotStage::failed));
  EXPECT_EQ(slot().last_error, "the authority refused: badRequest: not this one");
  EXPECT_EQ(device.server.seen.back(), "POST RenewalReq");
  device.clock.set(*supervisor->step());
  supervisor->step();
  EXPECT_EQ(device.server.seen.back(), "POST PKCSReq");
  challenge = "a new one";
  device.server.reject.reset();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
}

TEST_F(SupervisorTest, RenewsByItselfWhereARenewalRequestGetsAnHttpError) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  const Bytes before = slot().active->sha256;
  device.server.status_for = [](scep::MessageType type) {
    return type == scep::MessageType::renewal_request ? std::optional(500U) : std::nullopt;
  };
  EXPECT_TRUE(pass_until(wire::SlotStage::failed));
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  EXPECT_NE(slot().active->sha256, before);
  EXPECT_EQ(seen("POST RenewalReq"), 2U) << "the first refusal may pass";
  EXPECT_EQ(seen("POST PKCSReq"), 2U);
}

// Somebody on the path lets the requests through, and hands the device an authentic FAILURE for each, or an HTTP error.
class ProvokedSupervisorTest : public SupervisorTest, public ::testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(By, ProvokedSupervisorTest, ::testing::Bool());

TEST_P(ProvokedSupervisorTest, UsesUpNoRenewals) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  if (GetParam())
    device.server.provoked_status = 500;
  else
    device.server.provoked = scep::Rejected{scep::FailInfo::bad_request, ""};
  EXPECT_TRUE(pass_until(wire::SlotStage::failed));
  const Timestamp end = device.clock.now() + hours(20);
  Bytes first;
  while (device.clock.now() < end) {
    device.clock.set(std::max(*supervisor->step(), device.clock.now() + Seconds(1)));
    const auto pending = device.folder.pending().value();
    ASSERT_TRUE(pending);
    if (first.empty()) first = to_bytes(pending->key.public_key().spki());
    EXPECT_TRUE(equal(pending->key.public_key().spki(), first)) << "the key of what was issued is gone";
  }
  EXPECT_GT(seen("POST PKCSReq") + seen("POST RenewalReq"), 5U);
  EXPECT_LE(device.server.issued.size(), 3U) << "the first, and one for each way to renew it";
  device.server.provoked.reset();
  device.server.provoked_status.reset();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  EXPECT_LE(device.server.issued.size(), 3U);
}

TEST_F(SupervisorTest, ServesASlotWhoseServiceIsNotWell) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  services.recovery = Error(ErrorCode::unavailable, "recovering the slot web: health check: connection refused");
  with_hub = true;
  restart();
  services.recoveries = 0;
  supervisor->step();
  EXPECT_EQ(slot().stage, wire::SlotStage::failed);
  EXPECT_EQ(slot().last_error, services.recovery->text());
  ASSERT_TRUE(slot().certificate);
  const auto message = supervisor->check_in();
  ASSERT_TRUE(message);
  EXPECT_TRUE(equal(message->shown.certificate.der(), slot().certificate->der()));
  // It is tried again, and not every minute for ever.
  for (const Timestamp end = device.clock.now() + hours(24); device.clock.now() < end;)
    device.clock.set(std::max(*supervisor->step(), device.clock.now() + Seconds(1)));
  EXPECT_GE(services.recoveries, 8);
  EXPECT_LE(services.recoveries, 16);
  const std::vector<std::string> lines = history();
  EXPECT_EQ(std::ranges::count(lines, "failed"), 1);
  // The certificate is renewed in its time, and a service that takes the new one is well.
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  EXPECT_EQ(device.server.issued.size(), 2U);
}

TEST_F(SupervisorTest, ForgetsTheTroubleOfAServiceThatIsWellAgain) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  services.recovery = Error(ErrorCode::unavailable, "health check: connection refused");
  restart();
  supervisor->step();
  EXPECT_EQ(slot().stage, wire::SlotStage::failed);
  services.recovery.reset();
  device.clock.set(*supervisor->step());
  supervisor->step();
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
  EXPECT_EQ(slot().last_error, "");
}

TEST_F(SupervisorTest, TellsWhenTheFilesNamesAreOthersAndEnrolsForThemWithANewChallenge) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  more_names = {"dns:another.example"};
  restart();
  supervisor->step();
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
  EXPECT_EQ(slot().last_error,
            "the slot's file asks for other names than the certificate in use has: a renewal keeps names, so put a new "
            "challenge there, or enroll the slot by hand");
  EXPECT_EQ(device.server.issued.size(), 1U) << "the challenge is spent";
  challenge = "a new one";
  supervisor->step();
  EXPECT_EQ(device.server.issued.size(), 2U);
  EXPECT_EQ(slot().certificate->subject_alternative_names().size(), 2U);
  EXPECT_EQ(slot().last_error, "");
}

TEST_F(SupervisorTest, RenewsWithTheKindOfKeyThatTheFileNamesNow) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  key = "ec:p384";
  restart();
  ASSERT_TRUE(supervisor->renew("web"));
  EXPECT_EQ(device.folder.active().value()->key.spec(), pki::key_spec_from_text("ec:p384").value());
}

TEST_F(SupervisorTest, ComesBackAfterMonthsWithACertificateThatEnded) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  const Timestamp end = slot().active->validity.not_after;
  device.clock.set(end + days(120));
  restart();
  supervisor->step();
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
  EXPECT_EQ(device.server.seen.back(), "POST RenewalReq");
}

TEST_F(SupervisorTest, AsksNobodyByAClockIn1970) {
  device.clock.set(Timestamp(Seconds(100)));
  device.server.seen.clear();
  supervisor->step();
  EXPECT_TRUE(device.server.seen.empty());
  EXPECT_TRUE(supervisor->view().clock_is_wrong);
  const auto refused = supervisor->renew("web");
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().text().starts_with("this device's clock says 1970-01-01T00:01:40Z"));
}

TEST_F(SupervisorTest, BeginsNothingMoreWhenItIsToStop) {
  stopping = true;
  supervisor->step();
  EXPECT_EQ(slot().stage, wire::SlotStage::empty);
  EXPECT_TRUE(device.server.seen.empty());
  stopping = false;
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
}

TEST_F(SupervisorTest, TriesAFirstEnrolmentAgainAtOnceWhenItsChallengeWasChanged) {
  device.server.reject = scep::Rejected{scep::FailInfo::bad_request, "wrong challenge"};
  const Timestamp next = supervisor->step().value();
  EXPECT_GT(next, device.clock.now() + minutes(45));
  device.clock.advance(minutes(1));
  supervisor->step();
  EXPECT_EQ(seen("POST PKCSReq"), 1U) << "it is still the same";
  challenge = "the right one";
  device.server.reject.reset();
  restart();
  supervisor->step();
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
  EXPECT_EQ(seen("POST PKCSReq"), 2U);
}

TEST_F(SupervisorTest, StartsWithATrustedAuthorityThatWasDamaged) {
  const pki::Certificate good = device.server.root.certificate;
  ASSERT_TRUE(store.add_trust({.store = "peers", .sha256 = Bytes(32, 1), .der = {1, 2, 3}}));
  ASSERT_TRUE(store.add_trust({.store = "peers", .sha256 = good.fingerprint(), .der = to_bytes(good.der())}));
  restart();
  EXPECT_EQ(services.trust["peers"], 1U);
  ASSERT_TRUE(supervisor->remove_trust("peers", Bytes(32, 1)));
}

// The power goes at any write to the store or the folder: after a start, the slot comes to a certificate, and the
// authority was asked for as few as may be.
TEST_F(SupervisorTest, ComesToACertificateAfterAPowerCutAtAnyWrite) {
  for (int cut = 1; cut < 40; ++cut)
    for (const bool after : {false, true}) {
      SCOPED_TRACE(::testing::Message() << "write " << cut << (after ? " after" : " before"));
      TestDevice fresh;
      testing::MemoryAgentStore kept;
      Fault fault;
      fault.strike_at(cut, after);
      fresh.folder.fault = &fault;
      kept.before_write = [&]() -> Status {
        if (fault.struck() || fault.strikes_before() || fault.strikes_after()) return unavailable("the power is gone");
        return {};
      };
      FakeServices hands;
      hands.folders["web"] = &fresh.folder;
      const auto run = [&]() -> bool {
        SlotSetup setup{.name = "web"};
        const EnrolmentOrder order = fresh.order();
        setup.subject = order.subject;
        setup.names = order.alternative_names;
        setup.key = order.key;
        setup.source = {.url = "http://ca.example", .fingerprint = fresh.server.root.certificate.fingerprint()};
        std::vector<SlotEntry> slots;
        slots.push_back(
            {.setup = std::move(setup), .parts = {.folder = fresh.folder, .transport = &fresh.server, .challenge = [] {
                                                    return SecretBytes::copy_of("test-challenge");
                                                  }}});
        auto made = Supervisor::start({.identity = {.version = "1"}}, std::move(slots), time,
                                      {kept, hands, fresh.clock, fresh.random, log});
        if (!made) return false;
        for (int steps = 0; steps < 50 && !fault.struck(); ++steps) {
          const auto next = (*made)->step();
          if (next) fresh.clock.set(std::max(*next, fresh.clock.now() + Seconds(1)));
          if ((*made)->view().slots.at(0).stage == wire::SlotStage::valid) return true;
        }
        return false;
      };
      const bool whole = run();
      if (whole && !fault.struck()) return;
      fault.never();
      fresh.folder.fault = nullptr;
      kept.before_write = nullptr;
      Fault calm;
      fault = calm;
      EXPECT_TRUE(run());
      EXPECT_EQ(fresh.server.issued.size(), 1U);
      EXPECT_FALSE(fresh.folder.pending().value());
      EXPECT_FALSE(kept.received("web").value());
      EXPECT_EQ(kept.slots()->front().second.active->sha256, fresh.folder.active().value()->certificate.fingerprint());
    }
}

}  // namespace
}  // namespace chancery::agent
