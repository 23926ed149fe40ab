#include "scep/reply.h"

#include "scep/attributes.h"

namespace chancery::scep {
namespace {

constexpr std::size_t nonce_size = 16;

Nonce fresh_nonce(Random& random) { return Nonce{random.bytes(nonce_size)}; }

Attributes attributes_of(const ReplyTo& to, PkiStatus status, Random& random) {
  return {.type = MessageType::cert_rep,
          .transaction_id = to.transaction_id,
          .sender_nonce = fresh_nonce(random),
          .recipient_nonce = to.recipient_nonce,
          .status = status};
}

// `envelope` is empty for FAILURE and PENDING, which have no pkcsPKIEnvelope (RFC 8894 sections 3.3.2.2 and 3.3.2.3).
// Their eContent is then there, with nothing in it: OpenSSL's PKCS7_verify(), and with it certmonger, takes a message
// without eContent for one whose content was left behind.
Result<Bytes> sign_reply(const ReplyTo& to, const Attributes& attributes, ByteView envelope, const Identity& signer) {
  pki::SignedDataContent content{.content = envelope, .signer = &signer.certificate, .digest = to.digest};
  content.attributes = encode_attributes(attributes);
  content.certificates.push_back(to_bytes(signer.certificate.der()));
  return pki::sign_data(content, signer.key);
}

}  // namespace

ReplyTo ReplyTo::of(const PkiMessage& request) {
  ReplyTo to{.transaction_id = request.transaction_id(), .recipient_nonce = request.sender_nonce()};
  to.digest = request.digest().value_or(to.digest);
  if (!request.envelope()) return to;
  to.cipher = request.envelope()->cipher.value_or(to.cipher);
  for (const pki::Recipient& recipient : request.envelope()->recipients) {
    const auto* transport = std::get_if<pki::KeyTransportRecipient>(&recipient);
    if (transport == nullptr) continue;
    to.oaep = transport->oaep;
    if (to.oaep) to.oaep_digest = transport->oaep_digest;
    break;
  }
  return to;
}

Result<Bytes> make_success(const SuccessReply& reply, const Identity& signer, Random& random) {
  const ReplyTo& to = reply.to;
  const Attributes attributes = attributes_of(to, PkiStatus::success, random);
  const Bytes bundle = pki::write_bundle(reply.bundle);
  Result<Bytes> envelope =
      refused("the requester's key cannot encrypt, and there is no challengePassword to encrypt under");
  if (reply.requester_key.can_encrypt()) {
    envelope = pki::encrypt_to(reply.requester, reply.requester_key, bundle,
                               {.cipher = to.cipher, .oaep = to.oaep, .oaep_digest = to.oaep_digest}, random);
  } else if (!reply.password.empty()) {
    envelope = pki::encrypt_to_password(reply.password, bundle, to.cipher, random);
  }
  TRY_IN("encrypting the reply", const Bytes encrypted, std::move(envelope));
  return sign_reply(to, attributes, encrypted, signer);
}

Result<Bytes> make_pending(const ReplyTo& to, const Identity& signer, Random& random) {
  return sign_reply(to, attributes_of(to, PkiStatus::pending, random), {}, signer);
}

Result<Bytes> make_failure(const ReplyTo& to, FailInfo info, std::string_view text, const Identity& signer,
                           Random& random) {
  Attributes attributes = attributes_of(to, PkiStatus::failure, random);
  attributes.fail_info = info;
  attributes.fail_info_text = text_for_people(text);
  return sign_reply(to, attributes, {}, signer);
}

}  // namespace chancery::scep
