#include "api/readiness.h"

#include <fmt/format.h>

#include "api/generations.h"

namespace chancery::api {

Status check_readiness(hub::Context& context) {
  const std::vector<GenerationView> generations = generations_of(context.keyring);
  TRY_IN("reading the ledger", const auto crls, latest_crls(context, generations));
  // A write that changes nothing: it still needs the database's write lock and a database that may be written.
  TRY_STATUS_IN("writing the ledger", context.ledger.write([](hub::Books& books) -> Status {
    return books.challenges().remove_expired(Timestamp{});
  }));
  const Timestamp now = context.clock.now();
  for (std::size_t i = 0; i < generations.size(); ++i) {
    const hub::WorkingGeneration& generation = generations[i].generation;
    if (generation.keys().issuing.validity().not_after < now) continue;
    if (!crls[i]) return unavailable(fmt::format("there is no CRL of generation {} yet", generation.number()));
    if (crls[i]->next_update <= now)
      return unavailable(
          fmt::format("the CRL of generation {} expired at {}", generation.number(), to_rfc3339(crls[i]->next_update)));
  }
  return {};
}

}  // namespace chancery::api
