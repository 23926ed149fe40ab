#include "agent/enrolment.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agent/fake_authority_testing.h"

namespace chancery::agent {
namespace {

using std::chrono::days;

bool matches(const Credential& credential) {
  return equal(credential.certificate.spki(), credential.key.public_key().spki());
}

TEST(Enrolment, InstallsWhatTheServerGrantsAndForgetsThatItWaited) {
  for (const char* key : {"rsa:2048", "ec:p256", "ed25519"}) {
    TestDevice device;
    EXPECT_EQ(to_text(device.enroll(device.order(key))), "installed") << key;
    const auto active = device.folder.active().value();
    ASSERT_TRUE(active);
    EXPECT_TRUE(matches(*active));
    EXPECT_EQ(active->certificate.subject().to_text(), "CN=device,O=Example");
    ASSERT_EQ(active->chain.size(), 1U) << "the issuing CA, without the root";
    EXPECT_TRUE(equal(active->chain[0].der(), device.server.ca.certificate.der()));
    ASSERT_EQ(active->authorities.size(), 2U);
    EXPECT_TRUE(equal(active->authorities[0].der(), device.server.ca.certificate.der())) << "the issuing CA is first";
    EXPECT_EQ(active->source.url, "http://ca.example/scep/test");
    EXPECT_FALSE(device.folder.pending().value());
    EXPECT_EQ(as_text(device.server.last_request->challenge_password().view()), "test-challenge");
  }
}

TEST(Enrolment, GivesAPasswordForTheReplyToKeysThatCannotDecryptAndToNoOthers) {
  TestDevice device;
  device.challenge = "";
  EXPECT_EQ(to_text(device.enroll(device.order("ec:p256"))), "installed");
  EXPECT_EQ(device.server.last_request->challenge_password().size(), 32U);
  EXPECT_EQ(to_text(device.enroll(device.order("rsa:2048"))), "installed");
  EXPECT_TRUE(device.server.last_request->challenge_password().empty());
}

TEST(Enrolment, PollsForWhatIsPendingAndInstallsItWhenApproved) {
  TestDevice device;
  device.server.approved = false;
  EXPECT_EQ(to_text(device.enroll(device.order())), "awaiting approval");
  EXPECT_EQ(to_text(device.enroll(device.order())), "awaiting approval");
  EXPECT_EQ(to_text(device.poll()), "awaiting approval");
  device.server.approved = true;
  EXPECT_EQ(to_text(device.poll()), "installed");
  std::vector<std::string> operations;
  for (const std::string& seen : device.server.seen)
    if (seen.starts_with("POST")) operations.push_back(seen);
  EXPECT_EQ(operations, (std::vector<std::string>{"POST PKCSReq", "POST CertPoll", "POST CertPoll", "POST CertPoll"}));
  EXPECT_EQ(device.server.issued.size(), 1U);
  EXPECT_EQ(to_text(device.poll()), "error: nothing is pending");
}

TEST(Enrolment, RefusesToMixAnotherOrderWithThePendingOne) {
  TestDevice device;
  device.server.approved = false;
  EXPECT_EQ(to_text(device.enroll(device.order())), "awaiting approval");
  const std::string text =
      "error: another enrolment is pending here since 2026-01-11T00:00:00Z, for 'CN=device,O=Example' at "
      "http://ca.example/scep/test: continue it with 'poll', or drop it with --start-over";
  const struct {
    const char* name;
    void (*change)(EnrolmentOrder&);
  } rows[] = {
      {"subject", [](EnrolmentOrder& order) { order.subject = pki::Name::from_text("CN=other").value(); }},
      {"names", [](EnrolmentOrder& order) { order.alternative_names.clear(); }},
      {"key", [](EnrolmentOrder& order) { order.key = {pki::KeyFamily::ec, 384}; }},
      {"url", [](EnrolmentOrder& order) { order.source.url = "http://other.example/scep"; }},
      {"fingerprint", [](EnrolmentOrder& order) { order.source.fingerprint[0] ^= 1; }},
  };
  for (const auto& row : rows) {
    EnrolmentOrder order = device.order();
    row.change(order);
    EXPECT_EQ(to_text(device.enroll(order)), text) << row.name;
  }
}

TEST(Enrolment, GoesOnWithWhatWasAskedForUnderTheSameNamesInAnotherOrder) {
  TestDevice device;
  device.server.approved = false;
  EnrolmentOrder order = device.order();
  order.alternative_names.push_back(pki::general_name_from_text("ip:10.0.0.7").value());
  EXPECT_EQ(to_text(device.enroll(order)), "awaiting approval");
  std::ranges::reverse(order.alternative_names);
  EXPECT_EQ(to_text(device.enroll(order)), "awaiting approval");
  EXPECT_EQ(device.server.seen.back(), "POST CertPoll");
}

const scep::Rejected rejection{scep::FailInfo::bad_request, "the challenge is wrong"};
constexpr const char* rejected_text = "rejected: badRequest: the challenge is wrong";

TEST(Rejection, IsToldWithItsReasonAndTheSameRequestIsTriedAgain) {
  TestDevice device;
  device.server.reject = rejection;
  EXPECT_EQ(to_text(device.enroll(device.order())), rejected_text);
  const auto kept = device.folder.pending().value();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->last_answer, LastAnswer::rejected);
  device.server.reject.reset();
  EXPECT_EQ(to_text(device.enroll(device.order())), "installed");
  EXPECT_TRUE(equal(kept->request.view(), device.server.last_request->der()));
  EXPECT_FALSE(device.folder.pending().value());
}

TEST(Rejection, ThatSomebodyOnTheWayProvokedCostsNeitherTheKeyNorTheChallenge) {
  TestDevice device;
  device.server.provoked = scep::Rejected{scep::FailInfo::bad_message_check, "garbage"};
  EXPECT_EQ(to_text(device.enroll(device.order())), "rejected: badMessageCheck: garbage");
  EXPECT_EQ(to_text(device.poll()), "rejected: badMessageCheck: garbage");
  device.server.provoked.reset();
  EXPECT_EQ(to_text(device.enroll(device.order())), "installed");
  EXPECT_EQ(device.server.issued.size(), 1U) << "it is the certificate that was issued at once";
}

TEST(Rejection, OfAPollIsFollowedByTheRequestItself) {
  TestDevice device;
  device.server.approved = false;
  ASSERT_EQ(to_text(device.enroll(device.order())), "awaiting approval");
  device.server.provoked = rejection;
  EXPECT_EQ(to_text(device.poll()), rejected_text);
  EXPECT_EQ(device.server.seen.back(), "POST CertPoll");
  device.server.provoked.reset();
  EXPECT_EQ(to_text(device.poll()), "awaiting approval");
  EXPECT_EQ(device.server.seen.back(), "POST PKCSReq");
  device.server.approved = true;
  EXPECT_EQ(to_text(device.poll()), "installed");
  EXPECT_EQ(device.server.issued.size(), 1U);
}

TEST(Rejection, GivesWayToAnotherOrder) {
  TestDevice device;
  device.server.reject = rejection;
  ASSERT_EQ(to_text(device.enroll(device.order())), rejected_text);
  const Bytes first_key = to_bytes(device.server.last_request->public_key().spki());
  device.server.reject.reset();
  EnrolmentOrder order = device.order();
  order.alternative_names.clear();
  EXPECT_EQ(to_text(device.enroll(order)), "installed");
  EXPECT_FALSE(equal(first_key, device.server.last_request->public_key().spki()));
}

// Also while it waits: the server has the first request under the first transactionID, and refuses another one there.
TEST(AnotherChallenge, MakesANewRequestOnTheSameKeyInATransactionOfItsOwn) {
  for (const bool waits : {false, true}) {
    TestDevice device;
    device.server.approved = !waits;
    if (!waits) device.server.reject = rejection;
    device.challenge = "mistyped";
    EXPECT_EQ(to_text(device.enroll(device.order())), waits ? "awaiting approval" : rejected_text);
    const auto before = device.folder.pending().value();
    device.server.approved = true;
    device.server.reject.reset();
    device.challenge = "right";
    device.server.provoked = rejection;  // so that it can be looked at
    EXPECT_EQ(to_text(device.enroll(device.order())), rejected_text);
    EXPECT_EQ(device.server.seen.back(), "POST PKCSReq");
    const auto after = device.folder.pending().value();
    ASSERT_TRUE(after);
    EXPECT_EQ(as_text(device.server.last_request->challenge_password().view()), "right");
    EXPECT_TRUE(after->key.public_key() == before->key.public_key());
    EXPECT_FALSE(after->transaction_id == before->transaction_id);
    device.server.provoked.reset();
    EXPECT_EQ(to_text(device.enroll(device.order())), "installed");
    EXPECT_EQ(device.server.issued.size(), 1U);
  }
}

TEST(AnotherChallenge, IsNoneWhereTheCommandNamesNone) {
  TestDevice device;
  device.server.approved = false;
  ASSERT_EQ(to_text(device.enroll(device.order())), "awaiting approval");
  device.challenge.clear();
  EXPECT_EQ(to_text(device.enroll(device.order())), "awaiting approval");
  EXPECT_EQ(device.server.seen.back(), "POST CertPoll");
}

TEST(RejectedRenewal, IsTriedAgainForADayAndThenMadeAnew) {
  TestDevice device;
  ASSERT_EQ(to_text(device.enroll(device.order())), "installed");
  device.server.reject = rejection;
  const auto key_after = [&](std::chrono::hours wait) {
    device.clock.advance(wait);
    EXPECT_EQ(to_text(device.renew()), rejected_text);
    return device.folder.pending().value()->key.public_key();
  };
  const pki::PublicKey first = key_after(std::chrono::hours(0));
  EXPECT_TRUE(key_after(std::chrono::hours(23)) == first);
  EXPECT_FALSE(key_after(std::chrono::hours(1)) == first);
}

TEST(RejectedRenewal, IsMadeAnewWithAnotherChallengeOrAfterTheCertificateWasReplaced) {
  TestDevice device;
  ASSERT_EQ(to_text(device.enroll(device.order())), "installed");
  device.server.reject = rejection;
  ASSERT_EQ(to_text(device.renew()), rejected_text);
  const auto first = device.folder.pending().value();
  device.renewal_challenge = "another";
  ASSERT_EQ(to_text(device.renew()), rejected_text);
  const auto second = device.folder.pending().value();
  EXPECT_FALSE(second->key.public_key() == first->key.public_key());
  EXPECT_EQ(as_text(device.server.last_request->challenge_password().view()), "another");
  device.server.reject.reset();
  ASSERT_EQ(to_text(device.enroll(device.order())), "installed") << "the rejected renewal gives way";
}

TEST(RejectedEnrolment, DoesNotStandInTheWayOfRenewals) {
  TestDevice device;
  ASSERT_EQ(to_text(device.enroll(device.order())), "installed");
  device.server.approved = false;
  ASSERT_EQ(to_text(device.enroll(device.order("ec:p384"))), "awaiting approval");
  EXPECT_EQ(to_text(device.renew()),
            "error: an enrolment is pending here: continue it with 'poll', or drop it with --start-over");
  device.server.reject = rejection;
  device.server.approved = true;
  ASSERT_EQ(to_text(device.poll()), rejected_text);
  device.server.reject.reset();
  EXPECT_EQ(to_text(device.renew()), "installed");
  EXPECT_EQ(device.folder.active().value()->key.spec().family, pki::KeyFamily::ec);
}

// Switched off at every step, before and after it was done; then switched on and told the same again.
TEST(Enrolment, EndsWithOneCertificateForOneKeyWhereverItWasInterrupted) {
  int interruptions = 0;
  for (const bool needs_approval : {false, true}) {
    for (const bool after : {false, true}) {
      for (int step = 1;; ++step) {
        TestDevice device;
        Fault fault;
        device.server.fault = &fault;
        device.folder.fault = &fault;
        device.server.approved = !needs_approval;
        fault.strike_at(step, after);
        if (const auto outcome = device.enroll(device.order()); needs_approval) {
          device.server.approved = true;
          if (outcome) (void)device.poll();
        }
        if (!fault.struck()) break;
        ++interruptions;
        fault.never();
        const bool was_installed = device.folder.active().value() && !device.folder.pending().value();
        if (!was_installed) {
          EXPECT_EQ(to_text(device.enroll(device.order())), "installed") << step << (after ? " after" : " before");
        }
        const auto active = device.folder.active().value();
        ASSERT_TRUE(active);
        EXPECT_TRUE(matches(*active));
        EXPECT_FALSE(device.folder.pending().value());
        EXPECT_EQ(device.server.issued.size(), 1U) << step << (after ? " after" : " before");
        EXPECT_TRUE(equal(device.server.issued[0], active->certificate.der()));
      }
    }
  }
  // begin, exchange, activate, finish; with approval also the mark and the poll: each before and after.
  EXPECT_EQ(interruptions, 2 * (4 + 6));
}

TEST(Renewal, AsksWithTheOldCertificateForTheSameNamesOnANewKey) {
  for (const char* key : {"rsa:2048", "ec:p256"}) {
    for (const bool offered : {true, false}) {
      TestDevice device;
      if (!offered) device.server.capabilities = "AES\nPOSTPKIOperation\nSHA-256\n";
      ASSERT_EQ(to_text(device.enroll(device.order(key))), "installed");
      const auto old = device.folder.active().value();
      EXPECT_EQ(to_text(device.renew()), "installed") << key;
      const auto active = device.folder.active().value();
      EXPECT_TRUE(matches(*active));
      EXPECT_FALSE(equal(active->certificate.spki(), old->certificate.spki()));
      EXPECT_EQ(active->key.spec(), old->key.spec());
      EXPECT_TRUE(equal(active->certificate.subject_der(), old->certificate.subject_der()));
      ASSERT_EQ(active->certificate.subject_alternative_names().size(), 1U);
      EXPECT_EQ(device.server.seen.back(), offered ? "POST RenewalReq" : "POST PKCSReq");
      EXPECT_NE(as_text(device.server.last_request->challenge_password().view()), "test-challenge");
    }
  }
}

TEST(Renewal, TakesAChallengeAlong) {
  TestDevice device;
  ASSERT_EQ(to_text(device.enroll(device.order("rsa:2048"))), "installed");
  const auto active = device.folder.active().value();
  ScepClient client(device.server, device.random, {});
  Enrolment enrolment(client, device.folder, device.clock, device.random, {});
  const auto pending = enrolment.begin_renewal(
      *active, {.challenge = SecretBytes::copy_of("another-challenge"), .source = active->source});
  ASSERT_TRUE(pending);
  const auto request = pki::CertificateRequest::from_der(pending->request.view()).value();
  EXPECT_EQ(as_text(request.challenge_password().view()), "another-challenge");
}

TEST(Renewal, CanKeepTheKeyInATransactionOfItsOwn) {
  TestDevice device;
  ASSERT_EQ(to_text(device.enroll(device.order("rsa:2048"))), "installed");
  const auto old = device.folder.active().value();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(to_text(device.renew(true)), "installed");
    EXPECT_TRUE(equal(device.folder.active().value()->certificate.spki(), old->certificate.spki()));
  }
  EXPECT_EQ(device.server.issued.size(), 3U);
}

TEST(Renewal, IsRefusedWhenTheCertificateHasEnded) {
  TestDevice device;
  ASSERT_EQ(to_text(device.enroll(device.order())), "installed");
  device.clock.advance(days(101));
  EXPECT_EQ(to_text(device.renew()),
            "error: the certificate ended on 2026-04-21T00:00:00Z and cannot renew itself any more: enroll again");
}

TEST(Renewal, EndsWithOneNewCertificateWhereverItWasInterrupted) {
  for (const bool reuse_key : {false, true}) {
    for (const bool after : {false, true}) {
      for (int step = 1;; ++step) {
        TestDevice device;
        ASSERT_EQ(to_text(device.enroll(device.order())), "installed");
        Fault fault;
        device.server.fault = &fault;
        device.folder.fault = &fault;
        fault.strike_at(step, after);
        (void)device.renew(reuse_key);
        if (!fault.struck()) break;
        const auto between = device.folder.active().value();
        EXPECT_TRUE(matches(*between));
        fault.never();
        if (device.folder.pending().value() || device.server.issued.size() == 1) {
          EXPECT_EQ(to_text(device.renew(reuse_key)), "installed");
        }
        const auto active = device.folder.active().value();
        EXPECT_TRUE(matches(*active));
        EXPECT_EQ(device.server.issued.size(), 2U);
        EXPECT_TRUE(equal(device.server.issued.back(), active->certificate.der()));
        EXPECT_FALSE(device.folder.pending().value());
      }
    }
  }
}

TEST(Renewal, DoesNotGoOnWhenItsCertificateWasReplacedMeanwhile) {
  TestDevice device;
  ASSERT_EQ(to_text(device.enroll(device.order())), "installed");
  const auto first = device.folder.active().value();
  device.server.approved = false;
  ASSERT_EQ(to_text(device.renew()), "awaiting approval");
  const TestParty other = test_party("client");
  ASSERT_TRUE(device.folder.activate({.key = other.key, .certificate = other.certificate, .source = first->source}));
  EXPECT_EQ(to_text(device.renew()),
            "error: the certificate that the pending renewal is to replace is not in use any more: renew with "
            "--start-over");
}

}  // namespace
}  // namespace chancery::agent
