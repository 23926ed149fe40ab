#include "store/hub/certificates.h"

#include <fmt/format.h>

#include "ca/search_words.h"
#include "store/hub/certificate_list.h"
#include "store/hub/json_text.h"
#include "store/hub/row_enum.h"
#include "store/hub/statements.h"

namespace chancery::store {

using State = ca::CertificateRecord::State;

namespace statements_of = statements::certificates;

Result<ca::CertificateRecord> certificate_from(const sql::Row& row) {
  ca::CertificateRecord record;
  TRY_IN("reading a certificate", record.serial, pki::Serial::from_hex(row.text(0)));
  record.generation = row.get<int>(1);
  record.endpoint = row.text(2);
  const std::string name = fmt::format("certificate {}", row.text(0));
  TRY(record.state, enumerator_from(row.integer(3), State::revoked, name, "state"));
  record.subject = row.text(4);
  TRY_IN("reading a certificate", record.alternative_names, texts_from_json(row.text(5)));
  record.validity = {row.time(6), row.time(7)};
  record.key_fingerprint = row.get<Bytes>(8);
  record.fingerprint = row.get<Bytes>(9);
  record.revoked_at = row.get<std::optional<Timestamp>>(10);
  TRY(record.reason, reason_from(row.integer(11), name));
  record.replaces = row.text(12);
  record.created = row.time(13);
  record.superseded = row.boolean(14);
  return record;
}

namespace {

constexpr std::int64_t day_seconds = 86400;
constexpr std::int64_t quarter_seconds = 900;
constexpr std::int64_t quarters_a_day = day_seconds / quarter_seconds;

std::int64_t seconds_of(Timestamp time) { return time.time_since_epoch().count(); }

// Each behind a space, so that LIKE '% prefix%' finds what begins so.
std::string joined(const std::vector<std::string>& words) {
  std::string all = " ";
  for (const std::string& word : words) all.append(word).append(" ");
  return all;
}

}  // namespace

Status Certificates::add_intent(const ca::CertificateRecord& record) {
  const std::string serial = record.serial.hex();
  const std::vector<std::string> words = ca::search_words(record.subject, record.alternative_names);
  TRY(const std::int64_t added,
      session_.change(statements_of::add_intent, serial, record.generation, record.endpoint, record.subject,
                      to_json(record.alternative_names), record.validity.not_before, record.validity.not_after,
                      record.key_fingerprint, record.replaces, record.created, joined(words)));
  if (added == 0) return conflict("there is a certificate with serial " + serial + " already");
  TRY(const auto id, session_.value<std::int64_t>(statements_of::id_of, serial));
  for (const std::string& word : words) {
    TRY([[maybe_unused]] const auto word_added, session_.change(statements_of::add_word, word, id));
  }
  TRY([[maybe_unused]] const auto tbs, session_.change(statements_of::add_tbs, id, record.tbs));
  return {};
}

Status Certificates::record_issued(const pki::Serial& serial, ByteView der, ByteView fingerprint) {
  const std::string hex = serial.hex();
  TRY(const std::int64_t changed, session_.change(statements_of::record_issued, fingerprint, hex));
  if (changed == 0) return why_unchanged(hex, "is not an intent any more");
  TRY([[maybe_unused]] const auto added, session_.change(statements_of::add_der, der, hex));
  TRY_STATUS(count(hex));
  return weigh_replaced(hex);
}

Status Certificates::weigh_replaced(const std::string& serial) {
  TRY(const auto replaced, session_.value<std::string>(statements_of::replaced_by, serial));
  if (!replaced || replaced->empty()) return {};
  TRY(const auto good, session_.value<int>(statements_of::renewed, *replaced));
  TRY_STATUS(uncount(*replaced));
  TRY([[maybe_unused]] const auto changed,
      session_.change(statements_of::set_superseded, good.has_value() ? 1 : 0, *replaced));
  return count(*replaced);
}

Status Certificates::count(const std::string& serial) {
  TRY([[maybe_unused]] const auto of_day, session_.change(statements_of::count_day, serial));
  TRY([[maybe_unused]] const auto of_quarter, session_.change(statements::certificate_quarters::count, serial));
  return {};
}

Status Certificates::uncount(const std::string& serial) {
  TRY([[maybe_unused]] const auto of_day, session_.change(statements_of::uncount_day, serial));
  TRY([[maybe_unused]] const auto of_quarter, session_.change(statements::certificate_quarters::uncount, serial));
  return {};
}

Result<std::optional<ca::CertificateRecord>> Certificates::find(const pki::Serial& serial) {
  TRY(sql::Rows rows, session_.query(statements_of::find, serial.hex()));
  return rows.one([](const sql::Row& row) -> Result<ca::CertificateRecord> {
    TRY(ca::CertificateRecord record, certificate_from(row));
    record.tbs = row.get<Bytes>(15);
    record.der = row.get<Bytes>(16);
    return record;
  });
}

Status Certificates::revoke(const pki::Serial& serial, Timestamp at, pki::RevocationReason reason) {
  const std::string hex = serial.hex();
  TRY_STATUS(uncount(hex));
  TRY(const std::int64_t changed, session_.change(statements_of::revoke, at, static_cast<int>(reason), hex));
  if (changed == 0) return why_unchanged(hex, "is revoked already");
  TRY_STATUS(weigh_replaced(hex));
  return note_change(hex);
}

Status Certificates::release(const pki::Serial& serial) {
  const std::string hex = serial.hex();
  TRY(const std::int64_t changed, session_.change(statements_of::release, hex));
  if (changed == 0) return why_unchanged(hex, "is not suspended");
  TRY_STATUS(weigh_replaced(hex));
  TRY_STATUS(note_change(hex));
  return count(hex);
}

Status Certificates::note_change(const std::string& serial) {
  TRY([[maybe_unused]] const auto noted, session_.change(statements_of::note_change, serial));
  return {};
}

Result<std::vector<pki::RevokedEntry>> Certificates::revoked(int generation, Timestamp expired_before) {
  std::vector<pki::RevokedEntry> entries;
  const auto add = [&](const sql::Row& row) -> Status {
    TRY(pki::Serial serial, pki::Serial::from_hex(row.text(0)));
    TRY(const auto reason, reason_from(row.integer(2), fmt::format("certificate {}", row.text(0))));
    entries.push_back({std::move(serial), row.time(1), reason});
    return {};
  };
  TRY(sql::Rows rows, session_.query(statements_of::revoked, generation, expired_before));
  TRY_STATUS(rows.each(add));
  TRY(sql::Rows before, session_.query(statements_of::revoked_before, generation));
  TRY_STATUS(before.each(add));
  return entries;
}

Status Certificates::add_revoked_before(int generation, const std::vector<pki::RevokedEntry>& entries) {
  for (const pki::RevokedEntry& entry : entries) {
    TRY(const std::int64_t added, session_.change(statements_of::add_revoked_before, generation, entry.serial.hex(),
                                                  entry.revoked_at, static_cast<int>(entry.reason)));
    if (added == 0)
      return conflict("serial " + entry.serial.hex() + " is among those that were revoked before already");
  }
  return {};
}

Result<int> Certificates::count_valid_for_key(ByteView key_fingerprint, Timestamp now) {
  TRY(const auto count, session_.value<int>(statements_of::count_valid_for_key, key_fingerprint, now, now));
  return count.value_or(0);
}

Result<std::vector<ca::CertificateRecord>> Certificates::intents_before(Timestamp time) {
  TRY(sql::Rows rows, session_.query(statements_of::intents_before, time));
  return rows.all([](const sql::Row& row) -> Result<ca::CertificateRecord> {
    TRY(ca::CertificateRecord record, certificate_from(row));
    record.tbs = row.get<Bytes>(15);
    return record;
  });
}

Result<std::vector<ca::CertificateRecord>> Certificates::renewals_of(const pki::Serial& serial) {
  TRY(sql::Rows rows, session_.query(statements_of::renewals_of, serial.hex()));
  return rows.all(certificate_from);
}

Result<std::optional<ca::CertificateRecord>> Certificates::find_by_fingerprint(ByteView fingerprint) {
  TRY(const auto hex, session_.value<std::string>(statements_of::find_by_fingerprint, fingerprint));
  if (!hex) return std::nullopt;
  TRY_IN("reading a certificate", const pki::Serial serial, pki::Serial::from_hex(*hex));
  return find(serial);
}

Result<bool> Certificates::knows(ByteView fingerprint) {
  TRY(const auto found, session_.value<int>(statements_of::knows, fingerprint));
  return found.has_value();
}

Result<std::int64_t> Certificates::count_current(Timestamp from, Timestamp before) {
  // Whole days and quarters of an hour are counted already; what is left at both ends is looked at.
  const auto count = [&](std::string_view sql, std::int64_t least, std::int64_t above) -> Result<std::int64_t> {
    if (least >= above) return 0;
    TRY(const auto counted, session_.value<std::int64_t>(sql, least, above));
    return counted.value_or(0);
  };
  const auto first = [](std::int64_t moment, std::int64_t length) { return (moment + length - 1) / length; };
  const std::int64_t begin = seconds_of(from), end = seconds_of(before);
  const std::int64_t quarter = first(begin, quarter_seconds), last_quarter = end / quarter_seconds;
  if (quarter >= last_quarter) return count(statements_of::count_current, begin, end);
  TRY(std::int64_t all, count(statements_of::count_current, begin, quarter * quarter_seconds));
  TRY(const std::int64_t tail, count(statements_of::count_current, last_quarter * quarter_seconds, end));
  all += tail;
  const std::int64_t day = first(begin, day_seconds), last_day = end / day_seconds;
  if (day >= last_day) {
    TRY(const std::int64_t quarters, count(statements::certificate_quarters::sum, quarter, last_quarter));
    return all + quarters;
  }
  TRY(const std::int64_t morning, count(statements::certificate_quarters::sum, quarter, day * quarters_a_day));
  TRY(const std::int64_t days, count(statements_of::count_days, day, last_day));
  TRY(const std::int64_t evening,
      count(statements::certificate_quarters::sum, last_day * quarters_a_day, last_quarter));
  return all + morning + days + evening;
}

Result<std::int64_t> Certificates::count_expiring(Timestamp now, Timestamp before) {
  const Timestamp end = std::min(before, now + ca::expiring_window);
  TRY(const auto counted, session_.value<std::int64_t>(statements_of::count_expiring, now, end, now));
  return counted.value_or(0);
}

Status write_missing_words(sql::Connection& connection) {
  for (bool more = true; more;) {
    const auto some = [&](sql::Connection&) -> Status {
      Session session(connection, Access::write);
      TRY(sql::Rows rows, session.query(statements_of::without_words));
      std::vector<std::pair<std::int64_t, std::vector<std::string>>> wordless;
      TRY_STATUS(rows.each([&](const sql::Row& row) -> Status {
        TRY_IN("reading a certificate", const auto names, texts_from_json(row.text(3)));
        wordless.emplace_back(row.integer(0), ca::search_words(row.text(2), names));
        return {};
      }));
      more = !wordless.empty();
      for (const auto& [id, words] : wordless) {
        TRY([[maybe_unused]] const auto set, session.change(statements_of::set_words, joined(words), id));
        for (const std::string& word : words) {
          TRY([[maybe_unused]] const auto added, session.change(statements_of::add_word, word, id));
        }
      }
      return {};
    };
    TRY_STATUS(connection.transaction(sql::TransactionKind::write, some));
  }
  return {};
}

Status Certificates::why_unchanged(const std::string& serial, std::string_view refusal) {
  TRY(const auto exists, session_.value<int>(statements_of::exists, serial));
  if (!exists) return not_found("there is no certificate with serial " + serial);
  return conflict("certificate " + serial + " " + std::string(refusal));
}

}  // namespace chancery::store
