#pragma once

// What the agent's command line asks of the running agent: HTTP and JSON over its Unix socket.
//
//   GET  /v1/status                          how everything stands; never waits
//   GET  /v1/certificates                    what is or was in use, and what may be put back into use
//   POST /v1/slots/NAME/renew | enroll       at once; {"text"} says what came of it
//   POST /v1/slots/NAME/activate             {"sha256"}: a certificate that is kept with its key
//   GET  /v1/history?slot=NAME&limit=N       the newest first
//   GET  /v1/trust                           POST /v1/trust {"store", "pem"} · DELETE /v1/trust/STORE/SHA256
//
// An error is {"error": {"code", "text"}}.

#include <string>
#include <string_view>

#include "agent/services.h"
#include "agent/store.h"
#include "http/message.h"
#include "programs/chancery-agent/decision_loop.h"

namespace chancery::agent_program {

struct LocalApiParts {
  DecisionLoop& loop;
  agent::AgentStore& store;   // touched in the thread of decisions only
  agent::Services& services;  // as well
  std::string node;
};

// How the hub sees this node, in the status: until it has answered for the first time since the start, nobody knows.
[[nodiscard]] std::string_view hub_word(const agent::LinkView& link);

[[nodiscard]] http::Response answer_locally(const LocalApiParts& parts, const http::Request& request);

}  // namespace chancery::agent_program
