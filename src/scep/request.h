#pragma once

// Requests, from both ends: the client makes them, the server opens them (RFC 8894 sections 3.3.1, 3.3.3, 3.3.4).

#include <variant>

#include "base/random.h"
#include "pki/request.h"
#include "scep/pki_message.h"

namespace chancery::scep {

// Section 3.3.3: what a CertPoll carries.
struct IssuerAndSubject {
  Bytes issuer_der;
  Bytes subject_der;
};
Result<IssuerAndSubject> read_issuer_and_subject(ByteView encoded);
[[nodiscard]] Bytes write_issuer_and_subject(const IssuerAndSubject& value);

// What the envelope of a request holds: PKCSReq and RenewalReq; CertPoll; GetCert and GetCRL.
using RequestContent = std::variant<pki::CertificateRequest, IssuerAndSubject, pki::IssuerAndSerial>;

// Decrypts and reads the envelope of `message` with the recipient's key. REQUIRES: message.type() and
// message.envelope() have values, the type is a request's, and the envelope's cipher is known. Whatever goes wrong (no
// such recipient, decryption, syntax, a request not signed with its own key), the error is the same, so that nobody
// learns from it.
Result<RequestContent> open_request(const PkiMessage& message, const Identity& recipient, Random& random);

// What the client needs to make a request.
struct OutgoingRequest {
  MessageType type = MessageType::pkcs_request;
  TransactionId transaction_id;
  Nonce sender_nonce;                 // 16 fresh octets
  ByteView content;                   // PKCS#10, IssuerAndSubject or IssuerAndSerialNumber, in DER
  const pki::Certificate& recipient;  // the authority's encryption certificate
  pki::Cipher cipher = pki::Cipher::aes128;
  pki::Digest digest = pki::Digest::sha256;
  bool oaep = false;
  std::optional<Timestamp> signing_time;  // RFC 8894 does not ask for it; absent unless set
};
// A pkiMessage in DER, signed by `signer`, whose certificate goes along.
Result<Bytes> make_request_message(const OutgoingRequest& request, const Identity& signer, Random& random);

// SHA-256 of the public key in hexadecimal: a transactionID that a client can derive again after a crash.
[[nodiscard]] TransactionId transaction_id_for(const pki::PublicKey& key);

}  // namespace chancery::scep
