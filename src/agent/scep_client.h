#pragma once

// The SCEP client: each call is one exchange with the server, checked in full before anything of it is believed. Keeps
// no state between calls; enrolment.h does.

#include <optional>
#include <string>

#include "agent/transport.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "pki/request.h"
#include "scep/ca_certificates.h"
#include "scep/capabilities.h"
#include "scep/reply.h"
#include "scep/request.h"

namespace chancery::agent {

struct ScepClientOptions {
  bool allow_weak_algorithms = false;  // 3DES and SHA-1 with servers that offer nothing better
};

// What one exchange came to.
using Answer = scep::Reply;  // Granted, Pending or Rejected

class ScepClient {
 public:
  ScepClient(Transport& transport, Clock& clock, Random& random, ScepClientOptions options)
      : transport_(transport), clock_(clock), random_(random), options_(options) {}

  // GetCACaps. A server that does not know the message has no capabilities (RFC 8894 section 3.5.2).
  Result<scep::Capabilities> capabilities();
  // GetCACert, not authenticated yet: see scep::authenticate_authority().
  Result<std::vector<pki::Certificate>> ca_certificates();
  // GetNextCACert, verified against `current`.
  Result<std::vector<pki::Certificate>> next_ca_certificates(const std::vector<pki::Certificate>& current);

  struct Exchange {
    scep::MessageType type = scep::MessageType::pkcs_request;
    scep::TransactionId transaction_id;
    ByteView content;  // PKCS#10, IssuerAndSubject or IssuerAndSerialNumber
    const scep::AuthorityCertificates& authority;
    scep::Identity requester;  // signs the message; the reply is encrypted to it
    ByteView password;         // the challengePassword: decrypts replies to keys that cannot
  };
  // One PKIOperation. POST where the server offers it, else GET. ErrorCode::unavailable for what is worth trying again:
  // no connection, HTTP 5xx; invalid or refused for a reply that fails a check, with the check's name.
  Result<Answer> exchange(const Exchange& exchange);

 private:
  Transport& transport_;
  Clock& clock_;
  Random& random_;
  ScepClientOptions options_;
  std::optional<scep::Capabilities> capabilities_;
};

}  // namespace chancery::agent
