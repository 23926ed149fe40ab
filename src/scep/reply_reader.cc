#include <fmt/format.h>

#include <algorithm>

#include "scep/reply.h"

namespace chancery::scep {
namespace {

Status check_signer(const PkiMessage& message, const Expected& expected) {
  const bool known = std::ranges::any_of(expected.authority, [&](const pki::Certificate& certificate) {
    return equal(certificate.der(), message.signer().der());
  });
  if (!known) return refused("the reply's signer is not one of the authority's certificates");
  return {};
}

Status check_signature(const PkiMessage& message, const Expected& expected) {
  if (!message.digest()) return refused("the reply is signed with a digest that is not known");
  if (*message.digest() < expected.least_digest)
    return refused(fmt::format("the reply is signed with {}, and at least {} is wanted{}",
                               pki::to_string(*message.digest()), pki::to_string(expected.least_digest),
                               *message.digest() == pki::Digest::md5 ? expected.broken_advice : expected.weak_advice));
  TRY_STATUS_IN("checking the reply's signature", message.verify());
  return {};
}

Status check_attributes(const PkiMessage& message, const Expected& expected) {
  if (!message.type()) return std::unexpected(message.type().error());
  if (*message.type() != MessageType::cert_rep)
    return invalid(fmt::format("the reply's messageType is {}, not CertRep", to_string(*message.type())));
  if (message.transaction_id() != expected.transaction_id)
    return refused("the reply's transactionID is not the request's");
  if (!message.recipient_nonce()) return refused("the reply has no readable recipientNonce");
  if (*message.recipient_nonce() != expected.sender_nonce)
    return refused("the reply's recipientNonce is not the request's senderNonce");
  if (!message.status()) return std::unexpected(message.status().error());
  return {};
}

// To our key where a recipient names our certificate, or by the password that we sent as challenge.
Result<SecretBytes> open_envelope(const pki::EnvelopedData& envelope, const Expected& expected, Random& random) {
  const Identity& requester = expected.requester;
  if (requester.key.public_key().can_encrypt() && envelope.recipient_for(requester.certificate) != nullptr)
    return pki::decrypt(envelope, requester.certificate, requester.key, random);
  if (envelope.password_recipient() == nullptr) return invalid("the reply is not encrypted to our key");
  if (expected.password.empty()) return invalid("the reply is encrypted under a password, and we have none");
  return pki::decrypt(envelope, expected.password);
}

Result<Reply> read_success(const PkiMessage& message, const Expected& expected, Random& random) {
  if (!message.envelope()) return std::unexpected(message.envelope().error());
  const pki::EnvelopedData& envelope = *message.envelope();
  if (!envelope.cipher)
    return invalid(fmt::format("the reply is encrypted with {}, which is not known", envelope.cipher_oid.dotted()));
  if (*envelope.cipher < expected.least_cipher)
    return refused(fmt::format("the reply is encrypted with {}, which is not allowed{}",
                               pki::to_string(*envelope.cipher),
                               *envelope.cipher == pki::Cipher::des ? expected.broken_advice : expected.weak_advice));
  TRY_IN("opening the reply", const SecretBytes content, open_envelope(envelope, expected, random));
  TRY_IN("reading the reply's content", pki::Bundle bundle, pki::read_bundle(content.view()));
  return Granted{std::move(bundle)};
}

}  // namespace

Result<Reply> read_reply(ByteView ber, const Expected& expected, Random& random) {
  TRY_IN("reading the reply", const PkiMessage message, PkiMessage::parse(ber));
  TRY_STATUS(check_signer(message, expected));
  TRY_STATUS(check_signature(message, expected));
  TRY_STATUS(check_attributes(message, expected));
  if (*message.status() == PkiStatus::failure) {
    if (!message.fail_info()) return invalid("the reply is a FAILURE without a failInfo that is defined");
    return Rejected{*message.fail_info(), message.fail_info_text()};
  }
  if (message.fail_info()) return invalid("the reply has failInfo and is no FAILURE");
  // Content beside PENDING, which should not be there, is not looked at.
  if (*message.status() == PkiStatus::pending) return Pending{};
  return read_success(message, expected, random);
}

Result<pki::Certificate> find_issued(const pki::Bundle& bundle, const pki::PublicKey& key) {
  for (const Bytes& der : bundle.certificates) {
    auto certificate = pki::Certificate::from_der(der);
    if (certificate && equal(certificate->spki(), key.spki())) return *std::move(certificate);
  }
  return not_found("the reply holds no certificate for our key");
}

}  // namespace chancery::scep
