#pragma once

// A pkiMessage as received (RFC 8894 section 3.2): the outer, signed layer with its attributes. What is inside is still
// encrypted; request.h (at the server) and reply.h (at the client) open it. Reading is cheap; nothing private is used.

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "pki/certificate.h"
#include "pki/enveloped_data.h"
#include "pki/key.h"
#include "pki/signed_data.h"
#include "scep/message.h"

namespace chancery::scep {

class PkiMessage {
 public:
  // Fails when the outer layer is not a SignedData with one signer, its certificate, and a readable transactionID: then
  // there is nobody to answer (HTTP 400). Everything else that is wrong can be told to the client in a CertRep, and is
  // reported by the accessors below.
  static Result<PkiMessage> parse(ByteView ber);

  [[nodiscard]] const TransactionId& transaction_id() const { return transaction_id_; }
  // An error when the attribute is absent, malformed, or a type this protocol does not define (UpdateReq among them).
  [[nodiscard]] const Result<MessageType>& type() const { return type_; }
  // Nothing when the attribute is absent, or malformed: then nonce_status() is an error.
  [[nodiscard]] const std::optional<Nonce>& sender_nonce() const { return sender_nonce_; }
  [[nodiscard]] const Status& nonce_status() const { return nonce_status_; }
  // Nothing when the attribute is absent or malformed.
  [[nodiscard]] const std::optional<Nonce>& recipient_nonce() const { return recipient_nonce_; }
  [[nodiscard]] const std::optional<Timestamp>& signing_time() const { return signing_time_; }
  // For CertRep: absent or unknown values are errors.
  [[nodiscard]] const Result<PkiStatus>& status() const { return status_; }
  [[nodiscard]] const std::optional<FailInfo>& fail_info() const { return fail_info_; }
  [[nodiscard]] const std::string& fail_info_text() const { return fail_info_text_; }

  [[nodiscard]] const pki::Certificate& signer() const { return *signer_; }
  // The first algorithm that this project does not have, for a person: of digest, signature, signer's key, the
  // content's frame and its encryption (section 3.2.1.4: badAlg). Nothing when all are known.
  [[nodiscard]] const std::optional<std::string>& unsupported() const { return unsupported_; }
  // REQUIRES: nothing is unsupported().
  [[nodiscard]] const pki::PublicKey& signer_key() const;
  [[nodiscard]] const pki::SignedData& signed_data() const { return signed_data_; }
  // The digest of the signature; nothing when it is not one of ours.
  [[nodiscard]] std::optional<pki::Digest> digest() const { return signed_data_.digest(); }
  // The outer signature is the signer's.
  [[nodiscard]] Status verify() const;
  // The pkcsPKIEnvelope, parsed; an error when it is absent or malformed.
  [[nodiscard]] const Result<pki::EnvelopedData>& envelope() const { return envelope_; }

 private:
  explicit PkiMessage(pki::SignedData signed_data) : signed_data_(std::move(signed_data)) {}

  pki::SignedData signed_data_;
  TransactionId transaction_id_;
  Result<MessageType> type_ = MessageType::cert_rep;
  std::optional<Nonce> sender_nonce_, recipient_nonce_;
  Status nonce_status_;
  std::optional<Timestamp> signing_time_;
  Result<PkiStatus> status_ = PkiStatus::failure;
  std::optional<FailInfo> fail_info_;
  std::string fail_info_text_;
  std::optional<pki::Certificate> signer_;
  std::optional<pki::PublicKey> signer_key_;  // nothing: one of a kind that is not supported
  std::optional<std::string> unsupported_;
  Result<pki::EnvelopedData> envelope_ = std::unexpected(Error(ErrorCode::invalid, "no envelope"));
};

// A certificate with its private key. The references must outlive it.
struct Identity {
  const pki::Certificate& certificate;
  const pki::PrivateKey& key;
};

// The attributes of a message to be sent (section 3.2.1), encoded.
struct Attributes {
  MessageType type = MessageType::cert_rep;
  TransactionId transaction_id;
  std::optional<Nonce> sender_nonce, recipient_nonce;
  std::optional<PkiStatus> status;
  std::optional<FailInfo> fail_info;
  std::string fail_info_text;  // empty: none
  std::optional<Timestamp> signing_time;
};
[[nodiscard]] std::vector<pki::CmsAttribute> encode_attributes(const Attributes& attributes);

}  // namespace chancery::scep
