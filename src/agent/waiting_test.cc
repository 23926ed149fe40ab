#include "agent/waiting.h"

#include <gtest/gtest.h>

#include "agent/fake_authority_testing.h"

namespace chancery::agent {
namespace {

// Approves after so many seconds of waiting, and counts what it is shown.
class Approver final : public WaitObserver {
 public:
  Approver(FakeAuthority& server, Seconds after) : server_(server), after_(after) {}
  int seconds_shown = 0;
  std::vector<std::string> failures;
  void waiting(Seconds waited, Seconds) override {
    ++seconds_shown;
    if (waited >= after_) {
      server_.approved = true;
      server_.reject = rejection;
    }
    server_.status = trouble && waited < after_ ? std::optional(503U) : std::nullopt;
  }
  void poll_failed(const Error& error) override { failures.push_back(error.text()); }
  bool trouble = false;
  std::optional<scep::Rejected> rejection;  // instead of an approval

 private:
  FakeAuthority& server_;
  Seconds after_;
};

class Waiting : public ::testing::Test {
 protected:
  Result<Outcome> wait(const WaitOptions& wait, Approver& approver) {
    device.server.approved = false;
    ScepClient client(device.server, device.random, {});
    Enrolment enrolment(client, device.folder, device.clock, device.random, {});
    TRY(auto certificates, client.ca_certificates());
    TRY(const Authority authority, authenticate(std::move(certificates), device.pin(), device.clock.now()));
    TRY(PendingEnrolment pending, enrolment.begin(device.order()));
    start = device.clock.now();
    return wait_for_answer(enrolment, pending, authority, wait, device.clock, approver);
  }
  [[nodiscard]] Seconds waited() const { return device.clock.now() - start; }

  TestDevice device;
  Timestamp start;
};

TEST_F(Waiting, EndsAtOnceWhenNobodyWantsToWait) {
  Approver approver(device.server, Seconds(0));
  EXPECT_EQ(to_text(wait({}, approver)), "awaiting approval");
  EXPECT_EQ(waited(), Seconds(0));
}

TEST_F(Waiting, InstallsAtTheFirstPollAfterTheApproval) {
  Approver approver(device.server, Seconds(70));
  EXPECT_EQ(to_text(wait({.limit = Seconds(600), .poll_interval = Seconds(30)}, approver)), "installed");
  EXPECT_EQ(waited(), Seconds(90));
  EXPECT_EQ(approver.seconds_shown, 90);
}

TEST_F(Waiting, PollsOnceMoreWhenTheTimeIsUp) {
  Approver approver(device.server, Seconds(1000));
  EXPECT_EQ(to_text(wait({.limit = Seconds(40), .poll_interval = Seconds(30)}, approver)), "awaiting approval");
  EXPECT_EQ(waited(), Seconds(40));
  EXPECT_EQ(device.server.seen.back(), "POST CertPoll");
}

TEST_F(Waiting, GoesOnWhenAPollFailsForNow) {
  Approver approver(device.server, Seconds(70));
  approver.trouble = true;
  EXPECT_EQ(to_text(wait({.limit = Seconds(600), .poll_interval = Seconds(30)}, approver)), "installed");
  ASSERT_EQ(approver.failures.size(), 2U);
  EXPECT_EQ(approver.failures[0], "CertPoll: the server answered with HTTP status 503");
}

TEST_F(Waiting, EndsWithARejection) {
  Approver approver(device.server, Seconds(10));
  approver.rejection = scep::Rejected{scep::FailInfo::bad_request, "not this one"};
  EXPECT_EQ(to_text(wait({.limit = Seconds(60), .poll_interval = Seconds(30)}, approver)),
            "rejected: badRequest: not this one");
  EXPECT_EQ(waited(), Seconds(30));
}

}  // namespace
}  // namespace chancery::agent
