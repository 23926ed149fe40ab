#pragma once

// What the agent keeps, as values, and the place that keeps it. Granted by device/ (files); a test grants memory.

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "pki/certificate.h"
#include "pki/key.h"
#include "scep/message.h"

namespace chancery::agent {

// Where a certificate comes from, kept with it so that a renewal needs no arguments.
struct Source {
  std::string url;
  Bytes fingerprint;  // SHA-256 of the CA certificate that is trusted
};

// A key with its certificate, and what belongs to it.
struct Credential {
  pki::PrivateKey key;
  pki::Certificate certificate;
  std::vector<pki::Certificate> chain;  // from the certificate's issuer upwards, without a self-issued root
  std::vector<pki::Certificate> authorities;
  Source source;
};

// The same before it is kept: the key stays its owner's.
struct NewCredential {
  const pki::PrivateKey& key;
  const pki::Certificate& certificate;
  std::vector<pki::Certificate> chain;
  std::vector<pki::Certificate> authorities;
  Source source;
};

// What the server said last to a pending enrolment.
enum class LastAnswer : std::uint8_t {
  none,
  pending,   // from now on it is asked by CertPoll
  rejected,  // which somebody on the way can provoke (docs/threat-model.md): key and request are kept to try again
};

// Everything that an enrolment needs to go on after a restart. Kept before its first message leaves.
struct PendingEnrolment {
  scep::MessageType type = scep::MessageType::pkcs_request;  // or renewal_request
  scep::TransactionId transaction_id;
  pki::PrivateKey key;
  // Signs the messages: self-signed with `key`; in a renewal the certificate to be replaced, whose key is the active
  // credential's.
  pki::Certificate signer;
  SecretBytes request;  // PKCS#10; it holds the challenge
  Source source;
  Timestamp started;
  LastAnswer last_answer = LastAnswer::none;
};

class CredentialFolder {
 public:
  virtual ~CredentialFolder() = default;

  // The key and certificate in use; nothing before the first enrolment. Always a pair that belongs together.
  virtual Result<std::optional<Credential>> active() = 0;
  // Puts key and certificate into use together. When it fails, either the old pair is in use or the new one.
  virtual Status activate(const NewCredential& credential) = 0;

  virtual Result<std::optional<PendingEnrolment>> pending() = 0;
  // Keeps it, whole or not at all. ErrorCode::conflict when there is one already.
  virtual Status begin(const PendingEnrolment& pending) = 0;
  // Sets last_answer of the pending enrolment.
  virtual Status mark(LastAnswer answer) = 0;
  // From now on the pending request goes out in a message of that type and in that transaction, and was not answered
  // yet. At one stroke: its key is the same one whatever comes between.
  virtual Status send_as(scep::MessageType type, const scep::TransactionId& transaction_id) = 0;
  // Forgets the pending enrolment. There need not be one.
  virtual Status finish() = 0;
};

}  // namespace chancery::agent
