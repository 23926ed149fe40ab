#pragma once

// The SCEP client: each call is one exchange with the server, checked in full before anything of it is believed. Keeps
// nothing between calls but the server's capabilities; enrolment.h does.

#include <optional>
#include <vector>

#include "agent/algorithm_floor.h"
#include "agent/transport.h"
#include "base/random.h"
#include "scep/ca_certificates.h"
#include "scep/capabilities.h"
#include "scep/reply.h"
#include "scep/request.h"

namespace chancery::agent {

struct ScepClientOptions {
  AlgorithmFloor floor;
  bool require_standard = false;  // a server that does not say SCEPStandard is refused (RFC 8894 section 7.5)
};

class ScepClient {
 public:
  ScepClient(Transport& transport, Random& random, ScepClientOptions options)
      : transport_(transport), random_(random), options_(options) {}

  // GetCACaps, asked once. A server that does not know the message has no capabilities (RFC 8894 section 3.5.2).
  Result<scep::Capabilities> capabilities();
  // GetCACert, not authenticated yet: see authority.h.
  Result<std::vector<pki::Certificate>> ca_certificates();
  // GetNextCACert, verified against `current`. ErrorCode::not_found when no rollover is planned.
  Result<std::vector<pki::Certificate>> next_ca_certificates(const std::vector<pki::Certificate>& current);

  struct Exchange {
    scep::MessageType type = scep::MessageType::pkcs_request;
    scep::TransactionId transaction_id;
    ByteView content;  // PKCS#10, IssuerAndSubject or IssuerAndSerialNumber
    const scep::AuthorityCertificates& authority;
    scep::Identity requester;  // signs the message; the reply is encrypted to it
    ByteView password = {};    // the challengePassword: decrypts replies to keys that cannot
  };
  // One PKIOperation. POST where the server offers it, else GET. ErrorCode::unavailable for what is worth trying again:
  // no connection, HTTP 5xx; invalid or refused for a reply that fails a check, with the check's name.
  Result<scep::Reply> exchange(const Exchange& exchange);
  // Whether the last exchange was answered with an HTTP status that says nothing of load or of a server that is down
  // (4xx but 408 and 429, 500 and 501, without Retry-After): the message itself may be what is not liked there.
  [[nodiscard]] bool was_disliked() const { return disliked_; }
  // Whether it was answered with a CertRep that passed every check.
  [[nodiscard]] bool was_answered() const { return answered_; }

 private:
  [[nodiscard]] Result<scep::ChosenAlgorithms> choose(const scep::Capabilities& capabilities) const;
  Result<TransportReply> send(ByteView message, bool post);

  Transport& transport_;
  Random& random_;
  ScepClientOptions options_;
  std::optional<scep::Capabilities> capabilities_;
  bool disliked_ = false, answered_ = false;
};

}  // namespace chancery::agent
