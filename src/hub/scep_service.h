#pragma once

// The SCEP server's verbs: what a message to an endpoint is answered with. Knows nothing of HTTP.

#include <array>
#include <atomic>
#include <string>
#include <string_view>

#include "hub/context.h"
#include "hub/enrolment.h"
#include "hub/refusals.h"
#include "scep/ca_certificates.h"
#include "scep/reply.h"
#include "scep/request.h"

namespace chancery::hub {

// How messages ended, counted since the start.
struct ScepCounters {
  std::atomic<std::uint64_t> granted{0}, pending{0}, unreadable{0}, unavailable{0};
  std::array<std::atomic<std::uint64_t>, 5> failed{};  // by failInfo
};

class ScepService {
 public:
  explicit ScepService(Context& context) : context_(context), enrolment_(context), refusals_(context.clock) {}

  // The four below: ErrorCode::not_found when there is no endpoint of that name, or it is switched off.
  Result<std::string> capabilities(std::string_view name) const;
  Result<scep::CaCertificatesReply> ca_certificates(std::string_view name) const;
  // Also not_found while no rollover is planned.
  Result<Bytes> next_ca_certificates(std::string_view name) const;
  // A CertRep whenever the message has a transactionID and a signer to answer; else ErrorCode::invalid (HTTP 400).
  // Errors of the ledger are ErrorCode::unavailable: the client keeps its transaction and tries again.
  Result<Bytes> pki_operation(std::string_view name, ByteView ber, std::string_view source);

  [[nodiscard]] const ScepCounters& counters() const { return counters_; }
  // Who was refused lately.
  [[nodiscard]] Refusals& refusals() { return refusals_; }

 private:
  Result<const Endpoint*> find(std::string_view name) const;
  // A message, where it came in and from where.
  struct Exchange {
    const Endpoint& endpoint;
    const scep::PkiMessage& message;
    std::string_view source;
  };
  Result<Bytes> answer(const Exchange& exchange);
  Result<Bytes> enrol(const Exchange& exchange, const pki::CertificateRequest& request,
                      const WorkingGeneration& generation);
  Result<Bytes> poll(const Exchange& exchange, const WorkingGeneration& generation);
  Result<Bytes> get_certificate(const Exchange& exchange, const pki::IssuerAndSerial& wanted,
                                const WorkingGeneration& generation);
  Result<Bytes> get_crl(const Exchange& exchange, const pki::IssuerAndSerial& wanted,
                        const WorkingGeneration& generation);

  Result<Bytes> reply(const Exchange& exchange, Outcome outcome, ByteView password,
                      const WorkingGeneration& generation);
  Result<Bytes> grant(const Exchange& exchange, const pki::Bundle& bundle, ByteView password,
                      const WorkingGeneration& generation);
  Result<Bytes> refuse(const Exchange& exchange, const Refusal& refusal, const WorkingGeneration& generation);
  Result<Bytes> refuse(const Exchange& exchange, const scep::ReplyTo& to, const Refusal& refusal,
                       const WorkingGeneration& generation);
  [[nodiscard]] const WorkingGeneration& issuer_for(const WorkingGeneration& addressed) const;

  Context& context_;
  Enrolment enrolment_;
  ScepCounters counters_;
  Refusals refusals_;
};

}  // namespace chancery::hub
