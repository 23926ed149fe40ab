#include "store/hub/audit_trail.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <list>

#include "store/hub/any_value.h"
#include "store/hub/audit_chain.h"
#include "store/hub/json_text.h"
#include "store/hub/statements.h"

namespace chancery::store {

using hub::AuditEvent;

namespace statements_of = statements::audit_trail;

namespace {

constexpr int verify_page = 1000;

// How many events are looked at for one page of a search.
constexpr int most_looked_at = 10'000;

using Place = std::pair<Timestamp, std::int64_t>;  // in the order of time and sequence

// What is left to look at: its text, or its subject, led to the row.
bool matches(const hub::AuditFilter& filter, const sql::Row& row) {
  return (filter.actor.empty() || row.text(2) == filter.actor) &&
         (filter.action.empty() || row.text(3) == filter.action) &&
         (filter.text.empty() || filter.subject.empty() || row.text(4) == filter.text ||
          std::ranges::count(hub::actors_called(filter.text), row.text(2)) != 0);
}

Result<AuditEvent> event_from(const sql::Row& row) {
  AuditEvent event;
  event.sequence = row.integer(0);
  event.at = row.time(1);
  event.actor = row.text(2);
  event.action = row.text(3);
  event.subject = row.text(4);
  TRY_IN(fmt::format("audit event {}", event.sequence), event.details, pairs_from_json(row.text(5)));
  event.hash = row.get<Bytes>(6);
  return event;
}

}  // namespace

Result<AuditTrail::Head> AuditTrail::stored_head() {
  TRY(sql::Rows rows, session_.query(statements_of::head));
  TRY(auto head, rows.one([](const sql::Row& row) { return Head{row.integer(0), row.get<Bytes>(1)}; }));
  if (!head) return internal("the audit trail has lost its head");
  return *std::move(head);
}

Status AuditTrail::append(const AuditEvent& event) {
  Head head;
  if (head_) {
    head = *head_;
  } else {
    TRY(head, stored_head());
  }
  AuditEvent chained = event;
  chained.sequence = head.sequence + 1;
  head = {chained.sequence, audit_hash(head.hash, chained)};
  TRY([[maybe_unused]] const auto added,
      session_.change(statements_of::append, chained.sequence, chained.at, chained.actor, chained.action,
                      chained.subject, to_json(chained.details), head.hash));
  head_ = std::move(head);
  return {};
}

Status AuditTrail::finish() {
  if (!head_) return {};
  TRY(const std::int64_t moved, session_.change(statements_of::move_head, head_->sequence, head_->hash));
  if (moved != 1) return internal("the audit trail has lost its head");
  return {};
}

Result<std::vector<AuditEvent>> AuditTrail::list(std::int64_t after, int limit) {
  TRY(sql::Rows rows, session_.query(statements_of::list, after, limit));
  return rows.all(event_from);
}

Result<std::vector<AuditEvent>> AuditTrail::newest(std::int64_t before, int limit) {
  const std::int64_t below = before == 0 ? std::numeric_limits<std::int64_t>::max() : before;
  TRY(sql::Rows rows, session_.query(statements_of::newest, below, limit));
  return rows.all(event_from);
}

std::string audit_walk_sql(std::string_view column, bool newest_first) {
  const std::string_view direction = newest_first ? "DESC" : "ASC";
  return fmt::format(
      "SELECT sequence, at, actor, action, subject, details, hash FROM audit_event WHERE {} AND (at, sequence) > (?, "
      "?) "
      "AND (at, sequence) < (?, ?) ORDER BY at {}, sequence {}",
      column.empty() ? std::string(any_text) : fmt::format("{} = ?", column), direction, direction);
}

Result<hub::AuditPage> AuditTrail::find(const hub::AuditFilter& filter) {
  // Sequences count from 1, so 0 is before all of a second.
  Place low{filter.since.value_or(Timestamp::min()), 0}, high{filter.until.value_or(Timestamp::max()), 0};
  if (filter.after != 0) {
    TRY(const auto at, session_.value<Timestamp>(statements_of::time_of, filter.after));
    if (!at) return not_found(fmt::format("there is no audit event {}", filter.after));
    const Place last{*at, filter.after};
    if (filter.newest_first)
      high = std::min(high, last);
    else
      low = std::max(low, last);
  }

  // The condition with the fewest events is looked up, and the others are looked at.
  std::vector<std::pair<std::string_view, std::string>> conditions;
  if (!filter.subject.empty()) {
    conditions.emplace_back("subject", filter.subject);
  } else if (!filter.text.empty()) {
    conditions.emplace_back("subject", filter.text);
    for (std::string& actor : hub::actors_called(filter.text)) conditions.emplace_back("actor", std::move(actor));
  } else if (!filter.actor.empty()) {
    conditions.emplace_back("actor", filter.actor);
  } else {
    conditions.emplace_back(filter.action.empty() ? "" : "action", filter.action);
  }
  std::list<sql::Rows> walks;
  for (const auto& [column, value] : conditions) {
    TRY(sql::Rows rows, session_.query(audit_walk_sql(column, filter.newest_first),
                                       column.empty() ? std::optional<std::string>() : std::optional(value), low.first,
                                       low.second, high.first, high.second));
    TRY(const bool any, rows.next());
    if (any) walks.push_back(std::move(rows));
  }

  // All at once, each step on the one that is next in the order of time.
  hub::AuditPage page;
  const auto place = [](const sql::Rows& rows) { return Place(rows.time(1), rows.integer(0)); };
  std::int64_t last = 0;
  for (int looked_at = 0; !walks.empty(); ++looked_at) {
    if (std::ssize(page.events) == filter.limit || looked_at == most_looked_at) {
      page.next = last;
      return page;
    }
    const auto next =
        filter.newest_first ? std::ranges::max_element(walks, {}, place) : std::ranges::min_element(walks, {}, place);
    const bool again = next->integer(0) == last;
    last = next->integer(0);
    if (!again && matches(filter, *next)) {
      TRY(page.events.emplace_back(), event_from(*next));
    }
    TRY(const bool more, next->next());
    if (!more) walks.erase(next);
  }
  return page;
}

Result<hub::AuditProof> AuditTrail::verify(const hub::AuditProof& so_far) {
  hub::AuditProof proof = so_far;
  TRY(const std::vector<AuditEvent> page, list(so_far.events, verify_page));
  for (const AuditEvent& event : page) {
    const std::int64_t expected = proof.events + 1;
    if (event.sequence != expected)
      return conflict(fmt::format("audit event {} is missing: {} follows", expected, event.sequence));
    if (!equal(event.hash, audit_hash(proof.hash, event)))
      return conflict(fmt::format("audit event {} does not fit the one before it, or was changed", expected));
    proof = {event.sequence, event.hash};
  }
  if (std::ssize(page) == verify_page) return proof;
  Head head;
  if (head_) {
    head = *head_;
  } else {
    TRY(head, stored_head());
  }
  if (head.sequence > proof.events)
    return conflict(fmt::format("audit event {} is missing: the trail ends at {}", proof.events + 1, proof.events));
  if (head.sequence != proof.events || !equal(head.hash, proof.hash))
    return conflict(fmt::format("audit event {} is not the last that was written", proof.events));
  proof.whole = true;
  return proof;
}

}  // namespace chancery::store
