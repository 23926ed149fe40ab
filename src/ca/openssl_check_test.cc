// What is issued here, judged by OpenSSL's command line: it shares no code with this directory.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "ca/ca_testing.h"
#include "ca/crl_signing.h"
#include "pki/pem.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::ca {
namespace {

using namespace std::chrono_literals;
using chancery::testing::TemporaryDirectory;
using testing::Authority;
using testing::error_of;
using testing::now;
using Kind = pki::GeneralName::Kind;

class OpensslCheckTest : public ::testing::Test {
 protected:
  struct Outcome {
    int status = -1;
    std::string output;  // standard output and error
  };
  Outcome openssl(std::vector<std::string> arguments) {
    const std::string output = directory_.file("output");
    arguments.insert(arguments.begin(), "openssl");
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    pid_t child = 0;
    Outcome outcome;
    const int spawned = posix_spawnp(&child, "openssl", &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    EXPECT_EQ(spawned, 0) << "openssl cannot be started";
    if (spawned != 0) return outcome;
    waitpid(child, &outcome.status, 0);
    std::ifstream file(output);
    outcome.output = {std::istreambuf_iterator<char>(file), {}};
    return outcome;
  }

  // The strict verification of `leaf` below `authority`, with the CRLs of root and issuing CA.
  Outcome verify(const Authority& authority, const pki::Certificate& leaf, std::vector<pki::RevokedEntry> revoked = {},
                 std::vector<std::string> more = {}) {
    const auto crl =
        make_next_crl({.issuer = CrlIssuer::of(authority.generation), .entries = std::move(revoked), .now = now});
    const auto of_root = make_next_crl(
        {.issuer = {.generation = root_crl, .certificate = authority.root.certificate, .key = *authority.root.key},
         .now = now});
    EXPECT_EQ(error_of(crl), "");
    EXPECT_EQ(error_of(of_root), "");
    std::vector<std::string> arguments = {
        "verify",
        "-x509_strict",
        "-policy_check",
        "-crl_check_all",
        "-attime",
        std::to_string(now.time_since_epoch().count()),
        "-CAfile",
        directory_.write("root.pem", authority.root.certificate.to_pem()),
        "-untrusted",
        directory_.write("issuing.pem", authority.generation.issuing.to_pem()),
        "-CRLfile",
        directory_.write("crls.pem", pki::write_pem("X509 CRL", crl->der) + pki::write_pem("X509 CRL", of_root->der))};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back(directory_.write("leaf.pem", leaf.to_pem()));
    return openssl(std::move(arguments));
  }

  Authority make(const pki::KeySpec& root, const pki::KeySpec& issuing) {
    return testing::make_authority({.names = {.organization = "Example, Inc."},
                                    .root_key = root,
                                    .issuing_key = issuing,
                                    .root_publication = {.crl = {"http://ca.example.com/root.crl"},
                                                         .ca_issuers = {"http://ca.example.com/root.cer"}}},
                                   random_);
  }
  pki::Certificate issue(const Authority& authority, const Policy& policy, const IssuanceRequest& request) {
    const Issuer issuer({.certificate = authority.generation.issuing,
                         .key = authority.generation.issuing_key,
                         .publication = {.crl = {"http://ca.example.com/1.crl"},
                                         .ca_issuers = {"http://ca.example.com/1.cer"},
                                         .ocsp = {"http://ca.example.com/ocsp"}}},
                        random_);
    auto approved = issuer.prepare(policy, request, now);
    EXPECT_EQ(error_of(approved), "");
    return issuer.sign(*std::move(approved)).value();
  }

  TemporaryDirectory directory_;
  chancery::testing::FakeRandom random_;
};

TEST_F(OpensslCheckTest, EveryKindOfAuthorityAndDevicePassesTheStrictVerification) {
  const pki::KeySpec rsa{pki::KeyFamily::rsa, 2048}, p384{pki::KeyFamily::ec, 384},
      ed25519{pki::KeyFamily::ed25519, 256};
  for (const pki::KeySpec& of_authority : {rsa, p384, ed25519}) {
    const Authority authority = make(of_authority, of_authority);
    for (const pki::KeySpec& of_device : {rsa, p384, ed25519}) {
      const pki::PrivateKey key = pki::PrivateKey::generate(of_device).value();
      IssuanceRequest request = testing::request("CN=a,O=Example", {"dns:a.example.com", "ip:10.0.0.1"});
      request.key = key.public_key();
      const auto leaf = issue(authority, {.alternative_names = {Kind::dns, Kind::ip}}, request);
      const Outcome outcome =
          verify(authority, leaf, {}, {"-purpose", "sslserver", "-verify_hostname", "a.example.com"});
      EXPECT_EQ(outcome.status, 0) << pki::to_string(of_authority) << ", " << pki::to_string(of_device) << ": "
                                   << outcome.output;
    }
  }
}

TEST_F(OpensslCheckTest, ACertificateWithoutSubjectPassesToo) {
  const Authority& authority = testing::authority();
  const auto leaf = issue(authority, {.alternative_names = {Kind::uri}}, testing::request("", {"uri:urn:uuid:1"}));
  EXPECT_EQ(verify(authority, leaf, {}, {"-purpose", "sslclient"}).output, directory_.file("leaf.pem") + ": OK\n");
}

TEST_F(OpensslCheckTest, ThePurposesOfTheRaAreThoseThatScepClientsAskFor) {
  const Authority& authority = testing::authority();
  // certmonger verifies replies as PKCS#7, for which OpenSSL asks for this purpose.
  EXPECT_EQ(verify(authority, authority.generation.ra, {}, {"-purpose", "smimesign"}).status, 0);
  EXPECT_EQ(verify(authority, authority.generation.ra, {}, {"-purpose", "smimeencrypt"}).status, 0);
}

TEST_F(OpensslCheckTest, ARevokedCertificateIsRefused) {
  const Authority& authority = testing::authority();
  const auto leaf = issue(authority, {}, testing::request("CN=a"));
  EXPECT_EQ(verify(authority, leaf).status, 0);
  const Outcome outcome = verify(authority, leaf, {{leaf.serial(), now - 1h, pki::RevocationReason::superseded}});
  EXPECT_NE(outcome.status, 0);
  EXPECT_NE(outcome.output.find("certificate revoked"), std::string::npos) << outcome.output;
}

TEST_F(OpensslCheckTest, ADeviceCannotIssue) {
  const Authority& authority = testing::authority();
  const auto leaf = issue(authority, {}, testing::request("CN=a"));
  const Generation posing{
      .issuing = leaf,
      .issuing_key = pki::PrivateKey::from_pem(as_text(testing::device_key().to_plain_pem()->view())).value(),
      .ra = authority.generation.ra,
      .ra_key = pki::PrivateKey::generate({pki::KeyFamily::ec, 256}).value()};
  const Issuer issuer({.certificate = posing.issuing, .key = posing.issuing_key}, random_);
  IssuanceRequest request = testing::request("CN=b");
  request.key = posing.ra_key.public_key();
  auto approved = issuer.prepare({.validity = 1h}, request, now);
  ASSERT_TRUE(approved) << error_of(approved);
  const auto forged = issuer.sign(*std::move(approved)).value();
  const Outcome outcome = openssl({"verify", "-attime", std::to_string(now.time_since_epoch().count()), "-CAfile",
                                   directory_.write("root.pem", authority.root.certificate.to_pem()), "-untrusted",
                                   directory_.write("chain.pem", leaf.to_pem() + authority.generation.issuing.to_pem()),
                                   directory_.write("forged.pem", forged.to_pem())});
  EXPECT_NE(outcome.status, 0);
  EXPECT_NE(outcome.output.find("invalid CA certificate"), std::string::npos) << outcome.output;
}

TEST_F(OpensslCheckTest, ItsTextSaysWhatWasMeant) {
  const Authority& authority = testing::authority();
  const auto leaf =
      issue(authority, {.subject_template = "CN={CN},O=Example", .alternative_names = {Kind::dns, Kind::ip}},
            testing::request("CN=\"a,O=Evil\"", {"dns:a.example.com", "ip:10.0.0.1"}));
  const Outcome outcome =
      openssl({"x509", "-noout", "-text", "-nameopt", "RFC2253", "-in", directory_.write("leaf.pem", leaf.to_pem())});
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  for (const char* expect : {
           "Version: 3 (0x2)",
           "Signature Algorithm: ecdsa-with-SHA256",
           "Issuer: CN=Example Issuing CA 1,O=Example\n",
           "Not Before: Jan  1 23:00:00 2026 GMT",
           "Not After : Jan  2 00:00:00 2027 GMT",
           "Subject: CN=a\\,O=Evil,O=Example\n",
           "X509v3 Basic Constraints: critical\n                CA:FALSE",
           "X509v3 Key Usage: critical\n                Digital Signature\n",
           "X509v3 Extended Key Usage: \n                TLS Web Server Authentication, TLS Web Client Authentication",
           "X509v3 Subject Alternative Name: \n                DNS:a.example.com, IP Address:10.0.0.1",
           "X509v3 Subject Key Identifier: \n",
           "X509v3 Authority Key Identifier: \n",
           "URI:http://ca.example.com/1.crl",
           "OCSP - URI:http://ca.example.com/ocsp",
           "CA Issuers - URI:http://ca.example.com/1.cer",
       })
    EXPECT_NE(outcome.output.find(expect), std::string::npos) << expect << "\nis not in\n" << outcome.output;
}

}  // namespace
}  // namespace chancery::ca
