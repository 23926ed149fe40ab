#include "hub/revocation.h"

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
        if (event.action == "certificate.revoked") presence.end(event.subject);
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
