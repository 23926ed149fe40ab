// Messages that were cut or changed on their way: nothing crashes (the sanitizers watch), and nothing changed verifies.

#include <gtest/gtest.h>

#include "scep/ca_certificates.h"
#include "scep/example_parties.h"
#include "scep/reply.h"
#include "scep/request.h"
#include "testing/fakes.h"

namespace chancery::scep {
namespace {

class DamageTest : public ::testing::Test {
 protected:
  // Does all that a server does with a message, and tells whether it would have believed it.
  bool server_believes(ByteView bytes) {
    const auto message = PkiMessage::parse(bytes);
    if (!message) return false;
    (void)ReplyTo::of(*message);
    if (!message->verify()) return false;
    if (!message->type() || *message->type() == MessageType::cert_rep) return false;
    if (!message->envelope() || !message->envelope()->cipher) return false;
    return open_request(*message, ra_.identity(), random_).has_value();
  }
  // The same for the client that waits for the reply of the transcript's CertPoll.
  bool client_believes(ByteView bytes, const PkiMessage& request) {
    const Expected expected{.transaction_id = request.transaction_id(),
                            .sender_nonce = *request.sender_nonce(),
                            .authority = authority_,
                            .requester = client_.identity()};
    return read_reply(bytes, expected, random_).has_value();
  }

  testing::FakeRandom random_;
  const example::Party ra_ = example::ra();
  const example::Party client_ = example::client();
  const std::vector<pki::Certificate> authority_{ra_.certificate};
  const Bytes request_ = example::vector_file("transcript/03-pkcs-req.der");
  const Bytes poll_ = example::vector_file("transcript/05-cert-poll.der");
  const Bytes reply_ = example::vector_file("transcript/06-cert-rep-success.der");
};

TEST_F(DamageTest, undamaged_messages_are_believed) {
  EXPECT_TRUE(server_believes(request_));
  EXPECT_TRUE(client_believes(reply_, *PkiMessage::parse(poll_)));
}

TEST_F(DamageTest, a_message_cut_anywhere_is_not_believed) {
  const PkiMessage poll = *PkiMessage::parse(poll_);
  for (std::size_t size = 0; size < request_.size(); ++size)
    EXPECT_FALSE(server_believes(ByteView(request_).first(size))) << size;
  for (std::size_t size = 0; size < reply_.size(); ++size)
    EXPECT_FALSE(client_believes(ByteView(reply_).first(size), poll)) << size;
}

// Bytes that no signature covers may change unnoticed, but not what a message says: the signed content, the attributes,
// and the signer. So a changed message that is still believed must say the same.
TEST_F(DamageTest, a_changed_byte_is_noticed_or_changes_nothing_that_was_said) {
  const PkiMessage original = *PkiMessage::parse(request_);
  const PkiMessage poll = *PkiMessage::parse(poll_);
  std::size_t unnoticed = 0;
  for (std::size_t i = 0; i < request_.size(); ++i) {
    Bytes changed = request_;
    changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    if (!server_believes(changed)) continue;
    ++unnoticed;
    const PkiMessage message = *PkiMessage::parse(changed);
    EXPECT_EQ(message.signed_data().content(), original.signed_data().content()) << i;
    EXPECT_EQ(message.transaction_id(), original.transaction_id()) << i;
    EXPECT_EQ(*message.type(), *original.type()) << i;
    EXPECT_EQ(message.sender_nonce(), original.sender_nonce()) << i;
    EXPECT_TRUE(equal(message.signer_key().rsa_modulus(), original.signer_key().rsa_modulus())) << i;
    EXPECT_TRUE(equal(message.signer_key().rsa_exponent(), original.signer_key().rsa_exponent())) << i;
  }
  // The self-signed transport certificate is not covered by the message's signature: its names, dates and own
  // signature may change (section 2.3: only its key counts). Everything else is.
  EXPECT_LT(unnoticed, client_.certificate.der().size());
  for (std::size_t i = 0; i < reply_.size(); ++i) {
    Bytes changed = reply_;
    changed[i] ^= static_cast<std::uint8_t>(0x80U >> (i % 8));
    if (!client_believes(changed, poll)) continue;
    const PkiMessage message = *PkiMessage::parse(changed);
    EXPECT_TRUE(equal(message.signer().der(), ra_.certificate.der())) << i;
    EXPECT_EQ(message.signed_data().content(), PkiMessage::parse(reply_)->signed_data().content()) << i;
  }
}

TEST_F(DamageTest, authority_certificates_cut_or_changed_anywhere_are_no_others) {
  const Bytes bundle = example::vector_file("transcript/02-get-ca-cert.der");
  const Bytes pin = example::certificate("root").fingerprint();
  for (std::size_t i = 0; i < bundle.size(); ++i) {
    EXPECT_FALSE(read_ca_certificates(ByteView(bundle).first(i)).has_value()) << i;
    if (i % 7 != 0) continue;  // Each of these costs a few signatures.
    Bytes changed = bundle;
    changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    auto certificates = read_ca_certificates(changed);
    if (!certificates) continue;
    const auto authority = authenticate_authority(*std::move(certificates), pin, example::start);
    if (!authority) continue;
    EXPECT_TRUE(equal(authority->all[authority->encryption].der(), ra_.certificate.der())) << i;
  }
}

}  // namespace
}  // namespace chancery::scep
