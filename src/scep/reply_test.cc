#include "scep/reply.h"

#include <gtest/gtest.h>

#include "pki/crl.h"
#include "scep/example_parties.h"
#include "scep/request.h"
#include "testing/fakes.h"

namespace chancery::scep {
namespace {

using pki::Cipher;
using pki::Digest;

class ReplyTest : public ::testing::Test {
 protected:
  // A request by `requester`, as the server received it.
  PkiMessage request(const example::Party& requester, Cipher cipher = Cipher::aes128, Digest digest = Digest::sha256,
                     bool oaep = false) {
    const auto csr = example::certificate_request(requester.key, "CN=device");
    const OutgoingRequest outgoing{.transaction_id = TransactionId::from_text("T1"),
                                   .sender_nonce = nonce_,
                                   .content = csr.der(),
                                   .recipient = ra_.certificate,
                                   .cipher = cipher,
                                   .digest = digest,
                                   .oaep = oaep};
    auto message = PkiMessage::parse(*make_request_message(outgoing, requester.identity(), random_));
    EXPECT_TRUE(message) << message.error().text();
    return *std::move(message);
  }
  Expected expected(const example::Party& requester) const {
    return {.transaction_id = TransactionId::from_text("T1"),
            .sender_nonce = nonce_,
            .authority = authority_,
            .requester = requester.identity(),
            .password = as_bytes(example::challenge)};
  }
  Result<Bytes> granted(const ReplyTo& to, const example::Party& requester, std::string_view password) {
    return make_success({.to = to,
                         .bundle = bundle_,
                         .requester = requester.certificate,
                         .requester_key = requester.key.public_key(),
                         .password = as_bytes(password)},
                        ra_.identity(), random_);
  }

  testing::FakeRandom random_;
  const Nonce nonce_{Bytes(16, 7)};
  const example::Party ca_ = example::ca();
  const example::Party ra_ = example::ra();
  const example::Party client_ = example::client();
  const std::vector<pki::Certificate> authority_{ca_.certificate, ra_.certificate};
  const pki::Bundle bundle_{
      .certificates = {to_bytes(ca_.certificate.der()),
                       to_bytes(example::issue(ca_, client_.key.public_key(), {.subject = "CN=device"}).der())}};
};

// Checklist 1, 36 and 37.
TEST_F(ReplyTest, success_brings_the_certificate_and_whatever_else_was_sent) {
  const auto reply = granted(ReplyTo::of(request(client_)), client_, {});
  ASSERT_TRUE(reply) << reply.error().text();
  const auto read = read_reply(*reply, expected(client_), random_);
  ASSERT_TRUE(read) << read.error().text();
  const auto& bundle = std::get<Granted>(*read).bundle;
  EXPECT_EQ(bundle.certificates, bundle_.certificates);
  const auto issued = find_issued(bundle, client_.key.public_key());
  ASSERT_TRUE(issued);
  EXPECT_TRUE(equal(issued->der(), bundle_.certificates[1])) << "found by its key, not by its place";
}

TEST_F(ReplyTest, success_without_a_certificate_for_our_key_is_noticed) {
  const auto issued = find_issued(bundle_, ra_.key.public_key());
  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().code(), ErrorCode::not_found);
  EXPECT_EQ(issued.error().text(), "the reply holds no certificate for our key");
}

// Checklist 53: the latest CRL, and no certificates.
TEST_F(ReplyTest, success_of_get_crl_brings_a_crl_and_no_certificate) {
  const pki::CrlContent content{.issuer_der = to_bytes(ca_.certificate.subject_der()),
                                .this_update = example::start,
                                .next_update = example::start + Seconds(3600),
                                .number = 1};
  const Bytes crl = *pki::make_crl(content, ca_.key, ca_.key.default_algorithm());
  const ReplyTo to = ReplyTo::of(request(client_));
  const pki::Bundle bundle{.crls = {crl}};
  const auto reply =
      make_success({to, bundle, client_.certificate, client_.key.public_key(), {}}, ra_.identity(), random_);
  const auto read = read_reply(*reply, expected(client_), random_);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_TRUE(std::get<Granted>(*read).bundle.certificates.empty());
  EXPECT_EQ(std::get<Granted>(*read).bundle.crls, std::vector<Bytes>{crl});
}

// Checklist 20, 23 and 24.
TEST_F(ReplyTest, pending_has_no_envelope_and_both_nonces) {
  const auto reply = make_pending(ReplyTo::of(request(client_)), ra_.identity(), random_);
  const auto message = PkiMessage::parse(*reply);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->signed_data().content(), Bytes());
  EXPECT_EQ(message->recipient_nonce(), nonce_);
  EXPECT_EQ(message->sender_nonce()->octets.size(), 16U);
  EXPECT_NE(message->sender_nonce(), nonce_);
  EXPECT_FALSE(message->fail_info());
  const auto read = read_reply(*reply, expected(client_), random_);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_TRUE(std::holds_alternative<Pending>(*read));
}

// Checklist 20, 25, 26 and 54 to 57.
TEST_F(ReplyTest, failure_has_no_envelope_and_says_why) {
  using enum FailInfo;
  for (const FailInfo info : {bad_alg, bad_message_check, bad_request, bad_time, bad_cert_id}) {
    const auto reply = make_failure(ReplyTo::of(request(client_)), info, "the clock is wrong", ra_.identity(), random_);
    EXPECT_EQ(PkiMessage::parse(*reply)->signed_data().content(), Bytes());
    const auto read = read_reply(*reply, expected(client_), random_);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(std::get<Rejected>(*read).info, info);
    EXPECT_EQ(std::get<Rejected>(*read).text, "the clock is wrong");
  }
}

TEST_F(ReplyTest, failure_text_stays_short_and_harmless) {
  const auto reply = make_failure(ReplyTo::of(request(client_)), FailInfo::bad_request,
                                  "\x1b[2J" + std::string(1000, 'x'), ra_.identity(), random_);
  EXPECT_EQ(PkiMessage::parse(*reply)->fail_info_text(), "?[2J" + std::string(251, 'x'));
  const auto silent = make_failure(ReplyTo::of(request(client_)), FailInfo::bad_request, "", ra_.identity(), random_);
  EXPECT_EQ(PkiMessage::parse(*silent)->signed_data().attributes().size(), 8U) << "no empty failInfoText";
}

TEST_F(ReplyTest, sender_nonces_are_fresh) {
  const ReplyTo to = ReplyTo::of(request(client_));
  const auto first = PkiMessage::parse(*make_pending(to, ra_.identity(), random_));
  const auto second = PkiMessage::parse(*make_pending(to, ra_.identity(), random_));
  EXPECT_NE(first->sender_nonce(), second->sender_nonce());
}

// Checklist 31.
TEST_F(ReplyTest, mirrors_cipher_digest_and_padding_of_the_request) {
  for (const Cipher cipher : {Cipher::des3, Cipher::aes128, Cipher::aes192, Cipher::aes256}) {
    for (const Digest digest : {Digest::sha1, Digest::sha256, Digest::sha384, Digest::sha512}) {
      for (const bool oaep : {false, true}) {
        const ReplyTo to = ReplyTo::of(request(client_, cipher, digest, oaep));
        const auto reply = PkiMessage::parse(*granted(to, client_, {}));
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->digest(), digest);
        EXPECT_EQ(reply->envelope()->cipher, cipher);
        const auto* recipient = reply->envelope()->recipient_for(client_.certificate);
        ASSERT_NE(recipient, nullptr);
        EXPECT_EQ(recipient->oaep, oaep);
        if (oaep) {
          EXPECT_EQ(recipient->oaep_digest, Digest::sha256);
        }
      }
    }
  }
}

TEST_F(ReplyTest, to_a_request_without_an_envelope_uses_the_defaults) {
  const auto attributes =
      encode_attributes({.type = MessageType::pkcs_request, .transaction_id = TransactionId::from_text("T1")});
  const ReplyTo to = ReplyTo::of(*PkiMessage::parse(example::sign_without_content(client_, attributes)));
  EXPECT_EQ(to.cipher, Cipher::aes128);
  EXPECT_EQ(to.digest, Digest::sha256);
  EXPECT_FALSE(to.oaep);
  EXPECT_FALSE(to.recipient_nonce) << "nothing to copy";
  EXPECT_TRUE(PkiMessage::parse(*make_pending(to, ra_.identity(), random_)));
}

TEST_F(ReplyTest, echoes_transaction_id_and_nonce_as_they_came) {
  const TransactionId odd{.octets = {'a', 0, 0xff}, .tag = pki::der::tag::utf8_string};
  const Nonce eight{Bytes(8, 1)};
  const ReplyTo to{.transaction_id = odd, .recipient_nonce = eight};
  const auto message = PkiMessage::parse(*make_pending(to, ra_.identity(), random_));
  EXPECT_EQ(message->transaction_id(), odd);
  EXPECT_EQ(message->recipient_nonce(), eight);
}

// Checklist 30: RFC 8894 section 3.1, for keys that cannot encrypt.
TEST_F(ReplyTest, for_ec_and_ed25519_keys_is_encrypted_under_the_challenge_password) {
  for (const auto& make : {example::ec_client, example::ed25519_client}) {
    const example::Party party = make();
    const ReplyTo to = ReplyTo::of(request(party));
    const auto reply = granted(to, party, example::challenge);
    ASSERT_TRUE(reply) << reply.error().text();
    EXPECT_NE(PkiMessage::parse(*reply)->envelope()->password_recipient(), nullptr);
    const auto read = read_reply(*reply, expected(party), random_);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(std::get<Granted>(*read).bundle.certificates, bundle_.certificates);

    Expected other = expected(party);
    other.password = as_bytes("another password");
    EXPECT_FALSE(read_reply(*reply, other, random_));
    other.password = {};
    const auto none = read_reply(*reply, other, random_);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().text(), "opening the reply: the reply is encrypted under a password, and we have none");
  }
}

TEST_F(ReplyTest, for_an_ec_key_without_a_password_is_an_error_and_nothing_goes_out_in_the_clear) {
  const example::Party party = example::ec_client();
  const auto reply = granted(ReplyTo::of(request(party)), party, {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code(), ErrorCode::refused);
  EXPECT_EQ(
      reply.error().text(),
      "encrypting the reply: the requester's key cannot encrypt, and there is no challengePassword to encrypt under");
}

TEST_F(ReplyTest, for_an_ec_key_that_brings_no_certificate_still_works_for_pending_and_failure) {
  const example::Party party = example::ec_client();
  const ReplyTo to = ReplyTo::of(request(party));
  EXPECT_TRUE(read_reply(*make_pending(to, ra_.identity(), random_), expected(party), random_));
  EXPECT_TRUE(read_reply(*make_failure(to, FailInfo::bad_alg, "", ra_.identity(), random_), expected(party), random_));
}

TEST_F(ReplyTest, encrypted_to_somebody_else_is_an_error) {
  const example::Party other{example::key("client"), example::certificate("client")};
  const auto reply = granted(ReplyTo::of(request(client_)), other, {});
  const auto read = read_reply(*reply, expected(client_), random_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text(), "opening the reply: the reply is not encrypted to our key");
}

// Checklist 28: the floor holds whatever GetCACaps said.
TEST_F(ReplyTest, with_a_weak_digest_or_cipher_is_refused_unless_allowed) {
  const auto sha1 = granted(ReplyTo::of(request(client_, Cipher::aes128, Digest::sha1)), client_, {});
  const auto refused_digest = read_reply(*sha1, expected(client_), random_);
  ASSERT_FALSE(refused_digest);
  EXPECT_EQ(refused_digest.error().text(), "the reply is signed with sha1, and at least sha256 is wanted");
  Expected lenient = expected(client_);
  lenient.least_digest = Digest::sha1;
  EXPECT_TRUE(read_reply(*sha1, lenient, random_));

  const auto des3 = granted(ReplyTo::of(request(client_, Cipher::des3)), client_, {});
  const auto refused_cipher = read_reply(*des3, expected(client_), random_);
  ASSERT_FALSE(refused_cipher);
  EXPECT_EQ(refused_cipher.error().text(), "the reply is encrypted with des3, which is not allowed");
  lenient.least_cipher = Cipher::des3;
  EXPECT_TRUE(read_reply(*des3, lenient, random_));
}

}  // namespace
}  // namespace chancery::scep
