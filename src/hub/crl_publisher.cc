#include "hub/crl_publisher.h"

#include <fmt/format.h>

#include "ca/crl_signing.h"

namespace chancery::hub {

Status CrlPublisher::publish_due() {
  const std::scoped_lock lock(mutex_);
  for (const WorkingGeneration* generation : context_.keyring.all()) {
    const Timestamp now = context_.clock.now();
    if (generation->keys().issuing.validity().not_after < now) continue;
    std::optional<ca::CrlRecord> last;
    TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
      TRY(last, books.crls().latest(generation->number()));
      return {};
    }));
    if (last && !ca::crl_due(*last, now, options_.overlap)) continue;
    TRY_STATUS_IN(fmt::format("making the CRL of generation {}", generation->number()), publish_locked(*generation));
  }
  return {};
}

Status CrlPublisher::publish(int number) {
  const std::scoped_lock lock(mutex_);
  const WorkingGeneration* generation = context_.keyring.find(number);
  if (generation == nullptr) return not_found(fmt::format("there is no generation {}", number));
  return publish_locked(*generation);
}

Status CrlPublisher::publish_locked(const WorkingGeneration& generation) {
  const Timestamp now = context_.clock.now();
  std::vector<pki::RevokedEntry> entries;
  std::uint64_t previous_number = 0;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(entries, books.certificates().revoked(generation.number(), now));
    TRY(const auto last, books.crls().latest(generation.number()));
    if (last) previous_number = last->number;
    return {};
  }));
  const std::size_t count = entries.size();
  TRY(const ca::CrlRecord record, ca::make_next_crl({.generation = generation.keys(),
                                                     .entries = std::move(entries),
                                                     .previous_number = previous_number,
                                                     .now = now,
                                                     .validity = options_.validity}));
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY_STATUS(books.crls().add(record));
    return books.audit().append(
        {.at = now,
         .actor = "chancery",
         .action = "crl.published",
         .subject = fmt::format("generation {}", generation.number()),
         .details = {{"number", std::to_string(record.number)}, {"entries", std::to_string(count)}}});
  }));
  context_.log.info("CRL published",
                    {{"generation", std::to_string(generation.number())}, {"number", std::to_string(record.number)}});
  return {};
}

}  // namespace chancery::hub
