#include "hub/crl_publisher.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::hub {

namespace {

struct LastCrl {
  std::optional<ca::CrlRecord> record;
  ca::CrlChanges changes;
  [[nodiscard]] bool has_all() const { return record && !changes.due(); }
};

Result<LastCrl> last_crl(Context& context, int generation) {
  LastCrl last;
  TRY_STATUS(context.ledger.read([&](Books& books) -> Status {
    TRY(last.record, books.crls().latest(generation));
    TRY(last.changes, books.crls().changes(generation));
    return {};
  }));
  return last;
}

std::string name_of(int generation) {
  return generation == ca::root_crl ? "root" : fmt::format("generation {}", generation);
}

}  // namespace

Status CrlPublisher::publish_due() {
  const std::scoped_lock lock(mutex_);
  const Timestamp now = context_.clock.now();
  for (const WorkingGeneration* generation : context_.keyring.all()) {
    if (generation->keys().issuing.validity().not_after < now) continue;
    TRY(const LastCrl last, last_crl(context_, generation->number()));
    if (last.has_all() && !ca::crl_due(*last.record, now, options_.overlap)) continue;
    TRY_STATUS(sign_and_keep(ca::CrlIssuer::of(generation->keys()), options_.validity));
  }
  return publish_root_if_due(now);
}

Status CrlPublisher::publish_root_if_due(Timestamp now) {
  // A root that issues to devices itself has its CRL among the generations'.
  if (context_.keyring.for_issuer(context_.keyring.root().subject_der()) != nullptr) return {};
  TRY(const LastCrl found, last_crl(context_, ca::root_crl));
  const auto& last = found.record;
  if (last && !ca::crl_due(*last, now, options_.root_overlap)) return {};
  const auto root = store_.root();
  if (!root) {
    // A root that was never ours to sign for has its CRL elsewhere.
    if (last)
      context_.log.warning("the root's CRL is due, and its key is not here",
                           {{"expires", to_rfc3339(last->next_update)}, {"problem", root.error().text()}});
    return {};
  }
  return sign_and_keep({.generation = ca::root_crl, .certificate = root->certificate, .key = *root->key},
                       options_.root_validity);
}

Status CrlPublisher::publish(int number) {
  const std::scoped_lock lock(mutex_);
  const WorkingGeneration* generation = context_.keyring.find(number);
  if (generation == nullptr) return not_found(fmt::format("there is no generation {}", number));
  return sign_and_keep(ca::CrlIssuer::of(generation->keys()), options_.validity);
}

Status CrlPublisher::publish_changes(int number) {
  const std::scoped_lock lock(mutex_);
  const WorkingGeneration* generation = context_.keyring.find(number);
  if (generation == nullptr) return not_found(fmt::format("there is no generation {}", number));
  TRY(const LastCrl last, last_crl(context_, number));
  if (last.has_all()) return {};
  return sign_and_keep(ca::CrlIssuer::of(generation->keys()), options_.validity);
}

Status CrlPublisher::sign_and_keep(const ca::CrlIssuer& issuer, Seconds validity) {
  const Timestamp now = context_.clock.now();
  const std::string name = name_of(issuer.generation);
  std::vector<pki::RevokedEntry> entries;
  std::uint64_t previous_number = 0;
  ca::CrlChanges changes;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    // RFC 5280 section 3.3: an entry stays until a CRL was made after the certificate's end.
    TRY(entries, books.certificates().revoked(issuer.generation, now - validity));
    TRY(changes, books.crls().changes(issuer.generation));
    TRY(const auto last, books.crls().latest(issuer.generation));
    if (last) previous_number = last->number;
    return {};
  }));
  // The two were compared at the start, and the ledger's is never the lower one since: a CRL with what was revoked
  // comes first.
  const auto highest = store_.highest_crl_number(issuer.generation);
  if (highest)
    previous_number = std::max(previous_number, *highest);
  else
    context_.log.error("the last CRL number beside the keys cannot be read: the ledger's is gone by",
                       {{"of", name}, {"error", highest.error().text()}});
  const std::size_t count = entries.size();
  TRY_IN("making the CRL of " + name, const ca::CrlRecord record,
         ca::make_next_crl({.issuer = issuer,
                            .entries = std::move(entries),
                            .previous_number = previous_number,
                            .now = now,
                            .validity = validity}));
  TRY_STATUS_IN("keeping the CRL of " + name, context_.ledger.write([&](Books& books) -> Status {
    TRY_STATUS(books.crls().add(record));
    TRY_STATUS(books.crls().note_listed(issuer.generation, changes.made));
    return books.audit().append(
        {.at = now,
         .actor = "chancery",
         .action = "crl.published",
         .subject = name,
         .details = {{"number", std::to_string(record.number)}, {"entries", std::to_string(count)}}});
  }));
  // Only after it is in the ledger, whose number is never lower then, unless it is an older copy.
  if (const Status kept = store_.keep_crl_number(issuer.generation, record.number); !kept)
    context_.log.warning(
        "the CRL's number could not be kept beside the keys: an older copy of the ledger may use it again",
        {{"of", name}, {"error", kept.error().text()}});
  context_.log.info("CRL published", {{"of", name}, {"number", std::to_string(record.number)}});
  return {};
}

}  // namespace chancery::hub
