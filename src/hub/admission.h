#pragma once

// Whether a first request is let in: all authorisers of its endpoint must agree.

#include <optional>
#include <string>
#include <variant>

#include "ca/challenge.h"
#include "hub/context.h"
#include "hub/outcome.h"
#include "pki/request.h"

namespace chancery::hub {

// Let in. `challenge_id` must be used up in the transaction that records the request.
struct Admitted {
  std::optional<std::string> challenge_id;
  bool needs_approval = false;
  std::string waiting_for;  // why a person must decide
};

// A one-time challenge that is right, but was used before: the device may have lost the reply.
struct UsedChallenge {
  ca::ChallengeRecord record;
};

using Admission = std::variant<Admitted, UsedChallenge, Refusal>;

struct AdmissionQuestion {
  const Endpoint& endpoint;
  const pki::CertificateRequest& request;
  const ca::IssuanceRequest& wanted;  // as the device asked
  const pki::Name& subject;           // what the policy's template makes of it
  std::string source;
  std::string transaction_id;
};

// An Error is something to try again later: the ledger or the web hook was not there.
Result<Admission> admit(Context& context, const AdmissionQuestion& question);

}  // namespace chancery::hub
