#pragma once

// PKCSReq, RenewalReq and CertPoll: from an opened message to an Outcome.

#include <string>

#include "hub/context.h"
#include "hub/issuance.h"
#include "hub/outcome.h"
#include "pki/request.h"
#include "scep/pki_message.h"

namespace chancery::hub {

struct Submission {
  const Endpoint& endpoint;
  const WorkingGeneration& generation;  // the one the message was enveloped to: it issues
  const scep::PkiMessage& message;      // with a verified signature
  const pki::CertificateRequest& request;
  scep::MessageType type;  // pkcs_request or renewal_request
  std::string source;
};

struct Poll {
  const Endpoint& endpoint;
  const scep::PkiMessage& message;  // with a verified signature
  std::string source;
};
struct PollOutcome {
  Outcome outcome;
  SecretBytes password;  // to encrypt to a key that cannot: the challengePassword of the request
};

class Enrolment {
 public:
  explicit Enrolment(Context& context) : context_(context), issuance_(context) {}

  // The same submission again gets the same answer, however often and in parallel. Errors are worth trying again.
  Result<Outcome> submit(const Submission& submission);
  Result<PollOutcome> poll(const Poll& poll);

 private:
  struct Entry;  // a submission with what is derived from it
  struct Order;

  Result<Outcome> replay(const Entry& entry, const TransactionRecord& record);
  Result<Outcome> outcome_of(const TransactionRecord& record, const Caller& caller);
  Result<Outcome> first(const Entry& entry);
  Result<Outcome> renew(const Entry& entry);
  Result<Outcome> issue(const Entry& entry, Order order);
  Result<Outcome> hold(const Entry& entry, const std::optional<std::string>& challenge_id, std::string waiting_for);
  Result<Outcome> lost_reply(const Entry& entry, const ca::ChallengeRecord& challenge);
  Result<Outcome> after_conflict(const Entry& entry, const Error& error);
  Result<TransactionRecord> new_record(const Entry& entry) const;

  Context& context_;
  Issuance issuance_;
};

// The PKCS#10 of a record that was sealed by Enrolment.
Result<pki::CertificateRequest> unseal_request(Context& context, const TransactionRecord& record);

}  // namespace chancery::hub
