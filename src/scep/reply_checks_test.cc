// What a client does not accept as the answer to its request, each with its own error.

#include <gtest/gtest.h>

#include "scep/attributes.h"
#include "scep/example_parties.h"
#include "scep/reply.h"
#include "testing/fakes.h"

namespace chancery::scep {
namespace {

const Nonce our_nonce{Bytes(16, 7)};
const TransactionId our_transaction = TransactionId::from_text("T1");

class ReplyChecksTest : public ::testing::Test {
 protected:
  // An ordinary SUCCESS, FAILURE or PENDING, which a test then spoils.
  static Attributes good(PkiStatus status) {
    Attributes attributes{.transaction_id = our_transaction,
                          .sender_nonce = Nonce{Bytes(16, 9)},
                          .recipient_nonce = our_nonce,
                          .status = status};
    if (status == PkiStatus::failure) attributes.fail_info = FailInfo::bad_request;
    return attributes;
  }
  static std::vector<pki::CmsAttribute> without(const pki::Oid& type) {
    auto attributes = encode_attributes(good(PkiStatus::failure));
    std::erase_if(attributes, [&](const pki::CmsAttribute& attribute) { return attribute.type == type; });
    return attributes;
  }
  static std::vector<pki::CmsAttribute> with_text(const pki::Oid& type, std::string_view text) {
    auto attributes = without(type);
    pki::der::Writer value;
    value.text(pki::der::tag::printable_string, text);
    attributes.push_back({type, {value.take()}});
    return attributes;
  }
  Bytes plain(const Attributes& attributes) const {
    return example::sign_without_content(ra_, encode_attributes(attributes));
  }
  Bytes enveloped(ByteView content) {
    const auto envelope = pki::encrypt_to(client_.certificate, client_.key.public_key(), content, {}, random_);
    return example::sign(ra_, *envelope, encode_attributes(good(PkiStatus::success)));
  }
  std::string error_of(ByteView reply) {
    const Expected expected{.transaction_id = our_transaction,
                            .sender_nonce = our_nonce,
                            .authority = authority_,
                            .requester = client_.identity()};
    const auto read = read_reply(reply, expected, random_);
    return read ? "accepted" : read.error().text();
  }

  testing::FakeRandom random_;
  const example::Party ra_ = example::ra();
  const example::Party client_ = example::client();
  const std::vector<pki::Certificate> authority_{example::certificate("ca"), ra_.certificate};
};

TEST_F(ReplyChecksTest, the_good_ones_are_accepted) {
  EXPECT_EQ(error_of(plain(good(PkiStatus::failure))), "accepted");
  EXPECT_EQ(error_of(plain(good(PkiStatus::pending))), "accepted");
  EXPECT_EQ(error_of(enveloped(pki::write_bundle({.certificates = {to_bytes(client_.certificate.der())}}))),
            "accepted");
}

// Checklist 24 and 25, and agreement of what is inside with what is outside.
TEST_F(ReplyChecksTest, each_broken_rule_has_its_own_error) {
  Attributes request = good(PkiStatus::failure);
  request.type = MessageType::pkcs_request;
  Attributes other_transaction = good(PkiStatus::failure);
  other_transaction.transaction_id = TransactionId::from_text("T2");
  Attributes other_string_type = good(PkiStatus::failure);
  other_string_type.transaction_id.tag = pki::der::tag::utf8_string;
  Attributes other_nonce = good(PkiStatus::failure);
  other_nonce.recipient_nonce->octets.back() ^= 1;
  Attributes cut_nonce = good(PkiStatus::failure);
  cut_nonce.recipient_nonce->octets.pop_back();
  Attributes info_in_pending = good(PkiStatus::pending);
  info_in_pending.fail_info = FailInfo::bad_alg;
  const struct {
    const char* name;
    Bytes reply;
    const char* expect;
  } rows[] = {
      {"a request", plain(request), "the reply's messageType is PKCSReq, not CertRep"},
      {"no messageType", example::sign_without_content(ra_, without(attribute_types::message_type)), "no messageType"},
      {"UpdateReq", example::sign_without_content(ra_, with_text(attribute_types::message_type, "18")),
       "messageType 18 (UpdateReq) is obsolete and not processed"},
      {"another transaction", plain(other_transaction), "the reply's transactionID is not the request's"},
      {"another string type", plain(other_string_type), "the reply's transactionID is not the request's"},
      {"no transactionID", example::sign_without_content(ra_, without(attribute_types::transaction_id)),
       "reading the reply: no transactionID"},
      {"another nonce", plain(other_nonce), "the reply's recipientNonce is not the request's senderNonce"},
      {"a prefix of the nonce", plain(cut_nonce), "the reply's recipientNonce is not the request's senderNonce"},
      {"no nonce", example::sign_without_content(ra_, without(attribute_types::recipient_nonce)),
       "the reply has no readable recipientNonce"},
      {"no status", example::sign_without_content(ra_, without(attribute_types::pki_status)), "no pkiStatus"},
      {"unknown status", example::sign_without_content(ra_, with_text(attribute_types::pki_status, "1")),
       "pkiStatus is not 0, 2 or 3"},
      {"FAILURE without failInfo", example::sign_without_content(ra_, without(attribute_types::fail_info)),
       "the reply is a FAILURE without a failInfo that is defined"},
      {"unknown failInfo", example::sign_without_content(ra_, with_text(attribute_types::fail_info, "5")),
       "the reply is a FAILURE without a failInfo that is defined"},
      {"failInfo in PENDING", plain(info_in_pending), "the reply has failInfo and is no FAILURE"},
      {"SUCCESS without envelope", plain(good(PkiStatus::success)), "no pkcsPKIEnvelope"},
      {"SUCCESS in the clear", example::sign(ra_, pki::write_bundle({}), encode_attributes(good(PkiStatus::success))),
       "reading the pkcsPKIEnvelope: *"},
      {"content that is no bundle", enveloped(as_bytes("hello")), "reading the reply's content: *"},
      {"empty content", enveloped({}), "reading the reply's content: *"},
      {"not CMS", to_bytes(as_bytes("Internal Server Error")), "reading the reply: reading the pkiMessage: *"},
      {"empty", {}, "reading the reply: reading the pkiMessage: *"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const std::string_view expect = row.expect;
    const std::string error = error_of(row.reply);
    // What lies behind a star is told by the layer below, and tested there.
    if (expect.ends_with('*')) {
      EXPECT_TRUE(error.starts_with(expect.substr(0, expect.size() - 1))) << error;
    } else {
      EXPECT_EQ(error, expect);
    }
  }
}

// Checklist 38 and 60: only who was authenticated before may answer.
TEST_F(ReplyChecksTest, signer_must_be_one_of_the_authoritys_certificates_byte_for_byte) {
  const char* stranger = "the reply's signer is not one of the authority's certificates";
  const auto attributes = encode_attributes(good(PkiStatus::failure));
  EXPECT_EQ(error_of(example::sign_without_content(client_, attributes)), stranger);
  // The RA's key under another certificate, even with the same name and serial number.
  const example::Party twin{
      example::key("ra"),
      example::issue(example::ca(), ra_.key.public_key(), {.subject = "CN=Chancery Test RA,O=Chancery Test,C=DE"})};
  EXPECT_EQ(error_of(example::sign_without_content(twin, attributes)), stranger);
  // The RA's certificate with another key.
  const example::Party forger{example::key("client"), ra_.certificate};
  const std::string error = error_of(example::sign_without_content(forger, attributes));
  EXPECT_TRUE(error.starts_with("checking the reply's signature: ")) << error;
}

// The order of the checks: nothing of an unsigned or foreign message is believed, not even what it says went wrong.
TEST_F(ReplyChecksTest, signer_is_checked_before_anything_it_says) {
  Attributes all_wrong = good(PkiStatus::success);
  all_wrong.type = MessageType::get_crl;
  all_wrong.transaction_id = TransactionId::from_text("T2");
  all_wrong.recipient_nonce.reset();
  EXPECT_EQ(error_of(example::sign_without_content(client_, encode_attributes(all_wrong))),
            "the reply's signer is not one of the authority's certificates");
  EXPECT_EQ(error_of(plain(all_wrong)), "the reply's messageType is GetCRL, not CertRep");
  all_wrong.type = MessageType::cert_rep;
  EXPECT_EQ(error_of(plain(all_wrong)), "the reply's transactionID is not the request's");
  all_wrong.transaction_id = our_transaction;
  EXPECT_EQ(error_of(plain(all_wrong)), "the reply has no readable recipientNonce");
}

}  // namespace
}  // namespace chancery::scep
