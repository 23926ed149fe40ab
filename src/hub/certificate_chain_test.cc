#include "hub/certificate_chain.h"

#include <gmock/gmock.h>

#include "hub/link_testing.h"
#include "hub/revocation.h"
#include "hub/watched_ledger.h"
#include "pki/crl.h"

namespace chancery::hub {
namespace {

using pki::RevocationReason;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// A device that has renewed twice, and kept all that it had: oldest, older, newest.
class CertificateChainTest : public LinkTest {
 protected:
  CertificateChainTest() {
    watched.watch([&](const std::vector<Committed>& events) {
      for (const Committed& event : events)
        if (event.action == "certificate.revoked") end_links(hub.ledger, presence, event.subject);
    });
    enrolled_node();
    oldest = *device.certificate();
    older = next(test_key(1), oldest, test_key(2), "r1");
    newest = next(test_key(2), older, test_key(3), "r2");
  }

  // What `key`, whose certificate is `signer`, gets for `next_key`.
  pki::Certificate next(const pki::PrivateKey& key, const pki::Certificate& signer, const pki::PrivateKey& next_key,
                        const std::string& transaction) {
    TestDevice device_then(hub, key);
    EXPECT_EQ(renewed(device_then, signer, next_key, transaction), "granted");
    return *device_then.certificate();
  }
  std::string renewed(TestDevice& who, const pki::Certificate& signer, const pki::PrivateKey& next_key,
                      const std::string& transaction) {
    who.sign_with(signer);
    return to_text(
        who.say("printers",
                {.type = scep::MessageType::renewal_request, .transaction_id = transaction, .request_key = &next_key}));
  }
  std::string renew_oldest() {
    TestDevice thief(hub, test_key(1));
    return renewed(thief, oldest, test_key(3), "thief " + std::to_string(++attempts));
  }
  // What the hub says to who calls with that certificate.
  std::string link(const pki::Certificate& certificate) {
    const auto said = check_in.answer({.certificate = to_bytes(certificate.der()),
                                       .remote_address = "192.0.2.7",
                                       .message = wire::CheckIn{.hold_seconds = 300}});
    return said ? std::string(wire::to_string(said->answer.state))
                : std::string(to_string(said.error().code())) + ": " + said.error().text();
  }
  Status revoke(const pki::Certificate& certificate, RevocationReason reason, bool with_earlier = false) {
    return revocation.revoke(certificate.serial(), reason, admin, {.with_earlier = with_earlier});
  }
  ca::CertificateRecord record(const pki::Certificate& certificate) {
    std::optional<ca::CertificateRecord> found;
    EXPECT_TRUE(hub.ledger.read([&](Books& books) -> Status {
      TRY(found, books.certificates().find(certificate.serial()));
      return {};
    }));
    return found.value();
  }
  std::vector<std::string> open_before(const pki::Certificate& certificate) {
    std::vector<std::string> serials;
    EXPECT_TRUE(hub.ledger.read([&](Books& books) -> Status {
      TRY(const auto earlier, open_earlier_of(books, record(certificate), hub.clock.now()));
      for (const auto& each : earlier) serials.push_back(each.serial.hex());
      return {};
    }));
    return serials;
  }
  std::vector<std::string> on_crl() {
    Bytes der;
    EXPECT_TRUE(hub.ledger.read([&](Books& books) -> Status {
      TRY(const auto latest, books.crls().latest(1));
      der = latest.value().der;
      return {};
    }));
    std::vector<std::string> serials;
    const pki::Crl crl = pki::Crl::from_der(der).value();
    for (const pki::RevokedEntry& entry : crl.entries()) serials.push_back(entry.serial.hex());
    return serials;
  }

  WatchedLedger watched{hub.ledger};
  Context context = context_with(watched);
  Revocation revocation{context, hub.crls};
  pki::Certificate oldest = hub.keyring.root(), older = oldest, newest = oldest;
  int attempts = 0;
};

constexpr const char* shut_out = "refused: a later certificate of this device is revoked";
constexpr const char* shut_out_awhile = "refused: a later certificate of this device is suspended";

TEST_F(CertificateChainTest, What_was_replaced_is_an_identity_until_a_later_certificate_is_revoked) {
  EXPECT_EQ(link(oldest), "admitted");
  EXPECT_EQ(link(older), "admitted");
  ASSERT_TRUE(revoke(newest, RevocationReason::key_compromise));
  EXPECT_EQ(link(newest), "refused: the certificate is revoked");
  EXPECT_EQ(link(older), shut_out);
  EXPECT_EQ(link(oldest), shut_out);
  EXPECT_EQ(renew_oldest(), "badCertId: a later certificate of this device is revoked");
}

TEST_F(CertificateChainTest, Only_the_earlier_ones_are_shut_out) {
  ASSERT_TRUE(revoke(older, RevocationReason::key_compromise));
  EXPECT_EQ(link(newest), "admitted");
  EXPECT_EQ(link(oldest), shut_out);
}

TEST_F(CertificateChainTest, Every_branch_counts) {
  EXPECT_EQ(renew_oldest(), "granted");
  ASSERT_TRUE(revoke(newest, RevocationReason::cessation_of_operation));
  EXPECT_EQ(link(oldest), shut_out);
}

TEST_F(CertificateChainTest, A_later_certificate_that_is_suspended_counts_until_it_is_released) {
  ASSERT_TRUE(revoke(newest, RevocationReason::certificate_hold));
  EXPECT_EQ(link(older), shut_out_awhile);
  EXPECT_EQ(renew_oldest(), "badCertId: a later certificate of this device is suspended");
  ASSERT_TRUE(revocation.release(newest.serial(), admin));
  EXPECT_EQ(link(older), "admitted");
  EXPECT_EQ(renew_oldest(), "granted");
}

TEST_F(CertificateChainTest, Who_tidies_up_shuts_nobody_out) {
  ASSERT_TRUE(revoke(newest, RevocationReason::superseded));
  EXPECT_EQ(link(older), "admitted");
  EXPECT_EQ(renew_oldest(), "granted");
}

// The look-up came before the revocation, the intent after it.
TEST_F(CertificateChainTest, A_later_certificate_that_is_revoked_in_the_middle_counts) {
  hub.ledger.before_write([&] { ASSERT_TRUE(revoke(newest, RevocationReason::key_compromise)); });
  EXPECT_EQ(renew_oldest(), "badCertId: a later certificate of this device is revoked");
  EXPECT_EQ(hub.certificates().size(), 3U);
}

TEST_F(CertificateChainTest, A_device_that_went_back_to_its_earlier_pair_is_sent_away_at_once) {
  hold();
  ASSERT_TRUE(revoke(newest, RevocationReason::key_compromise));
  EXPECT_EQ(told, std::vector<std::string>{"a later certificate of this device is revoked"});
}

TEST_F(CertificateChainTest, An_earlier_certificate_fetches_no_other_any_more) {
  TestDevice thief(hub, test_key(1));
  EXPECT_EQ(renewed(thief, oldest, test_key(3), "another"), "granted");
  const auto another = [&] { return to_text(thief.say("printers", {.type = scep::MessageType::get_cert})); };
  EXPECT_EQ(another(), "error: the reply holds no certificate for our key") << "it came";
  ASSERT_TRUE(revoke(newest, RevocationReason::key_compromise));
  EXPECT_EQ(another(), "badCertId: no such certificate for this key");
}

TEST_F(CertificateChainTest, The_earlier_ones_that_are_valid_still_are_named) {
  EXPECT_EQ(open_before(newest), (std::vector<std::string>{older.serial().hex(), oldest.serial().hex()}));
  EXPECT_THAT(open_before(oldest), IsEmpty());
  ASSERT_TRUE(revoke(older, RevocationReason::superseded));
  EXPECT_EQ(open_before(newest), std::vector<std::string>{oldest.serial().hex()});
  hub.clock.set(oldest.validity().not_after + Seconds(1));
  EXPECT_THAT(open_before(newest), IsEmpty());
}

TEST_F(CertificateChainTest, The_earlier_ones_are_revoked_together_with_it_and_by_one_CRL) {
  const std::size_t events = hub.audit_actions().size();
  ASSERT_TRUE(revoke(newest, RevocationReason::key_compromise, true));
  EXPECT_THAT(on_crl(), UnorderedElementsAre(newest.serial().hex(), older.serial().hex(), oldest.serial().hex()));
  EXPECT_EQ(record(oldest).reason, RevocationReason::key_compromise);
  std::vector<std::string> actions = hub.audit_actions();
  actions.erase(actions.begin(), actions.begin() + static_cast<std::ptrdiff_t>(events));
  EXPECT_EQ(actions, (std::vector<std::string>{"certificate.revoked", "certificate.revoked", "certificate.revoked",
                                               "crl.published"}));
}

TEST_F(CertificateChainTest, What_is_suspended_already_is_revoked_for_good_with_a_later_one_and_not_suspended_anew) {
  ASSERT_TRUE(revoke(oldest, RevocationReason::certificate_hold));
  ASSERT_TRUE(revoke(newest, RevocationReason::certificate_hold, true));
  EXPECT_TRUE(record(older).suspended());
  EXPECT_TRUE(record(oldest).suspended());
  ASSERT_TRUE(revoke(newest, RevocationReason::key_compromise, true));
  EXPECT_EQ(record(oldest).reason, RevocationReason::key_compromise);
  EXPECT_EQ(record(older).reason, RevocationReason::key_compromise);
}

TEST_F(CertificateChainTest, When_one_cannot_be_written_none_is_revoked) {
  hub.ledger.fail_after(0);
  EXPECT_FALSE(revoke(newest, RevocationReason::key_compromise, true));
  hub.ledger.recover();
  for (const auto* each : {&oldest, &older, &newest})
    EXPECT_EQ(record(*each).state, ca::CertificateRecord::State::issued);
}

// The second write is the CRL's: what it lacks is there all the same, and all of it.
TEST_F(CertificateChainTest, When_the_CRL_cannot_be_written_all_are_revoked_together) {
  hub.ledger.fail_after(1);
  EXPECT_FALSE(revoke(newest, RevocationReason::key_compromise, true));
  hub.ledger.recover();
  for (const auto* each : {&oldest, &older, &newest})
    EXPECT_EQ(record(*each).state, ca::CertificateRecord::State::revoked);
}

TEST_F(CertificateChainTest, What_was_never_signed_shuts_nobody_out) {
  hub.ledger.fail_after(1);
  TestDevice caller(hub, test_key(3));
  caller.sign_with(newest);
  EXPECT_FALSE(caller.say(
      "printers", {.type = scep::MessageType::renewal_request, .transaction_id = "cut", .request_key = &test_key(1)}));
  hub.ledger.recover();
  std::vector<ca::CertificateRecord> intents;
  ASSERT_TRUE(hub.ledger.read([&](Books& books) -> Status {
    TRY(intents, books.certificates().renewals_of(newest.serial()));
    return {};
  }));
  ASSERT_EQ(intents.size(), 1U);
  ASSERT_TRUE(revocation.revoke(intents[0].serial, RevocationReason::unspecified, admin, {}));
  EXPECT_EQ(link(newest), "admitted");
}

TEST_F(CertificateChainTest, What_is_valid_is_not_hidden_behind_what_is_revoked) {
  const auto status = [&](const pki::Certificate& each) { return ca::status_of(record(each), hub.clock.now()); };
  EXPECT_EQ(status(older), ca::CertificateStatus::superseded);
  ASSERT_TRUE(revoke(newest, RevocationReason::certificate_hold));
  EXPECT_EQ(status(older), ca::CertificateStatus::valid);
  EXPECT_EQ(status(oldest), ca::CertificateStatus::superseded);
  ASSERT_TRUE(revocation.release(newest.serial(), admin));
  EXPECT_EQ(status(older), ca::CertificateStatus::superseded);
}

}  // namespace
}  // namespace chancery::hub
