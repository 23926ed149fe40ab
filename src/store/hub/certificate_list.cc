#include "store/hub/certificate_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "store/hub/certificates.h"

namespace chancery::store {
namespace {

constexpr int most_rows = 10'000;

// True for every value, and of a type that PostgreSQL can tell.
constexpr std::string_view any_text = "CAST(? AS TEXT) IS NULL";

}  // namespace

std::string certificate_list_sql(const ca::CertificateFilter& filter) {
  using State = ca::CertificateRecord::State;
  const bool by_expiry = filter.expires_after || filter.expires_before;
  // An index on id or endpoint would give the order for nothing, and read the whole table to find what expires in one
  // month. What is an expression is looked up in no index, so the index on not_after is left, which covers the filters.
  const std::string_view id = by_expiry ? "id + 0" : "id";
  // Nearly all certificates are issued; those in another state are found by it, and by the endpoint then.
  const bool by_state = !by_expiry && filter.state && *filter.state != State::issued;
  const std::string endpoint = !filter.endpoint        ? std::string(any_text)
                               : by_expiry || by_state ? "endpoint || '' = ?"
                                                       : "endpoint = ?";
  std::string state;
  if (filter.state) state = fmt::format("AND state{} = {} ", by_state ? "" : " + 0", static_cast<int>(*filter.state));
  const std::string text = filter.text.empty() ? fmt::format("{0} AND {0} AND {0}", any_text)
                                               : "(lower(subject) LIKE ? ESCAPE '!' OR lower(alternative_names) LIKE ? "
                                                 "ESCAPE '!' OR serial LIKE ? ESCAPE '!')";
  // Without a filter on it, not_after stays out of every index.
  const std::string_view expiry =
      by_expiry ? "not_after >= ? AND not_after < ?" : "not_after + 0 >= ? AND not_after + 0 < ?";
  return fmt::format(
      "SELECT serial, generation, endpoint, state, subject, alternative_names, not_before, not_after, key_fingerprint, "
      "fingerprint, revoked_at, reason, replaces, created, id FROM certificate WHERE id IN (SELECT id FROM certificate "
      "WHERE {} AND {} {}AND {} AND {} < ? ORDER BY {} DESC LIMIT ?) ORDER BY id DESC",
      endpoint, expiry, state, text, id, id);
}

std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char character : text) {
    if (character == '%' || character == '_' || character == '!') pattern += '!';
    pattern += character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
  }
  pattern += '%';
  return pattern;
}

Result<ca::CertificatePage> Certificates::list(const ca::CertificateFilter& filter) {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const auto seconds = [](const std::optional<Timestamp>& time, std::int64_t otherwise) {
    return time ? std::int64_t{time->time_since_epoch().count()} : otherwise;
  };
  const int limit = std::clamp(filter.limit, 0, most_rows);
  std::optional<std::string> pattern;
  if (!filter.text.empty()) pattern = like_pattern(filter.text);
  // One more than asked for tells whether there is another page.
  TRY(sql::Rows rows, session_.query(certificate_list_sql(filter), filter.endpoint,
                                     seconds(filter.expires_after, least), seconds(filter.expires_before, most),
                                     pattern, pattern, pattern, filter.after == 0 ? most : filter.after, limit + 1));
  ca::CertificatePage page;
  std::int64_t last = 0;
  TRY_STATUS(rows.each([&](const sql::Row& row) -> Status {
    if (std::ssize(page.rows) == limit) {
      page.next = last;
      return {};
    }
    last = row.integer(14);
    TRY(ca::CertificateRecord record, certificate_from(row));
    page.rows.push_back(std::move(record));
    return {};
  }));
  return page;
}

}  // namespace chancery::store
