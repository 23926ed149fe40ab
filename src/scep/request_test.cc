#include "scep/request.h"

#include <gtest/gtest.h>

#include "scep/example_parties.h"
#include "testing/fakes.h"

namespace chancery::scep {
namespace {

constexpr const char* one_answer = "the request's envelope cannot be opened";

class RequestTest : public ::testing::Test {
 protected:
  // What the client sends to the RA, which the test may change.
  OutgoingRequest outgoing(ByteView content) const {
    return {.transaction_id = TransactionId::from_text("T1"),
            .sender_nonce = Nonce{Bytes(16, 7)},
            .content = content,
            .recipient = ra_.certificate};
  }
  PkiMessage sent(const OutgoingRequest& request, const example::Party& signer) {
    const auto encoded = make_request_message(request, signer.identity(), random_);
    EXPECT_TRUE(encoded) << encoded.error().text();
    auto message = PkiMessage::parse(*encoded);
    EXPECT_TRUE(message) << message.error().text();
    EXPECT_TRUE(message->verify());
    return *std::move(message);
  }
  Result<RequestContent> open(const PkiMessage& message) { return open_request(message, ra_.identity(), random_); }
  // A message of `type` around an envelope made by hand.
  Result<RequestContent> open(MessageType type, ByteView envelope) {
    const Attributes attributes{
        .type = type, .transaction_id = TransactionId::from_text("T1"), .sender_nonce = Nonce{Bytes(16, 7)}};
    const auto message = PkiMessage::parse(example::sign(client_, envelope, encode_attributes(attributes)));
    EXPECT_TRUE(message);
    return open(*message);
  }
  Bytes to_ra(ByteView content) {
    return *pki::encrypt_to(ra_.certificate, ra_.key.public_key(), content, {}, random_);
  }

  testing::FakeRandom random_;
  const example::Party ra_ = example::ra();
  const example::Party client_ = example::client();
  const pki::CertificateRequest csr_ = example::certificate_request(client_.key, "CN=device,O=Example");
};

// Checklist 1, 19, 23 and 33.
TEST_F(RequestTest, pkcs_req_arrives_with_subject_key_and_challenge) {
  const PkiMessage message = sent(outgoing(csr_.der()), client_);
  EXPECT_EQ(*message.type(), MessageType::pkcs_request);
  EXPECT_EQ(message.transaction_id(), TransactionId::from_text("T1"));
  EXPECT_EQ(message.sender_nonce(), Nonce{Bytes(16, 7)});
  EXPECT_FALSE(message.recipient_nonce());
  EXPECT_FALSE(message.status());
  EXPECT_FALSE(message.signing_time());
  EXPECT_EQ(message.digest(), pki::Digest::sha256);
  EXPECT_EQ(message.envelope()->cipher, pki::Cipher::aes128);
  const auto opened = open(message);
  ASSERT_TRUE(opened) << opened.error().text();
  const auto& request = std::get<pki::CertificateRequest>(*opened);
  EXPECT_EQ(request.subject().to_text(), "CN=device,O=Example");
  EXPECT_EQ(request.public_key(), client_.key.public_key());
  EXPECT_EQ(as_text(request.challenge_password().view()), example::challenge);
}

// Checklist 39 and 43.
TEST_F(RequestTest, renewal_req_is_signed_with_the_old_certificate_around_a_new_key) {
  const example::Party old{example::key("client"), example::certificate("client")};
  OutgoingRequest request = outgoing(csr_.der());
  request.type = MessageType::renewal_request;
  const PkiMessage message = sent(request, old);
  EXPECT_EQ(*message.type(), MessageType::renewal_request);
  EXPECT_TRUE(equal(message.signer().der(), old.certificate.der()));
  const auto opened = open(message);
  ASSERT_TRUE(opened);
  EXPECT_EQ(std::get<pki::CertificateRequest>(*opened).public_key(), client_.key.public_key());
}

// Checklist 47.
TEST_F(RequestTest, cert_poll_carries_issuer_and_subject) {
  const IssuerAndSubject names{to_bytes(ra_.certificate.issuer_der()), to_bytes(csr_.subject_der())};
  const Bytes content = write_issuer_and_subject(names);
  OutgoingRequest request = outgoing(content);
  request.type = MessageType::cert_poll;
  const auto opened = open(sent(request, client_));
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(std::get<IssuerAndSubject>(*opened).issuer_der, names.issuer_der);
  EXPECT_EQ(std::get<IssuerAndSubject>(*opened).subject_der, names.subject_der);
}

// Checklist 52.
TEST_F(RequestTest, get_cert_and_get_crl_carry_issuer_and_serial_number) {
  const pki::IssuerAndSerial wanted{to_bytes(ra_.certificate.issuer_der()), ra_.certificate.serial()};
  const Bytes content = pki::write_issuer_and_serial(wanted);
  for (const MessageType type : {MessageType::get_cert, MessageType::get_crl}) {
    OutgoingRequest request = outgoing(content);
    request.type = type;
    const auto opened = open(sent(request, client_));
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(std::get<pki::IssuerAndSerial>(*opened), wanted);
  }
}

TEST_F(RequestTest, every_cipher_digest_and_padding_works) {
  using pki::Cipher;
  using pki::Digest;
  for (const Cipher cipher : {Cipher::des3, Cipher::aes128, Cipher::aes192, Cipher::aes256}) {
    for (const Digest digest : {Digest::sha1, Digest::sha256, Digest::sha384, Digest::sha512}) {
      for (const bool oaep : {false, true}) {
        OutgoingRequest request = outgoing(csr_.der());
        request.cipher = cipher;
        request.digest = digest;
        request.oaep = oaep;
        const PkiMessage message = sent(request, client_);
        EXPECT_EQ(message.digest(), digest);
        EXPECT_EQ(message.envelope()->cipher, cipher);
        EXPECT_EQ(message.envelope()->recipient_for(ra_.certificate)->oaep, oaep);
        EXPECT_TRUE(open(message));
      }
    }
  }
}

TEST_F(RequestTest, ec_and_ed25519_keys_sign_requests_too) {
  for (const auto& make : {example::ec_client, example::ed25519_client}) {
    const example::Party party = make();
    const auto csr = example::certificate_request(party.key, "CN=small");
    const auto opened = open(sent(outgoing(csr.der()), party));
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(std::get<pki::CertificateRequest>(*opened).public_key(), party.key.public_key());
  }
}

TEST_F(RequestTest, signing_time_is_there_when_set) {
  OutgoingRequest request = outgoing(csr_.der());
  request.signing_time = example::start;
  EXPECT_EQ(sent(request, client_).signing_time(), example::start);
}

// Checklist 55 and 35, and section 5.2 of the research: whatever is wrong, the answer is the same.
TEST_F(RequestTest, that_cannot_be_opened_gets_the_same_answer_whatever_is_wrong) {
  const example::Party ca = example::ca();
  Bytes broken_signature = to_bytes(csr_.der());
  broken_signature.back() ^= 1;
  Bytes trailing = to_bytes(csr_.der());
  trailing.push_back(0);
  Bytes broken_padding = to_ra(csr_.der());
  broken_padding[broken_padding.size() - 17] ^= 1;
  Bytes poll = write_issuer_and_subject({to_bytes(ra_.certificate.issuer_der()), to_bytes(csr_.subject_der())});
  using enum MessageType;
  const struct {
    const char* name;
    MessageType type;
    Bytes envelope;
  } rows[] = {
      {"for somebody else", pkcs_request,
       *pki::encrypt_to(ca.certificate, ca.key.public_key(), csr_.der(), {}, random_)},
      {"named for us, but under another key", pkcs_request,
       *pki::encrypt_to(ra_.certificate, ca.key.public_key(), csr_.der(), {}, random_)},
      {"the same with OAEP", pkcs_request,
       *pki::encrypt_to(ra_.certificate, ca.key.public_key(), csr_.der(), {.oaep = true}, random_)},
      {"under a password", pkcs_request,
       *pki::encrypt_to_password(as_bytes(example::challenge), csr_.der(), pki::Cipher::aes128, random_)},
      {"padding that is broken", pkcs_request, broken_padding},
      {"empty content", pkcs_request, to_ra({})},
      {"content that is no request", pkcs_request, to_ra(as_bytes("hello"))},
      {"a request that is not signed with its own key", pkcs_request, to_ra(broken_signature)},
      {"the same in a renewal", renewal_request, to_ra(broken_signature)},
      {"data after the request", pkcs_request, to_ra(trailing)},
      {"the content of CertPoll in PKCSReq", pkcs_request, to_ra(poll)},
      {"a request in CertPoll", cert_poll, to_ra(csr_.der())},
      {"a request in GetCert", get_cert, to_ra(csr_.der())},
      {"the content of CertPoll in GetCRL", get_crl, to_ra(poll)},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto opened = open(row.type, row.envelope);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().text(), one_answer);
    EXPECT_EQ(opened.error().code(), ErrorCode::invalid);
  }
}

TEST_F(RequestTest, is_not_made_for_an_authority_whose_key_cannot_encrypt) {
  const example::Party ec = example::ec_client();
  OutgoingRequest request{.transaction_id = TransactionId::from_text("T1"),
                          .sender_nonce = Nonce{Bytes(16, 7)},
                          .content = csr_.der(),
                          .recipient = ec.certificate};
  const auto message = make_request_message(request, client_.identity(), random_);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().text(), "the authority's certificate has a key that cannot encrypt");
}

TEST_F(RequestTest, issuer_and_subject_that_is_malformed_is_refused) {
  const IssuerAndSubject names{to_bytes(ra_.certificate.issuer_der()), to_bytes(csr_.subject_der())};
  const Bytes good = write_issuer_and_subject(names);
  ASSERT_TRUE(read_issuer_and_subject(good));
  Bytes trailing = good;
  trailing.push_back(0);
  pki::der::Writer one;
  one.sequence([&] { one.raw(names.issuer_der); });
  pki::der::Writer three;
  three.sequence([&] { three.raw(names.issuer_der).raw(names.subject_der).null(); });
  for (const Bytes& bad : {Bytes(), trailing, one.take(), three.take(), Bytes(good.begin(), good.end() - 1)})
    EXPECT_FALSE(read_issuer_and_subject(bad)) << to_hex(bad);
}

// A client finds its transaction again after a crash.
TEST_F(RequestTest, transaction_id_comes_from_the_key_alone) {
  const TransactionId id = transaction_id_for(client_.key.public_key());
  EXPECT_EQ(id, transaction_id_for(csr_.public_key()));
  EXPECT_EQ(id.to_text(), to_hex(pki::hash(pki::Digest::sha256, client_.key.public_key().spki())));
  EXPECT_EQ(id.tag, pki::der::tag::printable_string);
  EXPECT_NE(id, transaction_id_for(ra_.key.public_key()));
}

}  // namespace
}  // namespace chancery::scep
