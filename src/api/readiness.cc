#include "api/readiness.h"

#include <fmt/format.h>

#include "api/generations.h"

namespace chancery::api {

Status check_readiness(hub::Context& context) {
  TRY_IN("reading the ledger", const auto crls, latest_crls(context));
  // A write that changes nothing: it still needs the database's write lock and a database that may be written.
  TRY_STATUS_IN("writing the ledger", context.ledger.write([](hub::Books& books) -> Status {
    return books.challenges().remove_expired(Timestamp{});
  }));
  const Timestamp now = context.clock.now();
  // The root's CRL does not count: its key may be elsewhere, and another server could not make it either.
  for (const hub::WorkingGeneration* generation : context.keyring.all()) {
    if (generation->keys().issuing.validity().not_after < now) continue;
    const auto crl = crls.find(generation->number());
    if (crl == crls.end())
      return unavailable(fmt::format("there is no CRL of generation {} yet", generation->number()));
    if (crl->second.next_update <= now)
      return unavailable(fmt::format("the CRL of generation {} expired at {}", generation->number(),
                                     to_rfc3339(crl->second.next_update)));
  }
  return {};
}

}  // namespace chancery::api
