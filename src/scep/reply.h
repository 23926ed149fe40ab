#pragma once

// CertRep, from both ends: the server makes it, the client checks and opens it (RFC 8894 section 3.3.2).

#include <string>
#include <variant>
#include <vector>

#include "base/random.h"
#include "pki/bundle.h"
#include "scep/pki_message.h"

namespace chancery::scep {

// How to answer one request: mirrored from it.
struct ReplyTo {
  TransactionId transaction_id;
  std::optional<Nonce> recipient_nonce;  // the request's senderNonce, as it came
  pki::Digest digest = pki::Digest::sha256;
  pki::Cipher cipher = pki::Cipher::aes128;
  bool oaep = false;
  pki::Digest oaep_digest = pki::Digest::sha1;
  // Mirrors digest, cipher and OAEP of `request`; a digest or cipher that is unknown leaves the default.
  static ReplyTo of(const PkiMessage& request);
};

// The certificates, or the CRL, that go back, encrypted to the requester's key; when that key cannot encrypt, under
// `password` (section 3.1). Without a password that is an error.
struct SuccessReply {
  const ReplyTo& to;
  const pki::Bundle& bundle;
  const pki::Certificate& requester;
  const pki::PublicKey& requester_key;
  ByteView password;
};
Result<Bytes> make_success(const SuccessReply& reply, const Identity& signer, Random& random);
// Section 3.3.2.3: no envelope.
Result<Bytes> make_pending(const ReplyTo& to, const Identity& signer, Random& random);
// Section 3.3.2.2: no envelope. `text` is for a person and stays short.
Result<Bytes> make_failure(const ReplyTo& to, FailInfo info, std::string_view text, const Identity& signer,
                           Random& random);

// What a client got back.
struct Granted {
  pki::Bundle bundle;
};
struct Pending {};
struct Rejected {
  FailInfo info = FailInfo::bad_request;
  std::string text;
};
using Reply = std::variant<Granted, Pending, Rejected>;

// What the client sent, and whom it trusts to answer.
struct Expected {
  TransactionId transaction_id;
  Nonce sender_nonce;
  // The authority's certificates as authenticated before: the reply's signer must be among them, byte for byte.
  const std::vector<pki::Certificate>& authority;
  Identity requester;
  ByteView password;  // for a password recipient
  pki::Digest least_digest = pki::Digest::sha256;
  pki::Cipher least_cipher = pki::Cipher::aes128;
  // Ends the refusal of SHA-1 or 3DES, and of MD5 or single DES: how the caller's user may allow them after all.
  std::string_view weak_advice = {};
  std::string_view broken_advice = {};
};
// Checks, in this order: structure, signer, signature, messageType, transactionID, recipientNonce, pkiStatus; then
// opens the envelope. Any mismatch is an error that names it (section 3.2.1.5: a reply whose nonce differs is
// rejected).
Result<Reply> read_reply(ByteView ber, const Expected& expected, Random& random);

// The certificate in `bundle` that holds `key`: the leaf is found by its key, not by its place.
Result<pki::Certificate> find_issued(const pki::Bundle& bundle, const pki::PublicKey& key);

}  // namespace chancery::scep
