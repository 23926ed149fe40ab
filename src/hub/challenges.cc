#include "hub/challenges.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ca/lint.h"
#include "pki/general_name.h"
#include "pki/name.h"

namespace chancery::hub {
namespace {

// The names that a challenge is bound to.
struct BoundNames {
  std::optional<pki::Name> subject;
  std::vector<pki::GeneralName> alternative_names;
};

// A name that does not parse would bind the challenge to something no request can ask for.
Result<BoundNames> read(const ca::ChallengeBinding& binding) {
  BoundNames names;
  if (binding.subject) {
    TRY_IN("subject", names.subject, pki::Name::from_text(*binding.subject));
  }
  for (const std::string& text : binding.alternative_names) {
    TRY_IN(fmt::format("alternative name '{}'", text), pki::GeneralName name, pki::general_name_from_text(text));
    names.alternative_names.push_back(std::move(name));
  }
  return names;
}

ca::ChallengeBinding binding_to(const BoundNames& names) {
  ca::ChallengeBinding binding;
  if (names.subject) binding.subject = names.subject->to_text();
  for (const pki::GeneralName& name : names.alternative_names)
    binding.alternative_names.push_back(pki::to_string(name));
  return binding;
}

// Whether the issuing CA would refuse these names to every device that asks for them. A subject may be written as a
// device asks for it or as the certificate shows it (admission.cc): it is good if either is.
Status check_issuable(const ca::Policy& policy, const ca::Issuer& issuer, const BoundNames& names) {
  const auto broken = [&](const pki::Name& subject) {
    return ca::lint_names({.policy = policy,
                           .subject = subject,
                           .alternative_names = names.alternative_names,
                           .issuer = issuer.certificate(),
                           .above = issuer.above()});
  };
  const auto findings = broken(names.subject.value_or(pki::Name()));
  if (findings.empty()) return {};
  if (names.subject)
    if (const auto filled = ca::subject_for(policy, *names.subject); filled && broken(*filled).empty()) return {};
  return invalid(ca::to_text(findings));
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
  TRY(const BoundNames names, read(order.binding));
  if (order.binding.empty()) return {};
  return check_issuable(endpoint->policy, context_.keyring.current().issuer(), names);
}

Result<ca::MintedChallenge> Challenges::mint(const ChallengeOrder& order, const Caller& caller) {
  TRY_STATUS(check(order));
  const Endpoint* endpoint = context_.endpoints.find(order.endpoint);
  if (endpoint == nullptr) return not_found(fmt::format("there is no endpoint '{}'", order.endpoint));
  TRY(const BoundNames names, read(order.binding));
  const Timestamp now = context_.clock.now();
  ca::MintedChallenge minted = ca::mint_challenge(
      order.endpoint, binding_to(names), now, order.lifetime.value_or(endpoint->challenge_lifetime), context_.random);
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
    if (!minted.record.binding.alternative_names.empty())
      event.details.emplace_back("names", fmt::format("{}", fmt::join(minted.record.binding.alternative_names, ", ")));
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
