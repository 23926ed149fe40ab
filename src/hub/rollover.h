#pragma once

// From one generation of the authority to the next (RFC 8894 section 4.7): announced first, so that clients can fetch
// it, active later.

#include "ca/authority.h"
#include "hub/context.h"
#include "hub/crl_publisher.h"

namespace chancery::hub {

// Where keys and certificates of generations are kept. Granted by store/hub (files, encrypted).
class GenerationStore {
 public:
  virtual ~GenerationStore() = default;
  // ErrorCode::unavailable when the root's key is kept elsewhere.
  virtual Result<ca::Root> root() = 0;
  virtual Status save(const ca::Generation& generation) = 0;
  // `number` becomes current and the one before old. Atomic.
  virtual Status make_current(int number) = 0;
};

class Rollover {
 public:
  Rollover(Context& context, GenerationStore& store, CrlPublisher& crls, ca::AuthorityPlan plan)
      : context_(context), store_(store), crls_(crls), plan_(std::move(plan)) {}

  // Makes the next generation with keys of the given type; from then on GetNextCACert announces it, and requests
  // enveloped to it are issued by it. ErrorCode::conflict when one is announced already.
  Result<int> announce(const pki::KeySpec& issuing_key, const Caller& caller);
  // The announced generation becomes the current one. The old one still renews, revokes and answers what is enveloped
  // to it.
  Result<int> activate(const Caller& caller);

 private:
  Context& context_;
  GenerationStore& store_;
  CrlPublisher& crls_;
  ca::AuthorityPlan plan_;
};

}  // namespace chancery::hub
