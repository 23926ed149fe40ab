#include "scep/request.h"

#include "base/check.h"

namespace chancery::scep {
namespace {

namespace der = pki::der;

// What the decrypted content must be for each type (RFC 8894 section 3.3). Its errors never leave open_request().
Result<RequestContent> read_content(MessageType type, ByteView content) {
  switch (type) {
    case MessageType::pkcs_request:
    case MessageType::renewal_request: {
      TRY(auto request, pki::CertificateRequest::from_der(content));
      // One by an algorithm that is not ours is not told apart either: what cannot be verified may be an envelope of
      // somebody else's that was changed on the way, and any other answer would say how far it could still be read.
      if (!request.signature_is_valid()) return invalid("not signed with its own key");
      return request;
    }
    case MessageType::cert_poll: {
      TRY(auto names, read_issuer_and_subject(content));
      return names;
    }
    case MessageType::get_cert:
    case MessageType::get_crl: {
      TRY(auto wanted, pki::read_issuer_and_serial(content));
      return wanted;
    }
    case MessageType::cert_rep: break;
  }
  CHECK(false);
}

}  // namespace

Result<IssuerAndSubject> read_issuer_and_subject(ByteView encoded) {
  TRY(const der::Element whole, der::only_element(encoded, der::tag::sequence, "IssuerAndSubject"));
  der::Reader reader(whole.content);
  TRY(const der::Element issuer, reader.expect(der::tag::sequence, "issuer"));
  TRY(const der::Element subject, reader.expect(der::tag::sequence, "subject"));
  TRY_STATUS(reader.end("IssuerAndSubject"));
  return IssuerAndSubject{to_bytes(issuer.whole), to_bytes(subject.whole)};
}

Bytes write_issuer_and_subject(const IssuerAndSubject& value) {
  der::Writer out;
  out.sequence([&] { out.raw(value.issuer_der).raw(value.subject_der); });
  return out.take();
}

Result<RequestContent> open_request(const PkiMessage& message, const Identity& recipient, Random& random) {
  CHECK(message.type().has_value() && *message.type() != MessageType::cert_rep);
  CHECK(message.envelope().has_value() && message.envelope()->cipher.has_value());
  const auto refuse = [] { return invalid("the request's envelope cannot be opened"); };
  const auto content = pki::decrypt(*message.envelope(), recipient.certificate, recipient.key, random);
  if (!content) return refuse();
  auto opened = read_content(*message.type(), content->view());
  if (!opened) return refuse();
  return opened;
}

Result<Bytes> make_request_message(const OutgoingRequest& request, const Identity& signer, Random& random) {
  TRY_IN("reading the authority's key", const pki::PublicKey key, request.recipient.public_key());
  // The password recipient of RFC 8894 section 3.1 is for replies: a request that carries its own challengePassword
  // under that very password would say nothing of who may read it.
  if (!key.can_encrypt()) return invalid("the authority's certificate has a key that cannot encrypt");
  const pki::EnvelopeOptions options{.cipher = request.cipher, .oaep = request.oaep};
  TRY_IN("encrypting the request", const Bytes envelope,
         pki::encrypt_to(request.recipient, key, request.content, options, random));
  pki::SignedDataContent content{.content = envelope, .signer = &signer.certificate, .digest = request.digest};
  content.attributes = encode_attributes({.type = request.type,
                                          .transaction_id = request.transaction_id,
                                          .sender_nonce = request.sender_nonce,
                                          .signing_time = request.signing_time});
  content.certificates.push_back(to_bytes(signer.certificate.der()));
  return pki::sign_data(content, signer.key);
}

TransactionId transaction_id_for(const pki::PublicKey& key) {
  return TransactionId::from_text(to_hex(key.fingerprint()));
}

}  // namespace chancery::scep
