#include "store/hub/certificate_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "ca/search_words.h"
#include "store/hub/certificates.h"
#include "store/hub/statements.h"

namespace chancery::store {
namespace {

using ca::CertificateStatus;
using Sort = ca::CertificateFilter::Sort;
using State = ca::CertificateRecord::State;

constexpr int most_rows = 10'000;
constexpr std::size_t most_patterns = 6;
// What more certificates have is found sooner on the way than by putting all of those in order.
constexpr std::int64_t most_rare = 3000;

constexpr std::int64_t least_number = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most_number = std::numeric_limits<std::int64_t>::max();

// True for every value, and of a type that PostgreSQL can tell.
constexpr std::string_view any_text = "CAST(? AS TEXT) IS NULL";
constexpr std::string_view any_number = "COALESCE(CAST(? AS INTEGER), 0) IS NOT NULL";

// Five times the moment at which a certificate becomes `expiring` (ca::status_of), in whole numbers: 4/5 of its life,
// or 30 days before its end, whichever is later.
constexpr std::string_view expiring_from =
    "CASE WHEN not_after * 4 + not_before > (not_after - 2591999) * 5 THEN not_after * 4 + not_before ELSE "
    "(not_after - 2591999) * 5 END";
static_assert(ca::expiring_window == Seconds(2592000));

std::int64_t seconds_of(Timestamp time) { return time.time_since_epoch().count(); }

std::optional<State> state_of(const ca::CertificateFilter& filter) {
  if (!filter.status) return filter.state;
  if (*filter.status == CertificateStatus::pending) return State::intended;
  if (*filter.status == CertificateStatus::revoked || *filter.status == CertificateStatus::suspended)
    return State::revoked;
  return State::issued;
}

// Whether the reason tells the rows of one status from those of another.
bool is_by_reason(const ca::CertificateFilter& filter) {
  return filter.status == CertificateStatus::revoked || filter.status == CertificateStatus::suspended;
}

// Where not_after must lie: in [after, before).
struct Window {
  std::int64_t after = least_number, before = most_number;
  bool narrow = false;  // worth looking up by itself
};

Window window_of(const ca::CertificateFilter& filter) {
  Window window{.narrow = filter.expires_after || filter.expires_before};
  if (filter.expires_after) window.after = seconds_of(*filter.expires_after);
  if (filter.expires_before) window.before = seconds_of(*filter.expires_before);
  if (!filter.status) return window;
  const std::int64_t now = seconds_of(filter.now);
  switch (*filter.status) {
    case CertificateStatus::expired:
      window.before = std::min(window.before, now);
      window.narrow = true;
      break;
    case CertificateStatus::expiring:
      window.before = std::min(window.before, now + ca::expiring_window.count());
      window.narrow = true;
      [[fallthrough]];
    case CertificateStatus::valid:
    case CertificateStatus::current: window.after = std::max(window.after, now); break;
    default: break;
  }
  return window;
}

// Whether something else than the order finds the rows.
bool is_looked_up(const ca::CertificateFilter& filter, ListPlan plan) {
  return plan.by_word || plan.by_state || plan.by_window || plan.by_cluster || filter.node != 0;
}

// Whether a walk in the order may pass over rows that do not belong to the list.
bool may_pass_over(const ca::CertificateFilter& filter) {
  return !filter.text.empty() || state_of(filter) || filter.cluster ||
         (filter.endpoint && filter.sort != Sort::created) ||
         (window_of(filter).narrow && filter.sort != Sort::not_after);
}

// Which certificates the nodes of a cluster use now.
std::string_view cluster_condition(const ca::CertificateFilter& filter, ListPlan plan) {
  if (!filter.cluster) return any_number;
  if (plan.by_cluster)
    return "id IN (SELECT certificate.id FROM node CROSS JOIN node_slot CROSS JOIN certificate WHERE node_slot.node = "
           "node.id AND certificate.serial = node_slot.serial AND node.cluster = ?)";
  if (*filter.cluster == 0)
    return "NOT EXISTS (SELECT 1 FROM node_slot CROSS JOIN node WHERE node_slot.serial = certificate.serial AND "
           "node.id = node_slot.node AND node.cluster + 0 <> ?)";
  return "EXISTS (SELECT 1 FROM node_slot CROSS JOIN node WHERE node_slot.serial = certificate.serial AND node.id = "
         "node_slot.node AND node.cluster + 0 = ?)";
}

std::string_view column_of(Sort sort) { return sort == Sort::not_after ? "not_after" : "subject"; }

std::string conditions(const ca::CertificateFilter& filter, ListPlan plan) {
  // What is an expression is looked up in no index, so one index is left: the one that is meant.
  const bool by_endpoint = !is_looked_up(filter, plan) && filter.sort == Sort::created && filter.endpoint.has_value();
  const std::string_view endpoint = !filter.endpoint ? any_text : by_endpoint ? "endpoint = ?" : "endpoint || '' = ?";
  const std::string_view apart = plan.by_window ? "" : " + 0";
  std::string sql = fmt::format("{} AND not_after{} >= ? AND not_after{} < ? AND ", endpoint, apart, apart);
  if (filter.status == CertificateStatus::expiring)
    sql += fmt::format("? >= {}", expiring_from);
  else if (filter.status == CertificateStatus::valid)
    sql += fmt::format("? < {}", expiring_from);
  else
    sql += any_number;
  if (const auto state = state_of(filter))
    sql += fmt::format(" AND state{} = {}", plan.by_state ? "" : " + 0", static_cast<int>(*state));
  if (filter.status && state_of(filter) == State::issued)
    sql += fmt::format(" AND superseded = {}", *filter.status == CertificateStatus::superseded ? 1 : 0);
  if (is_by_reason(filter))
    sql += fmt::format(" AND reason {} {}", *filter.status == CertificateStatus::suspended ? "=" : "<>",
                       static_cast<int>(pki::RevocationReason::certificate_hold));
  for (std::size_t i = 0; i < most_patterns; ++i)
    sql.append(" AND ").append(filter.text.empty() ? any_text : "words LIKE ? ESCAPE '!'");
  return sql;
}

}  // namespace

std::string certificate_walk_sql(const ca::CertificateFilter& filter) {
  const std::string_view direction = filter.ascending ? "" : " DESC";
  const std::string_view beyond = filter.ascending ? ">" : "<";
  if (filter.sort == Sort::created)
    return fmt::format("SELECT '', id FROM certificate WHERE endpoint = ? AND id {} ? ORDER BY id{} LIMIT 1 OFFSET ?",
                       beyond, direction);
  return fmt::format(
      "SELECT {0}, id FROM certificate WHERE ({0}, id) {1} (?, ?) ORDER BY {0}{2}, id{2} LIMIT 1 OFFSET ?",
      column_of(filter.sort), beyond, direction);
}

std::string certificate_list_sql(const ca::CertificateFilter& filter, ListPlan plan) {
  const bool looked_up = is_looked_up(filter, plan);
  const bool by_id = filter.sort == Sort::created;
  const std::string_view direction = filter.ascending ? "" : " DESC";
  const std::string_view beyond = filter.ascending ? ">" : "<";
  const std::string_view until = filter.ascending ? "<=" : ">=";
  std::string place, order;
  if (by_id) {
    // Where something else finds the rows, the order is made afterwards; the index on the state has it.
    const std::string_view apart = looked_up && !plan.by_state ? " + 0" : "";
    order = fmt::format("id{}{}", apart, direction);
    place = fmt::format("{0} AND id{1} {2} ? AND {0} AND id{1} {3} ?", any_text, apart, beyond, until);
  } else {
    const std::string_view apart = !looked_up ? "" : filter.sort == Sort::not_after ? " + 0" : " || ''";
    const std::string position = fmt::format("{}{}, id{}", column_of(filter.sort), apart, looked_up ? " + 0" : "");
    order = fmt::format("{}{}{}, id{}{}", column_of(filter.sort), apart, direction, looked_up ? " + 0" : "", direction);
    place = fmt::format("({0}) {1} (?, ?) AND ({0}) {2} (?, ?)", position, beyond, until);
  }
  const std::string_view bounds =
      plan.by_word
          ? "id IN (SELECT certificate FROM certificate_word WHERE word >= ? AND word < ? UNION ALL SELECT id FROM "
            "certificate WHERE serial >= ? AND serial < ? UNION ALL SELECT id FROM certificate WHERE "
            "fingerprint >= ? AND fingerprint < ?)"
          : "CAST(? AS TEXT) IS NULL AND CAST(? AS TEXT) IS NULL AND CAST(? AS TEXT) IS NULL AND CAST(? AS "
            "TEXT) IS NULL AND CAST(? AS BLOB) IS NULL AND CAST(? AS BLOB) IS NULL";
  // A node has few certificates.
  const std::string_view holder =
      filter.node == 0
          ? "COALESCE(CAST(? AS INTEGER), 0) IS NOT NULL AND CAST(? AS TEXT) IS NULL AND CAST(? AS TEXT) IS NULL"
          : "id IN (SELECT certificate.id FROM node_certificate JOIN certificate ON certificate.serial = "
            "node_certificate.serial WHERE node_certificate.node = ? AND (CAST(? AS TEXT) IS NULL OR "
            "node_certificate.slot = ?))";
  const std::string_view outer = by_id ? "id" : filter.sort == Sort::not_after ? "not_after + 0" : "subject || ''";
  return fmt::format(
      "SELECT serial, generation, endpoint, state, subject, alternative_names, not_before, not_after, key_fingerprint, "
      "fingerprint, revoked_at, reason, replaces, created, superseded, id FROM certificate WHERE id IN (SELECT id FROM "
      "certificate WHERE {} AND {} AND {} AND {} AND {} ORDER BY {} LIMIT ?) ORDER BY {}{}{}",
      conditions(filter, plan), place, bounds, holder, cluster_condition(filter, plan), order, outer, direction,
      by_id ? "" : fmt::format(", id{}", direction));
}

namespace {

// What a search looks for, as parameters.
struct Patterns {
  ListPlan plan;
  std::vector<std::optional<std::string>> words = std::vector<std::optional<std::string>>(most_patterns);
  std::optional<std::string> word, above_word, serial, above_serial;
  std::optional<Bytes> fingerprint, above_fingerprint;
};

std::string like_pattern(std::string_view word) { return "% " + std::string(word) + "%"; }

// The first byte string above all that begin with `prefix`; nothing when there is none.
Bytes above_bytes(Bytes prefix) {
  prefix.resize(33, 0xff);
  return prefix;
}

// Looks each word up. REQUIRES: the search has words.
Status choose_words(Session& session, const ca::Search& search, Patterns& patterns) {
  std::int64_t rarest = most_rare + 1;
  std::size_t which = 0;
  for (std::size_t i = 0; i < search.words.size(); ++i) {
    const std::string& word = search.words[i];
    TRY(const auto count,
        session.value<std::int64_t>(statements::certificates::count_word, word, ca::above_prefix(word), most_rare + 1));
    if (count.value_or(0) < rarest) {
      rarest = count.value_or(0);
      which = i;
    }
  }
  patterns.plan.by_word = rarest <= most_rare;
  if (patterns.plan.by_word) {
    patterns.word = search.words[which];
    patterns.above_word = ca::above_prefix(search.words[which]);
  }
  for (std::size_t i = 0; i < most_patterns; ++i)
    patterns.words[i] = i < search.words.size() ? like_pattern(search.words[i]) : "%";
  return {};
}

Result<Patterns> patterns_of(Session& session, const ca::CertificateFilter& filter) {
  Patterns patterns;
  if (filter.text.empty() && filter.node != 0) return patterns;
  if (filter.cluster && *filter.cluster != 0 && filter.text.empty()) {
    TRY(const auto count,
        session.value<std::int64_t>(statements::cluster_nodes::count_slots, *filter.cluster, most_rare + 1));
    patterns.plan.by_cluster = count.value_or(0) <= most_rare;
    if (patterns.plan.by_cluster) return patterns;
  }
  if (filter.text.empty()) {
    const auto state = state_of(filter);
    if (const Window window = window_of(filter); window.narrow && filter.sort != Sort::not_after) {
      TRY(const auto count, session.value<std::int64_t>(statements::certificates::count_window, window.after,
                                                        window.before, most_rare + 1));
      patterns.plan.by_window = count.value_or(0) <= most_rare;
      if (patterns.plan.by_window) return patterns;
    }
    if (!state || *state == State::issued) return patterns;
    // In the order of creation the index on the state has the order, too.
    patterns.plan.by_state = filter.sort == Sort::created && !window_of(filter).narrow;
    if (patterns.plan.by_state) return patterns;
    TRY(const auto count,
        session.value<std::int64_t>(statements::certificates::count_state, static_cast<int>(*state), most_rare + 1));
    patterns.plan.by_state = count.value_or(0) <= most_rare;
    return patterns;
  }
  const ca::Search search = ca::search_of(filter.text);
  TRY_STATUS(choose_words(session, search, patterns));
  if (search.digits.empty() || (!patterns.plan.by_word && !search.words.empty())) return patterns;
  // A number is looked for among words, serials and fingerprints at once.
  patterns.plan.by_word = true;
  patterns.serial = search.digits;
  patterns.above_serial = ca::above_prefix(search.digits);
  TRY(patterns.fingerprint, from_hex(search.digits.substr(0, search.digits.size() / 2 * 2)));
  patterns.above_fingerprint = above_bytes(*patterns.fingerprint);
  std::ranges::fill(patterns.words, "%");
  return patterns;
}

// A place in the order of a list.
struct Place {
  std::int64_t number = 0;  // not_after
  std::string text;         // subject
  std::int64_t id = 0;
};

sql::Parameter key_of(const ca::CertificateFilter& filter, const Place& place) {
  switch (filter.sort) {
    case Sort::created: return nullptr;
    case Sort::not_after: return place.number;
    case Sort::subject: return place.text;
  }
  CHECK(false);
}

// Where a walk that begins behind `begin` has looked at as many as it may. Nothing where there are no more.
Result<std::optional<Place>> last_visited(Session& session, const ca::CertificateFilter& filter, const Place& begin) {
  // Where the index does not have all that the filter looks at, each row is read from another place of the disk.
  const bool scattered =
      filter.cluster ||
      (filter.sort == Sort::created ? filter.endpoint.has_value() : !filter.text.empty() || is_by_reason(filter));
  const std::int64_t steps = std::max(filter.most_visited / (scattered ? 10 : 1), 1);
  if (filter.sort == Sort::created && !filter.endpoint) {
    // None is ever removed, so their numbers have no gaps.
    TRY(const auto highest, session.value<std::int64_t>(statements::certificates::highest));
    if (filter.ascending) {
      const std::int64_t id = std::max<std::int64_t>(begin.id, 0) + steps;
      return id < highest.value_or(0) ? std::optional(Place{.id = id}) : std::nullopt;
    }
    const std::int64_t id = std::min(begin.id, highest.value_or(0) + 1) - steps;
    return id > 1 ? std::optional(Place{.id = id}) : std::nullopt;
  }
  const sql::Parameter key = filter.sort == Sort::created ? sql::Parameter(filter.endpoint) : key_of(filter, begin);
  TRY(sql::Rows rows, session.query(certificate_walk_sql(filter), key, begin.id, steps - 1));
  TRY(const bool there, rows.next());
  if (!there) return std::nullopt;
  Place last{.id = rows.integer(1)};
  if (filter.sort == Sort::not_after) last.number = rows.integer(0);
  if (filter.sort == Sort::subject) last.text = rows.get<std::string>(0);
  return last;
}

}  // namespace

Result<ca::CertificatePage> Certificates::list(const ca::CertificateFilter& filter) {
  ca::CertificatePage page;
  const int limit = std::clamp(filter.limit, 0, most_rows);
  const Window window = window_of(filter);
  TRY(const Patterns find, patterns_of(session_, filter));
  if (!filter.text.empty() && find.words[0] == "%" && !find.plan.by_word) return page;
  Place begin = filter.ascending ? Place{window.after, "", least_number}
                                 : Place{window.before, ca::above_prefix(""), most_number};
  // Those that end at the end of the window are beyond it.
  if (!filter.ascending && filter.sort == Sort::not_after) begin.id = least_number;
  if (filter.after != 0) {
    begin.id = filter.after;
    if (filter.sort != Sort::created) {
      TRY(sql::Rows place, session_.query(statements::certificates::place, filter.after));
      TRY(const bool there, place.next());
      if (!there) return page;
      begin.number = place.integer(0);
      begin.text = place.get<std::string>(1);
    }
  }
  Place end = filter.ascending ? Place{window.before, ca::above_prefix(""), most_number}
                               : Place{window.after, "", least_number};
  if (filter.ascending && filter.sort == Sort::not_after) end.id = least_number;
  bool cut = false;
  if (!is_looked_up(filter, find.plan) && may_pass_over(filter)) {
    TRY(const auto last, last_visited(session_, filter, begin));
    if (last && (filter.sort != Sort::not_after ||
                 (filter.ascending ? last->number < end.number : last->number >= end.number))) {
      end = *last;
      cut = true;
    }
  }
  const std::optional<std::string> slot = filter.slot.empty() ? std::nullopt : std::optional(filter.slot);
  // One more than asked for tells whether there is another page.
  TRY(sql::Rows rows,
      session_.query(certificate_list_sql(filter, find.plan), filter.endpoint, window.after, window.before,
                     seconds_of(filter.now) * 5, find.words[0], find.words[1], find.words[2], find.words[3],
                     find.words[4], find.words[5], key_of(filter, begin), begin.id, key_of(filter, end), end.id,
                     find.word, find.above_word, find.serial, find.above_serial, find.fingerprint,
                     find.above_fingerprint, filter.node, slot, slot, filter.cluster, limit + 1));
  std::int64_t last = 0;
  TRY_STATUS(rows.each([&](const sql::Row& row) -> Status {
    if (std::ssize(page.rows) == limit) {
      page.next = last;
      return {};
    }
    last = row.integer(15);
    TRY(ca::CertificateRecord record, certificate_from(row));
    page.rows.push_back(std::move(record));
    return {};
  }));
  if (cut && page.next == 0) page.next = end.id;
  return page;
}

}  // namespace chancery::store
