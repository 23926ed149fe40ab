#include "store/hub/challenges.h"

#include <algorithm>
#include <limits>

#include "store/hub/json_text.h"
#include "store/hub/statements.h"

namespace chancery::store {

namespace statements_of = statements::challenges;

namespace {

constexpr int most_rows = 10'000;

Result<ca::ChallengeRecord> challenge_from(const sql::Row& row) {
  ca::ChallengeRecord record;
  record.id = row.text(0);
  record.endpoint = row.text(1);
  record.secret_hash = row.get<Bytes>(2);
  record.binding.subject = row.get<std::optional<std::string>>(3);
  TRY_IN("reading a challenge", record.binding.alternative_names, texts_from_json(row.text(4)));
  record.created = row.time(5);
  record.expires = row.time(6);
  record.used = row.get<std::optional<Timestamp>>(7);
  record.used_by = row.text(8);
  record.note = row.text(9);
  return record;
}

}  // namespace

Status Challenges::add(const ca::ChallengeRecord& record) {
  TRY(const std::int64_t added,
      session_.change(statements_of::add, record.id, record.endpoint, record.secret_hash, record.binding.subject,
                      to_json(record.binding.alternative_names), record.created, record.expires, record.used,
                      record.used_by, record.note));
  if (added == 0) return conflict("there is a challenge with id " + record.id + " already");
  return {};
}

Result<std::optional<ca::ChallengeRecord>> Challenges::find(std::string_view id) {
  TRY(sql::Rows rows, session_.query(statements_of::find, id));
  return rows.one(challenge_from);
}

Result<bool> Challenges::use(std::string_view id, Timestamp now, std::string_view serial_hex) {
  TRY(const std::int64_t changed, session_.change(statements_of::use, now, serial_hex, id, now));
  return changed == 1;
}

Result<std::optional<std::string>> Challenges::id_used_by(std::string_view used_by) {
  // Those that nobody used have an empty one.
  if (used_by.empty()) return std::nullopt;
  return session_.value<std::string>(statements_of::id_used_by, used_by);
}

Status Challenges::hand_over(std::string_view from, std::string_view to) {
  TRY([[maybe_unused]] const auto changed, session_.change(statements_of::hand_over, to, from));
  return {};
}

Result<ca::ChallengePage> Challenges::list(const ca::ChallengeFilter& filter) {
  const int limit = std::clamp(filter.limit, 0, most_rows);
  const std::int64_t after = filter.after == 0 ? std::numeric_limits<std::int64_t>::max() : filter.after;
  // One more than asked for tells whether there is another page.
  TRY(sql::Rows rows, filter.endpoint.empty() ? session_.query(statements_of::list_all, after, limit + 1)
                                              : session_.query(statements_of::list, filter.endpoint, after, limit + 1));
  ca::ChallengePage page;
  std::int64_t last = 0;
  TRY_STATUS(rows.each([&](const sql::Row& row) -> Status {
    if (std::ssize(page.rows) == limit) {
      page.next = last;
      return {};
    }
    last = row.integer(10);
    TRY(ca::ChallengeRecord record, challenge_from(row));
    page.rows.push_back(std::move(record));
    return {};
  }));
  return page;
}

Result<bool> Challenges::remove(std::string_view id) {
  TRY(const std::int64_t removed, session_.change(statements_of::remove, id));
  return removed == 1;
}

Status Challenges::remove_expired(Timestamp before) {
  for (const std::string_view statement : {statements_of::place_expired, statements_of::place_expired_requests,
                                           statements_of::forget_expired_places, statements_of::remove_expired}) {
    TRY([[maybe_unused]] const auto changed, session_.change(statement, before));
  }
  return {};
}

}  // namespace chancery::store
