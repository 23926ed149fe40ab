#include "hub/rollover.h"

#include <algorithm>

namespace chancery::hub {

Result<int> Rollover::announce(const pki::KeySpec& issuing_key, const Caller& caller) {
  const std::scoped_lock lock(mutex_);
  if (context_.keyring.next() != nullptr) return conflict("a next generation is announced already: activate it first");
  int number = 0;
  for (const WorkingGeneration* generation : context_.keyring.all()) number = std::max(number, generation->number());
  ++number;
  ca::AuthorityPlan plan = plan_;
  plan.issuing_key = issuing_key;
  TRY_IN("the root", const ca::Root root, store_.root());
  TRY_IN("making the next generation", ca::Generation next,
         ca::make_generation(plan, root, number, context_.clock.now(), context_.random));
  next.state = ca::Generation::State::next;
  // Recorded first: keys that were never recorded must not come into use, also not at the next start.
  TRY_STATUS(context_.ledger.write([&](Books& books) {
    return books.audit().append({.at = context_.clock.now(),
                                 .actor = caller.name,
                                 .action = "generation.announced",
                                 .subject = std::to_string(number),
                                 .details = {{"sha256", to_hex(next.issuing.fingerprint())}}});
  }));
  TRY_STATUS_IN("saving the next generation", store_.save(next));
  context_.keyring.announce(std::move(next));
  TRY_STATUS(crls_.publish(number));
  return number;
}

Result<int> Rollover::activate(const Caller& caller) {
  const std::scoped_lock lock(mutex_);
  const WorkingGeneration* next = context_.keyring.next();
  if (next == nullptr) return conflict("no next generation is announced");
  const int number = next->number();
  TRY_STATUS(context_.ledger.write([&](Books& books) {
    return books.audit().append({.at = context_.clock.now(),
                                 .actor = caller.name,
                                 .action = "generation.activated",
                                 .subject = std::to_string(number)});
  }));
  TRY_STATUS_IN("saving the change", store_.make_current(number));
  context_.keyring.roll_over();
  return number;
}

}  // namespace chancery::hub
