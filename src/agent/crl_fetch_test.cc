#include "agent/crl_fetch.h"

#include <gtest/gtest.h>

#include "agent/fake_authority_testing.h"

namespace chancery::agent {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Result<pki::Crl> fetch(TestDevice& device) {
  ScepClient client(device.server, device.random, {});
  const Authority authority = authenticate(client.ca_certificates().value(), device.pin(), device.clock.now()).value();
  const auto active = device.folder.active().value();
  return fetch_crl(client, *active, authority, device.clock, device.random);
}

TEST(GetCrl, GivesTheIssuersListWhateverTheKey) {
  for (const char* key : {"rsa:2048", "ec:p256"}) {
    TestDevice device;
    ASSERT_EQ(to_text(device.enroll(device.order(key))), "installed");
    const auto crl = fetch(device);
    ASSERT_TRUE(crl) << crl.error().text();
    EXPECT_EQ(crl->entries().size(), 1U);
    EXPECT_EQ(device.server.seen.back(), "POST GetCRL");
  }
}

TEST(GetCrl, RefusesListsThatAreNotTheIssuersOrNotOfToday) {
  static const TestParty stranger = test_party("client");
  const struct {
    const char* name;
    void (*spoil)(TestDevice&);
    const char* expect;
  } rows[] = {
      {"another key", [](TestDevice& device) { device.server.issuer = &stranger; },
       "the CRL is not signed with the issuing CA's key"},
      {"another issuer",
       [](TestDevice& device) {
         device.server.change_crl = [](pki::CrlContent& crl) {
           crl.issuer_der = to_bytes(stranger.certificate.subject_der());
         };
       },
       "the CRL is by 'CN=old-device,O=Chancery Test', and not by 'CN=Chancery Test CA,O=Chancery Test,C=DE'"},
      {"ended",
       [](TestDevice& device) {
         device.server.change_crl = [](pki::CrlContent& crl) { crl.next_update = crl.this_update + minutes(30); };
       },
       "the CRL ended on 2026-01-10T23:30:00Z: the server has no newer one"},
      {"of tomorrow",
       [](TestDevice& device) { device.server.change_crl = [](pki::CrlContent& crl) { crl.this_update += hours(2); }; },
       "the CRL is of 2026-01-11T01:00:00Z, which is to come: check this machine's clock"},
      {"no list",
       [](TestDevice& device) { device.server.change_bundle = [](pki::Bundle& bundle) { bundle.crls.clear(); }; },
       "the server's answer holds no CRL"},
  };
  for (const auto& row : rows) {
    TestDevice device;
    ASSERT_EQ(to_text(device.enroll(device.order("rsa:2048"))), "installed");
    row.spoil(device);
    const auto crl = fetch(device);
    ASSERT_FALSE(crl) << row.name;
    EXPECT_EQ(crl.error().text(), row.expect) << row.name;
  }
}

}  // namespace
}  // namespace chancery::agent
