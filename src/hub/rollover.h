#pragma once

// From one generation of the authority to the next (RFC 8894 section 4.7): announced first, so that clients can fetch
// it, active later.

#include <mutex>

#include "ca/authority.h"
#include "hub/context.h"
#include "hub/crl_publisher.h"
#include "hub/generation_store.h"

namespace chancery::hub {

class Rollover {
 public:
  Rollover(Context& context, GenerationStore& store, CrlPublisher& crls, ca::AuthorityPlan plan)
      : context_(context), store_(store), crls_(crls), plan_(std::move(plan)) {}

  // Makes the next generation with keys of the given type; from then on GetNextCACert announces it, and requests
  // enveloped to it are issued by it. ErrorCode::conflict when one is announced already.
  Result<int> announce(const pki::KeySpec& issuing_key, const Caller& caller);
  // The announced generation becomes the current one. The old one still revokes and answers what is enveloped to it;
  // the current one issues.
  Result<int> activate(const Caller& caller);

 private:
  Context& context_;
  GenerationStore& store_;
  CrlPublisher& crls_;
  ca::AuthorityPlan plan_;
  std::mutex mutex_;  // one change of generations at a time
};

}  // namespace chancery::hub
