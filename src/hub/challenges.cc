#include "hub/challenges.h"

#include <fmt/format.h>

#include "pki/general_name.h"
#include "pki/name.h"

namespace chancery::hub {
namespace {

// A name that does not parse would bind the challenge to something no request can ask for.
Result<ca::ChallengeBinding> checked(const ca::ChallengeBinding& binding) {
  ca::ChallengeBinding clean;
  if (binding.subject) {
    TRY_IN("subject", const pki::Name subject, pki::Name::from_text(*binding.subject));
    clean.subject = subject.to_text();
  }
  for (const std::string& text : binding.alternative_names) {
    TRY_IN(fmt::format("alternative name '{}'", text), const pki::GeneralName name, pki::general_name_from_text(text));
    clean.alternative_names.push_back(pki::to_string(name));
  }
  return clean;
}

}  // namespace

Status Challenges::check(const ChallengeOrder& order) const {
  const Endpoint* endpoint = context_.endpoints.find(order.endpoint);
  if (endpoint == nullptr) return not_found(fmt::format("there is no endpoint '{}'", order.endpoint));
  if (!endpoint->needs(Authoriser::one_time_challenge))
    return conflict(fmt::format("endpoint '{}' does not ask for a one-time challenge: it would never be looked at",
                                order.endpoint));
  if (order.lifetime && (*order.lifetime < Seconds(60) || *order.lifetime > std::chrono::days(365)))
    return invalid("the lifetime of a challenge is between 1m and 1y");
  if (order.note.size() > 200) return invalid("the note has more than 200 characters");
  TRY([[maybe_unused]] const ca::ChallengeBinding binding, checked(order.binding));
  return {};
}

Result<ca::MintedChallenge> Challenges::mint(const ChallengeOrder& order, const Caller& caller) {
  TRY_STATUS(check(order));
  const Endpoint* endpoint = context_.endpoints.find(order.endpoint);
  if (endpoint == nullptr) return not_found(fmt::format("there is no endpoint '{}'", order.endpoint));
  TRY(ca::ChallengeBinding binding, checked(order.binding));
  const Timestamp now = context_.clock.now();
  ca::MintedChallenge minted = ca::mint_challenge(
      order.endpoint, std::move(binding), now, order.lifetime.value_or(endpoint->challenge_lifetime), context_.random);
  minted.record.note = order.note;
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY_STATUS(books.challenges().add(minted.record));
    if (order.together) TRY_STATUS(order.together(books, minted.record));
    AuditEvent event{.at = now,
                     .actor = caller.name,
                     .action = "challenge.minted",
                     .subject = minted.record.id,
                     .details = {{"endpoint", order.endpoint}, {"expires", to_rfc3339(minted.record.expires)}}};
    event.details.insert(event.details.end(), order.details.begin(), order.details.end());
    if (minted.record.binding.subject) event.details.emplace_back("name", *minted.record.binding.subject);
    return books.audit().append(event);
  }));
  return minted;
}

Status Challenges::revoke(std::string_view id, const Caller& caller) {
  return context_.ledger.write([&](Books& books) -> Status {
    TRY(const bool removed, books.challenges().remove(id));
    if (!removed) return not_found(fmt::format("there is no challenge '{}'", id));
    return books.audit().append(
        {.at = context_.clock.now(), .actor = caller.name, .action = "challenge.removed", .subject = std::string(id)});
  });
}

Status Challenges::take_back(Books& books, std::string_view id, const Caller& caller) {
  TRY(const auto record, books.challenges().find(id));
  if (!record || record->used) return {};
  TRY([[maybe_unused]] const bool removed, books.challenges().remove(id));
  return books.audit().append(
      {.at = context_.clock.now(), .actor = caller.name, .action = "challenge.removed", .subject = std::string(id)});
}

Result<ca::ChallengePage> Challenges::list(const ca::ChallengeFilter& filter) {
  ca::ChallengePage page;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(page, books.challenges().list(filter));
    return {};
  }));
  return page;
}

Status Challenges::remove_old() {
  return context_.ledger.write(
      [&](Books& books) { return books.challenges().remove_expired(context_.clock.now() - std::chrono::days(30)); });
}

}  // namespace chancery::hub
