// Replies in which one thing is wrong, and the words in which each is refused. Nothing is installed, and the enrolment
// stays pending, so that an honest answer is still welcome.

#include <gtest/gtest.h>

#include "agent/fake_authority_testing.h"
#include "pki/oid.h"

namespace chancery::agent {
namespace {

using std::chrono::hours;

pki::Extension names(std::vector<std::string> texts) {
  std::vector<pki::GeneralName> list;
  for (const std::string& text : texts) list.push_back(pki::general_name_from_text(text).value());
  return pki::make_subject_alternative_name(list, false);
}

const TestParty& stranger() {
  static const TestParty party = test_party("client");
  return party;
}

struct Row {
  const char* name;
  void (*spoil)(TestDevice&);
  const char* expect;
};

const Row rows[] = {
    {"wrong nonce",
     [](TestDevice& device) {
       device.server.change_reply = [](scep::ReplyTo& to) { to.recipient_nonce = scep::Nonce{Bytes(16, 7)}; };
     },
     "the reply's recipientNonce is not the request's senderNonce"},
    {"no nonce",
     [](TestDevice& device) { device.server.change_reply = [](scep::ReplyTo& to) { to.recipient_nonce.reset(); }; },
     "the reply has no readable recipientNonce"},
    {"wrong transactionID",
     [](TestDevice& device) {
       device.server.change_reply = [](scep::ReplyTo& to) {
         to.transaction_id = scep::TransactionId::from_text("another");
       };
     },
     "the reply's transactionID is not the request's"},
    {"foreign signer", [](TestDevice& device) { device.server.signer = &stranger(); },
     "the reply's signer is not one of the authority's certificates"},
    {"weak digest of the reply",
     [](TestDevice& device) { device.server.change_reply = [](scep::ReplyTo& to) { to.digest = pki::Digest::sha1; }; },
     "the reply is signed with sha1, and at least sha256 is wanted; to take it nevertheless, say "
     "--allow-weak-algorithms"},
    {"a digest that is none any more",
     [](TestDevice& device) { device.server.change_reply = [](scep::ReplyTo& to) { to.digest = pki::Digest::md5; }; },
     "the reply is signed with md5, and at least sha256 is wanted; to take it nevertheless, say "
     "--insecure-allow-single-des-and-md5"},
    {"a digest that is none any more where weak ones are allowed",
     [](TestDevice& device) {
       device.client_options.floor = weak_algorithms;
       device.server.change_reply = [](scep::ReplyTo& to) { to.digest = pki::Digest::md5; };
     },
     "the reply is signed with md5, and at least sha1 is wanted; to take it nevertheless, say "
     "--insecure-allow-single-des-and-md5"},
    {"a cipher that is none any more where weak ones are allowed",
     [](TestDevice& device) {
       device.client_options.floor = weak_algorithms;
       device.server.change_reply = [](scep::ReplyTo& to) { to.cipher = pki::Cipher::des; };
     },
     "the reply is encrypted with des, which is not allowed; to take it nevertheless, say "
     "--insecure-allow-single-des-and-md5"},
    {"a certificate signed with MD5 where weak algorithms are allowed",
     [](TestDevice& device) {
       device.options.floor = weak_algorithms;
       device.server.certificate_digest = pki::Digest::md5;
     },
     "the certificate of CN=device,O=Example is signed with md5, and at least sha1 is wanted; to take it nevertheless, "
     "say --insecure-allow-single-des-and-md5"},
    {"weak cipher",
     [](TestDevice& device) { device.server.change_reply = [](scep::ReplyTo& to) { to.cipher = pki::Cipher::des3; }; },
     "the reply is encrypted with des3, which is not allowed; to take it nevertheless, say "
     "--allow-weak-algorithms"},
    {"another key",
     [](TestDevice& device) {
       device.server.change_certificate = [](pki::CertificateContent& content) {
         content.spki = to_bytes(stranger().certificate.spki());
       };
     },
     "the reply holds no certificate for our key"},
    {"no certificate",
     [](TestDevice& device) { device.server.change_bundle = [](pki::Bundle& bundle) { bundle.certificates.clear(); }; },
     "the reply holds no certificate for our key"},
    {"ended",
     [](TestDevice& device) {
       device.server.change_certificate = [](pki::CertificateContent& content) {
         content.validity = {content.validity.not_before - hours(48), content.validity.not_before - hours(1)};
       };
     },
     "the certificate ended on 2026-01-10T22:00:00Z: check this machine's clock"},
    {"not valid yet",
     [](TestDevice& device) {
       device.server.change_certificate = [](pki::CertificateContent& content) {
         content.validity.not_before += hours(2);
       };
     },
     "the certificate is not valid before 2026-01-11T01:00:00Z: check this machine's clock"},
    {"by somebody who is no CA", [](TestDevice& device) { device.server.issuer = &stranger(); },
     "the certificate does not lead to the trusted CA: certificate of CN=device,O=Example: unable to get local issuer "
     "certificate"},
    {"a forged issuer",
     [](TestDevice& device) {
       device.server.issuer = &stranger();
       device.server.change_certificate = [](pki::CertificateContent& content) {
         content.issuer_der = to_bytes(test_party("ca").certificate.subject_der());
       };
     },
     "the certificate does not lead to the trusted CA: certificate of CN=device,O=Example: certificate signature "
     "failure"},
    {"weak digest of the certificate", [](TestDevice& device) { device.server.certificate_digest = pki::Digest::sha1; },
     "the certificate of CN=device,O=Example is signed with sha1, and at least sha256 is wanted; to take it "
     "nevertheless, say --allow-weak-algorithms"},
    {"another subject",
     [](TestDevice& device) {
       device.server.change_certificate = [](pki::CertificateContent& content) {
         content.subject_der = pki::Name::from_text("CN=other").value().to_der();
       };
     },
     "the certificate's subject is 'CN=other', and 'CN=device,O=Example' was asked for; to take it nevertheless, say "
     "--accept-changed-names"},
    {"a name is missing",
     [](TestDevice& device) {
       device.server.change_certificate = [](pki::CertificateContent& content) { content.extensions.clear(); };
     },
     "the certificate lacks the name dns:device.example, which was asked for; to take it nevertheless, say "
     "--accept-changed-names"},
    {"a name too many",
     [](TestDevice& device) {
       device.server.change_certificate = [](pki::CertificateContent& content) {
         content.extensions = {names({"dns:device.example", "dns:other.example"})};
       };
     },
     "the certificate has the name dns:other.example, which was not asked for; to take it nevertheless, say "
     "--accept-changed-names"},
};

TEST(EvilReplies, AreEachRefusedByNameAndNothingIsInstalled) {
  for (const Row& row : rows) {
    TestDevice device;
    row.spoil(device);
    EXPECT_EQ(to_text(device.enroll(device.order("rsa:2048"))), std::string("error: ") + row.expect) << row.name;
    EXPECT_FALSE(device.folder.active().value()) << row.name;
    EXPECT_TRUE(device.folder.pending().value()) << row.name;
  }
}

TEST(EvilReplies, PendingAndFailureAreBelievedOnlyFromTheAuthority) {
  for (const bool pending : {false, true}) {
    TestDevice device;
    device.server.signer = &stranger();
    device.server.approved = !pending;
    if (!pending) device.server.reject = scep::Rejected{scep::FailInfo::bad_request, "go away"};
    EXPECT_EQ(to_text(device.enroll(device.order())),
              "error: the reply's signer is not one of the authority's certificates");
    EXPECT_EQ(device.folder.pending().value()->last_answer, LastAnswer::none);
  }
}

TEST(EvilReplies, ARenewalIsNotAnsweredWithTheCertificateThatItReplaces) {
  TestDevice device;
  ASSERT_EQ(to_text(device.enroll(device.order("rsa:2048"))), "installed");
  device.server.change_bundle = [&](pki::Bundle& bundle) { bundle.certificates = {device.server.issued.front()}; };
  EXPECT_EQ(to_text(device.renew(true)), "error: the server sent the certificate that is to be replaced");
}

TEST(AcceptedDeviations, TheOperatorMayTakeChangedNames) {
  TestDevice device;
  device.options.accept_changed_names = true;
  device.server.change_certificate = [](pki::CertificateContent& content) {
    content.subject_der = pki::Name::from_text("CN=other").value().to_der();
    content.extensions = {names({"dns:other.example"})};
  };
  EXPECT_EQ(to_text(device.enroll(device.order())), "installed");
}

TEST(AcceptedDeviations, TheOperatorMayTakeWeakAlgorithms) {
  TestDevice device;
  device.server.capabilities = "SHA-1\nDES3\n";
  EXPECT_EQ(to_text(device.enroll(device.order("rsa:2048"))),
            "error: the server offers only des3 and sha1: have AES and SHA-256 switched on there, or say "
            "--allow-weak-algorithms");
  device.client_options.floor = weak_algorithms;
  device.options.floor = weak_algorithms;
  device.server.certificate_digest = pki::Digest::sha1;
  EXPECT_EQ(to_text(device.enroll(device.order("rsa:2048"))), "installed");
  EXPECT_EQ(device.server.seen.back(), "GET PKCSReq") << "no POST where it is not offered";
}

TEST(AcceptedDeviations, TheOperatorMayTakeWhatIsNoEncryptionAnyMore) {
  TestDevice device;
  device.client_options.floor = broken_algorithms;
  device.options.floor = broken_algorithms;
  device.server.change_reply = [](scep::ReplyTo& to) {
    to.cipher = pki::Cipher::des;
    to.digest = pki::Digest::md5;
  };
  EXPECT_EQ(to_text(device.enroll(device.order("rsa:2048"))), "installed");
}

}  // namespace
}  // namespace chancery::agent
