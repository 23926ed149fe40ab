#include "hub/revocation.h"

#include "hub/certificate_chain.h"
#include "hub/link_testing.h"
#include "hub/watched_ledger.h"
#include "pki/crl.h"

namespace chancery::hub {
namespace {

using pki::RevocationReason;

class RevocationTest : public LinkTest {
 protected:
  RevocationTest() {
    // As the server wires it: the ledger tells what was committed.
    watched.watch([&](const std::vector<Committed>& events) {
      for (const Committed& event : events)
        if (event.action == "certificate.revoked") end_links(hub.ledger, presence, event.subject);
    });
  }

  pki::Crl crl() {
    Bytes der;
    EXPECT_TRUE(hub.ledger.read([&](Books& books) -> Status {
      TRY(const auto latest, books.crls().latest(1));
      if (!latest) return not_found("no CRL");
      der = latest->der;
      return {};
    }));
    return pki::Crl::from_der(der).value();
  }
  std::string refusal() {
    const auto said = call();
    return said ? "answered" : said.error().text();
  }
  Status suspend() {
    return revocation.revoke(device.certificate()->serial(), RevocationReason::certificate_hold, admin);
  }
  Status release() { return revocation.release(device.certificate()->serial(), admin); }
  static std::string text(const Status& status) {
    return status ? "done" : std::string(to_string(status.error().code())) + ": " + status.error().text();
  }

  WatchedLedger watched{hub.ledger};
  Context context = context_with(watched);
  Revocation revocation{context, hub.crls};
};

TEST_F(RevocationTest, A_suspended_certificate_ends_the_link_and_a_released_one_has_it_again) {
  const fleet::NodeId id = enrolled_node();
  hold();
  ASSERT_TRUE(suspend());
  EXPECT_EQ(told, std::vector<std::string>{"the certificate is suspended"});
  EXPECT_FALSE(presence.online(id));
  EXPECT_EQ(refusal(), "the certificate is suspended");
  ASSERT_TRUE(release());
  EXPECT_EQ(call().value().party.node_id, id);
  EXPECT_TRUE(presence.online(id));
  told.clear();
  hold();
  EXPECT_TRUE(told.empty());
}

TEST_F(RevocationTest, A_suspended_certificate_is_on_the_CRL_until_it_is_released) {
  enrolled_node();
  const auto before = crl().number();
  ASSERT_TRUE(suspend());
  ASSERT_EQ(crl().entries().size(), 1U);
  EXPECT_EQ(crl().entries()[0].serial, device.certificate()->serial());
  EXPECT_EQ(crl().entries()[0].reason, RevocationReason::certificate_hold);
  const auto suspended = crl().number();
  EXPECT_GT(suspended, before);
  ASSERT_TRUE(release());
  EXPECT_TRUE(crl().entries().empty());
  EXPECT_GT(crl().number(), suspended);
  const std::vector<std::string> actions = hub.audit_actions();
  EXPECT_EQ(
      std::vector(actions.end() - 4, actions.end()),
      (std::vector<std::string>{"certificate.revoked", "crl.published", "certificate.released", "crl.published"}));
}

// What a crash, or a disk that is full just then, leaves between a revocation and its CRL.
TEST_F(RevocationTest, A_revocation_whose_CRL_could_not_be_written_is_on_the_next_one) {
  enrolled_node();
  hub.ledger.fail_after(1);
  EXPECT_EQ(text(suspend()),
            "unavailable: the certificate is revoked, but its CRL could not be made: keeping the CRL of generation 1: "
            "committing: the disk is full");
  EXPECT_TRUE(crl().entries().empty());
  EXPECT_FALSE(hub.crls.publish_due()) << "the disk is full still";
  hub.ledger.recover();
  // As after a restart: another publisher finds it in the ledger.
  CrlPublisher restarted(hub.context, hub.store, {});
  ASSERT_TRUE(restarted.publish_due());
  ASSERT_EQ(crl().entries().size(), 1U);
  EXPECT_EQ(crl().entries()[0].serial, device.certificate()->serial());
  const auto number = crl().number();
  ASSERT_TRUE(restarted.publish_due());
  EXPECT_EQ(crl().number(), number) << "it is made once";

  hub.ledger.fail_after(1);
  EXPECT_FALSE(release());
  EXPECT_EQ(crl().entries().size(), 1U);
  hub.ledger.recover();
  ASSERT_TRUE(hub.crls.publish_due());
  EXPECT_TRUE(crl().entries().empty());
}

TEST_F(RevocationTest, What_is_revoked_already_is_on_the_CRL_when_that_is_said) {
  enrolled_node();
  const std::string serial = device.certificate()->serial().hex();
  const auto revoke = [&] {
    return revocation.revoke(device.certificate()->serial(), RevocationReason::key_compromise, admin);
  };
  hub.ledger.fail_after(1);
  EXPECT_FALSE(revoke());
  EXPECT_EQ(text(revoke()),
            "unavailable: certificate " + serial +
                " is revoked already, but its CRL could not be made: keeping the CRL of generation 1: committing: the "
                "disk is full");
  hub.ledger.recover();
  const std::string refusal = text(revoke());
  EXPECT_TRUE(refusal.starts_with("conflict: ")) << refusal;
  ASSERT_EQ(crl().entries().size(), 1U);
  const auto number = crl().number();
  EXPECT_EQ(text(revoke()), refusal);
  EXPECT_EQ(crl().number(), number) << "it is made once";
}

TEST_F(RevocationTest, What_is_released_already_is_off_the_CRL_when_that_is_said) {
  enrolled_node();
  ASSERT_TRUE(suspend());
  hub.ledger.fail_after(1);
  EXPECT_FALSE(release());
  hub.ledger.recover();
  EXPECT_EQ(text(release()), "conflict: certificate " + device.certificate()->serial().hex() + " is not suspended");
  EXPECT_TRUE(crl().entries().empty());
}

// Who was revoked while a CRL was signed is not on it, and its own comes next.
TEST_F(RevocationTest, One_revoked_while_a_CRL_is_signed_is_on_the_next_one) {
  enrolled_node();
  InterruptedLedger between(hub.ledger);
  const Context interrupted = context_with(between);
  Context late = interrupted;
  CrlPublisher publisher(late, hub.store, {});
  between.after_read = [&] {
    ASSERT_TRUE(hub.ledger.write([&](Books& books) {
      return books.certificates().revoke(device.certificate()->serial(), hub.clock.now(), RevocationReason::superseded);
    }));
  };
  ASSERT_TRUE(publisher.publish(1));
  EXPECT_TRUE(crl().entries().empty());
  ASSERT_TRUE(publisher.publish_due());
  EXPECT_EQ(crl().entries().size(), 1U);
}

TEST_F(RevocationTest, A_suspended_certificate_cannot_be_renewed_until_it_is_released) {
  const fleet::NodeId id = enrolled_node();
  ASSERT_TRUE(suspend());
  EXPECT_EQ(renew(device, "suspended", test_key(1)), "badCertId: the certificate to renew is suspended");
  ASSERT_TRUE(release());
  EXPECT_EQ(renew(device, "released", test_key(1)), "granted");
  EXPECT_EQ(call().value().party.node_id, id);
}

TEST_F(RevocationTest, Only_a_suspended_certificate_can_be_released) {
  enrolled_node();
  const std::string serial = device.certificate()->serial().hex();
  EXPECT_EQ(text(revocation.release(pki::Serial{{0x77}}, admin)), "not_found: there is no certificate with serial 77");
  EXPECT_EQ(text(release()), "conflict: certificate " + serial + " is not suspended");
  ASSERT_TRUE(suspend());
  EXPECT_EQ(text(suspend()), "conflict: certificate " + serial + " is suspended already");
  ASSERT_TRUE(revocation.revoke(device.certificate()->serial(), RevocationReason::key_compromise, admin));
  EXPECT_EQ(crl().entries().at(0).reason, RevocationReason::key_compromise);
  const auto number = crl().number();
  EXPECT_EQ(text(release()),
            "conflict: certificate " + serial + " is revoked for good: only a suspended one can be released");
  EXPECT_EQ(crl().number(), number) << "nothing was published";
  EXPECT_EQ(refusal(), "the certificate is revoked");
}

}  // namespace
}  // namespace chancery::hub
