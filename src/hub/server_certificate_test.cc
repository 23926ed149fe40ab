#include "hub/server_certificate.h"

#include <gtest/gtest.h>

#include "hub/hub_testing.h"

namespace chancery::hub {
namespace {

class FakeIdentityStore final : public ServerIdentityStore {
 public:
  Result<std::optional<ServerIdentity>> load() override {
    if (!kept) return std::nullopt;
    return kept->clone();
  }
  Status save(const ServerIdentity& identity) override {
    if (full) return unavailable("the disk is full");
    kept = identity.clone();
    return {};
  }
  std::optional<ServerIdentity> kept;
  bool full = false;
};

class ServerCertificateTest : public ::testing::Test {
 protected:
  pki::Certificate certificate() {
    return pki::Certificate::from_pem_or_der(as_bytes(server.identity().certificates)).value();
  }
  std::string names() {
    std::string text;
    const pki::Certificate shown = certificate();
    for (const auto& name : shown.subject_alternative_names()) text += pki::to_string(name) + " ";
    return text;
  }
  TestHub hub;
  FakeIdentityStore store;
  ServerCertificateOptions options{.host_names = {"hub.example", "192.0.2.1"}, .validity = std::chrono::days(90)};
  ServerCertificate server{hub.context, store, options};
};

TEST_F(ServerCertificateTest, IsIssuedOnceForTheNamesOfTheServer) {
  EXPECT_EQ(server.ensure(), true);
  EXPECT_EQ(server.ensure(), false);
  EXPECT_EQ(names(), "dns:hub.example ip:192.0.2.1 ");
  EXPECT_EQ(certificate().subject().to_text(), "CN=hub.example");
  const auto key = pki::PrivateKey::from_pem(as_text(server.identity().key.view())).value();
  EXPECT_TRUE(certificate().public_key().value() == key.public_key());
  ASSERT_EQ(hub.certificates().size(), 1u);
  EXPECT_EQ(hub.certificates()[0].endpoint, server_endpoint);
  EXPECT_EQ(hub.audit_actions().back(), "certificate.issued");
  // The issuing CA's stands behind it.
  const std::string all = server.identity().certificates;
  EXPECT_TRUE(all.ends_with(hub.keyring.current().keys().issuing.to_pem()));
}

TEST_F(ServerCertificateTest, OneThatCannotBeWrittenIsNotIssuedAgainEachMinute) {
  store.full = true;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(server.ensure());
  EXPECT_EQ(hub.certificates().size(), 1u);
  store.full = false;
  EXPECT_EQ(server.ensure(), true);
  EXPECT_EQ(hub.certificates().size(), 1u);
  EXPECT_EQ(certificate().serial().hex(), hub.certificates()[0].serial.hex());
}

TEST_F(ServerCertificateTest, IsFoundAgainAfterAStart) {
  ASSERT_TRUE(server.ensure());
  ServerCertificate again(hub.context, store, options);
  EXPECT_EQ(again.ensure(), true) << "it is another than nothing";
  EXPECT_EQ(again.identity().certificates, server.identity().certificates);
  EXPECT_EQ(hub.certificates().size(), 1u);
}

TEST_F(ServerCertificateTest, IsRenewedAfterTwoThirdsOfItsLife) {
  ASSERT_TRUE(server.ensure());
  const pki::Certificate first = certificate();
  const Seconds life = first.validity().not_after - first.validity().not_before;
  hub.clock.set(first.validity().not_before + life * 2 / 3 - Seconds(1));
  EXPECT_EQ(server.ensure(), false);
  hub.clock.advance(Seconds(1));
  EXPECT_EQ(server.ensure(), true);
  EXPECT_FALSE(certificate().serial() == first.serial());
  EXPECT_EQ(hub.certificates()[0].replaces, first.serial().hex());
}

TEST_F(ServerCertificateTest, IsMadeAnewForOtherNamesAndWhenItWasRevoked) {
  ASSERT_TRUE(server.ensure());
  ServerCertificate renamed(hub.context, store, {.host_names = {"other.example"}});
  EXPECT_EQ(renamed.ensure(), true);
  EXPECT_EQ(hub.certificates().size(), 2u);
  const auto serial = pki::Certificate::from_pem_or_der(as_bytes(renamed.identity().certificates))->serial();
  ASSERT_TRUE(hub.ledger.write([&](Books& books) {
    return books.certificates().revoke(serial, hub.clock.now(), pki::RevocationReason::key_compromise);
  }));
  EXPECT_EQ(renamed.ensure(), true);
  EXPECT_EQ(hub.certificates().size(), 3u);
}

TEST_F(ServerCertificateTest, StaysAsItIsWhenANewOneCannotBeKept) {
  ASSERT_TRUE(server.ensure());
  const std::string before = server.identity().certificates;
  hub.clock.advance(std::chrono::days(80));
  store.full = true;
  EXPECT_EQ(server.ensure().error().text(), "keeping the server's certificate: the disk is full");
  EXPECT_EQ(server.identity().certificates, before);
}

TEST_F(ServerCertificateTest, ServesNamesThatPublicAuthoritiesWouldNotIssue) {
  for (const char* host : {"localhost", "hub", "127.0.0.1", "::1"}) {
    store.kept.reset();
    ServerCertificate local(hub.context, store, {.host_names = {host}});
    const auto made = local.ensure();
    EXPECT_TRUE(made) << host << ": " << made.error().text();
  }
  EXPECT_EQ(ServerCertificate(hub.context, store, {}).ensure().error().text(),
            "the server's certificate: it needs a host name: set hub.host_names");
}

TEST(HostOfUrl, IsTheHost) {
  EXPECT_EQ(host_of_url("https://hub.example:8443/x"), "hub.example");
  EXPECT_EQ(host_of_url("http://hub.example"), "hub.example");
  EXPECT_EQ(host_of_url("http://192.0.2.1/"), "192.0.2.1");
  EXPECT_EQ(host_of_url("http://[2001:db8::1]:8080"), "2001:db8::1");
}

}  // namespace
}  // namespace chancery::hub
