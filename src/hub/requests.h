#pragma once

// Requests that wait for a person: looking at them, approving, rejecting, forgetting.

#include "hub/context.h"
#include "hub/issuance.h"
#include "hub/presence.h"
#include "pki/request.h"

namespace chancery::hub {

// A waiting request as a person should see it before deciding.
struct RequestView {
  TransactionRecord record;
  std::optional<pki::CertificateRequest> request;  // opened; nothing once it is decided
};

class Requests {
 public:
  Requests(Context& context, Presence& presence) : context_(context), presence_(presence), issuance_(context) {}

  Result<RequestView> show(std::int64_t id);
  // Issues the certificate at once, by the endpoint's policy of now; the device gets it at its next poll, which comes
  // at once where its node holds a link. ErrorCode::not_found; conflict when it is decided already; refused when the
  // policy does not allow it any more.
  Result<pki::Certificate> approve(std::int64_t id, const Caller& caller);
  Status reject(std::int64_t id, std::string_view reason, const Caller& caller);
  // Forgets requests that were rejected more than 30 days ago. The audit trail keeps what was decided.
  Status forget_old();

 private:
  Result<TransactionRecord> find_waiting(std::int64_t id);
  // Lets the node know whose request was decided.
  void tell_node(const std::function<Result<std::optional<fleet::Place>>(Books&)>& find);

  Context& context_;
  Presence& presence_;
  Issuance issuance_;
};

}  // namespace chancery::hub
