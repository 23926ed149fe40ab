#include "hub/scep_service_testing.h"

namespace chancery::hub {
namespace {

class RenewalTest : public ScepServiceTest {
 protected:
  RenewalTest() {
    EXPECT_EQ(to_text(device.say(
                  "challenge", {.alternative_names = {"dns:a.example"}, .challenge = text_of(hub.mint("challenge"))})),
              "granted");
    old = *device.certificate();
    device.sign_with(old);
  }
  std::optional<pki::Certificate> old;
  Say renewal{.type = MessageType::renewal_request,
              .alternative_names = {"dns:a.example"},
              .transaction_id = "r1",
              .request_key = &test_key(2)};
};

TEST_F(RenewalTest, A_certificate_renews_itself_with_a_new_key_and_no_challenge) {
  EXPECT_EQ(to_text(device.say("challenge", renewal)), "granted");
  EXPECT_TRUE(equal(device.certificate()->spki(), test_key(2).public_key().spki()));
}

TEST_F(RenewalTest, A_PKCSReq_signed_with_the_old_certificate_is_a_renewal) {
  renewal.type = MessageType::pkcs_request;
  EXPECT_EQ(to_text(device.say("challenge", renewal)), "granted");
}

TEST_F(RenewalTest, Other_names_are_refused) {
  renewal.subject = "CN=other";
  EXPECT_EQ(to_text(device.say("challenge", renewal)), "badRequest: a renewal keeps the subject CN=device");
  renewal.subject = "CN=device";
  renewal.alternative_names = {"dns:a.example", "dns:b.example"};
  EXPECT_EQ(to_text(device.say("challenge", renewal)), "badRequest: a renewal keeps the subject alternative names");
}

TEST_F(RenewalTest, A_revoked_certificate_renews_nothing) {
  Revocation revocation(hub.context, hub.crls);
  ASSERT_TRUE(revocation.revoke(old->serial(), pki::RevocationReason::key_compromise, {"admin"}));
  EXPECT_EQ(to_text(device.say("challenge", renewal)), "badCertId: the certificate to renew is revoked");
}

// The look-up came before the revocation, the intent after it.
TEST_F(RenewalTest, A_certificate_that_is_revoked_in_the_middle_renews_nothing) {
  hub.ledger.before_write([&] {
    Revocation revocation(hub.context, hub.crls);
    ASSERT_TRUE(revocation.revoke(old->serial(), pki::RevocationReason::key_compromise, {"admin"}));
  });
  EXPECT_EQ(to_text(device.say("challenge", renewal)), "badCertId: the certificate to renew is revoked");
  EXPECT_EQ(hub.certificates().size(), 1U);
}

// A device that forgets what it got, or somebody who stole its certificate.
TEST_F(RenewalTest, A_certificate_has_so_many_valid_renewals_at_most) {
  ASSERT_TRUE(hub.editor.change("challenge", {{"renewals_per_certificate", "2"}}, {"admin"}));
  const auto renew = [&](const std::string& transaction) {
    renewal.transaction_id = transaction;
    return to_text(device.say("challenge", renewal));
  };
  const char* const refusal =
      "badRequest: the certificate was renewed already (valid renewals: 2): renew with the newest";
  EXPECT_EQ(renew("r1"), "granted");
  EXPECT_EQ(renew("r2"), "granted");
  const pki::Certificate newest = *device.certificate();
  renewal.request_key = &test_key(3);
  EXPECT_EQ(renew("r3"), refusal);
  EXPECT_EQ(renew("r2"), "badRequest: this transactionID is in use for another request");
  renewal.request_key = &test_key(2);
  EXPECT_EQ(renew("r2"), "granted") << "what was granted is given again";
  EXPECT_EQ(hub.certificates().size(), 3U);

  Revocation revocation(hub.context, hub.crls);
  ASSERT_TRUE(revocation.revoke(newest.serial(), pki::RevocationReason::superseded, {"admin"}));
  renewal.request_key = &test_key(3);
  EXPECT_EQ(renew("r3"), "granted") << "a revoked one does not count";
  ASSERT_TRUE(hub.editor.change("challenge", {{"renewals_per_certificate", "0"}}, {"admin"}));
  EXPECT_EQ(renew("r4"), "granted");
}

TEST_F(RenewalTest, A_key_has_so_many_valid_certificates_at_most) {
  ASSERT_TRUE(hub.editor.change("challenge", {{"renewals_per_certificate", "2"}}, {"admin"}));
  renewal.request_key = nullptr;
  EXPECT_EQ(to_text(device.say("challenge", renewal)), "granted");
  device.sign_with(*device.certificate());
  renewal.transaction_id = "r2";
  EXPECT_EQ(to_text(device.say("challenge", renewal)),
            "badRequest: the key has certificates already (valid: 2): use another key");
}

TEST_F(RenewalTest, An_expired_certificate_renews_nothing) {
  hub.clock.advance(std::chrono::days(366));
  EXPECT_EQ(to_text(device.say("challenge", renewal)), "badCertId: the certificate to renew is not valid any more");
}

TEST_F(RenewalTest, Another_endpoints_certificate_renews_nothing) {
  EXPECT_EQ(to_text(device.say("hook", renewal)), "badRequest: the certificate is another endpoint's");
}

TEST_F(RenewalTest, A_self_signed_certificate_renews_nothing) {
  device.sign_with(std::nullopt);
  EXPECT_EQ(to_text(device.say("challenge", renewal)),
            "badCertId: the certificate that signed the message was not issued here");
}

TEST_F(RenewalTest, A_failed_look_up_is_worth_a_retry) {
  hub.ledger.fail_after(0);
  const auto reply = device.say("challenge", renewal);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code(), ErrorCode::unavailable);
}

TEST_F(RenewalTest, The_window_is_kept) {
  ASSERT_TRUE(hub.editor.change("challenge", {{"renewal_window", "30d"}}, {"admin"}));
  EXPECT_EQ(to_text(device.say("challenge", renewal)).substr(0, 30), "badRequest: too early to renew");
  hub.clock.advance(std::chrono::days(340));
  EXPECT_EQ(to_text(device.say("challenge", renewal)), "granted");
}

TEST_F(RenewalTest, GetCert_gives_a_device_its_certificate_and_others_nothing) {
  EXPECT_EQ(to_text(device.say("challenge", {.type = MessageType::get_cert})), "granted");
  TestDevice other(hub, test_key(3));
  EXPECT_EQ(to_text(other.say("challenge", {.type = MessageType::get_cert})),
            "badCertId: no such certificate for this key");
}

}  // namespace
}  // namespace chancery::hub
