#include "store/agent/agent_store.h"

#include <fmt/format.h>

#include "base/check.h"
#include "sql/migrations.h"
#include "sql/sqlite.h"
#include "store/agent/statements.h"

namespace chancery::store {
namespace {

namespace statements = agent_statements;
using agent::SlotState;
using sql::TransactionKind;

// "Agen", in the header of the database file.
constexpr std::int32_t application_id = 0x4167656e;
constexpr std::int64_t cache_kib = 256;

enum class Beside : std::uint8_t { chain, authority };

Result<std::pair<std::string, SlotState>> slot_in(const sql::Row& row) {
  SlotState state{.next_attempt = row.time(3),
                  .decided = row.time(4),
                  .asked_to_wait_until = row.time(18),
                  .failures = static_cast<unsigned>(row.integer(5)),
                  .polls = static_cast<unsigned>(row.integer(6)),
                  .rejected = row.boolean(7),
                  .last_error = row.get<std::string>(8),
                  .given_out_until = row.time(9),
                  .clock_was_wrong = row.boolean(10),
                  .spent_challenge = row.get<Bytes>(11),
                  .refused_challenge = row.get<Bytes>(12)};
  TRY(state.phase, agent::slot_phase_from_text(row.text(1)));
  TRY(state.method, agent::method_from_text(row.text(2)));
  if (!row.is_null(13))
    state.active = agent::ActiveCertificate{.sha256 = row.get<Bytes>(13),
                                            .validity = {.not_before = row.time(14), .not_after = row.time(15)},
                                            .installed_at = row.time(16),
                                            .renew_at = row.time(17)};
  return std::pair(row.get<std::string>(0), std::move(state));
}

wire::Event event_in(const sql::Row& row) {
  return {.number = row.integer(0),
          .at = row.time(1),
          .slot = row.get<std::string>(2),
          .what = row.get<std::string>(3),
          .text = row.get<std::string>(4)};
}

Status done(const Result<std::int64_t>& executed) {
  if (!executed) return std::unexpected(executed.error());
  return {};
}

}  // namespace

Result<std::unique_ptr<SqlAgentStore>> SqlAgentStore::open(const std::string& path, const AgentStoreOptions& options,
                                                           const Clock& clock) {
  TRY(auto connection,
      sql::open_sqlite({.path = path,
                        .durability = options.durable ? sql::Durability::full : sql::Durability::normal,
                        .cache_kib = cache_kib,
                        .application_id = application_id,
                        .vfs = options.vfs}));
  // The log is small flash's: it is folded into the file after 128 KiB.
  TRY_STATUS(connection->execute_script("PRAGMA wal_autocheckpoint = 32; PRAGMA journal_size_limit = 131072"));
  TRY_STATUS(sql::migrate(*connection, statements::migrations, clock.now()));
  return std::unique_ptr<SqlAgentStore>(new SqlAgentStore(std::move(connection)));
}

Result<std::vector<std::pair<std::string, SlotState>>> SqlAgentStore::slots() {
  std::vector<std::pair<std::string, SlotState>> known;
  TRY(sql::Rows rows, connection_->query(statements::slots::list));
  TRY_STATUS(rows.each([&](const sql::Row& row) -> Status {
    if (auto slot = slot_in(row)) known.push_back(*std::move(slot));
    return {};
  }));
  return known;
}

Status SqlAgentStore::check() {
  TRY(const auto told, connection_->value<std::string>("PRAGMA quick_check(1)"));
  if (told == "ok") return {};
  return internal(fmt::format("the database is corrupt: {}", told.value_or("")));
}

Status SqlAgentStore::save(const agent::SlotChange& change) {
  const SlotState& state = change.state;
  return connection_->transaction(TransactionKind::write, [&](sql::Connection& db) -> Status {
    const auto active = [&](auto pick) -> std::optional<Timestamp> {
      if (!state.active) return std::nullopt;
      return pick(*state.active);
    };
    const std::optional<Bytes> sha256 = state.active ? std::optional(state.active->sha256) : std::nullopt;
    TRY_STATUS(done(
        db.execute(statements::slots::save, change.slot, agent::to_string(state.phase), agent::to_string(state.method),
                   state.next_attempt, state.decided, state.failures, state.polls, state.rejected, state.last_error,
                   state.given_out_until, state.clock_was_wrong, state.spent_challenge, state.refused_challenge, sha256,
                   active([](const auto& certificate) { return certificate.validity.not_before; }),
                   active([](const auto& certificate) { return certificate.validity.not_after; }),
                   active([](const auto& certificate) { return certificate.installed_at; }),
                   active([](const auto& certificate) { return certificate.renew_at; }), state.asked_to_wait_until)));
    for (const wire::Event& event : change.events) TRY_STATUS(add_event(event));
    if (change.installed) TRY_STATUS(add_certificate(*change.installed));
    if (change.forget_received) TRY_STATUS(forget_received(change.slot));
    return {};
  });
}

Status SqlAgentStore::forget_slot(const std::string& slot) {
  return connection_->transaction(TransactionKind::write, [&](sql::Connection& db) -> Status {
    TRY_STATUS(done(db.execute(statements::slots::forget, slot)));
    return forget_received(slot);
  });
}

Status SqlAgentStore::forget_received(const std::string& slot) {
  TRY_STATUS(done(connection_->execute(statements::received::forget, slot)));
  return done(connection_->execute(statements::received::forget_beside, slot));
}

Status SqlAgentStore::keep_received(const std::string& slot, const agent::ReceivedCertificate& received) {
  return connection_->transaction(TransactionKind::write, [&](sql::Connection& db) -> Status {
    TRY_STATUS(forget_received(slot));
    TRY_STATUS(done(db.execute(statements::received::keep, slot, received.source.url, received.source.fingerprint,
                               received.certificate, received.challenge)));
    for (const auto& [role, list] :
         {std::pair(Beside::chain, &received.chain), std::pair(Beside::authority, &received.authorities)})
      for (std::size_t place = 0; place < list->size(); ++place)
        TRY_STATUS(
            done(db.execute(statements::received::keep_beside, slot, static_cast<int>(role), place, (*list)[place])));
    return {};
  });
}

Result<std::optional<agent::ReceivedCertificate>> SqlAgentStore::received(const std::string& slot) {
  TRY(sql::Rows rows, connection_->query(statements::received::find, slot));
  TRY(std::optional<agent::ReceivedCertificate> found, rows.one([](const sql::Row& row) {
    return agent::ReceivedCertificate{.certificate = row.get<Bytes>(2),
                                      .chain = {},
                                      .authorities = {},
                                      .source = {.url = row.get<std::string>(0), .fingerprint = row.get<Bytes>(1)},
                                      .challenge = row.get<Bytes>(3)};
  }));
  if (!found) return found;
  const auto beside = [&](Beside role) -> Result<std::vector<Bytes>> {
    TRY(sql::Rows certificates, connection_->query(statements::received::find_beside, slot, static_cast<int>(role)));
    return certificates.all([](const sql::Row& row) { return row.get<Bytes>(0); });
  };
  TRY(found->chain, beside(Beside::chain));
  TRY(found->authorities, beside(Beside::authority));
  return found;
}

// The newest has the greatest id, also when it was there before.
Status SqlAgentStore::add_certificate(const agent::CertificateRecord& record) {
  TRY_STATUS(done(connection_->execute(statements::certificates::forget, record.slot, record.sha256)));
  TRY_STATUS(done(connection_->execute(statements::certificates::add, record.sha256, record.slot, record.der,
                                       record.installed_at)));
  return done(
      connection_->execute(statements::certificates::remove_old, record.slot, record.slot, certificates_per_slot));
}

Result<std::vector<agent::CertificateRecord>> SqlAgentStore::certificates() {
  TRY(sql::Rows rows, connection_->query(statements::certificates::list));
  return rows.all([](const sql::Row& row) {
    return agent::CertificateRecord{.sha256 = row.get<Bytes>(0),
                                    .slot = row.get<std::string>(1),
                                    .der = row.get<Bytes>(2),
                                    .installed_at = row.time(3)};
  });
}

Status SqlAgentStore::add_event(const wire::Event& event) {
  TRY_STATUS(done(connection_->execute(statements::events::add, event.at, event.slot, event.what, event.text)));
  return done(connection_->execute(statements::events::remove_old, history_length));
}

Status SqlAgentStore::append(const wire::Event& event) {
  return connection_->transaction(TransactionKind::write, [&](sql::Connection&) { return add_event(event); });
}

Result<std::vector<wire::Event>> SqlAgentStore::events_after(std::int64_t number, std::size_t limit) {
  TRY(sql::Rows rows, connection_->query(statements::events::after, number, limit));
  return rows.all(event_in);
}

Result<std::vector<wire::Event>> SqlAgentStore::latest_events(const std::string& slot, std::size_t limit) {
  if (slot.empty()) {
    TRY(sql::Rows rows, connection_->query(statements::events::latest, limit));
    return rows.all(event_in);
  }
  TRY(sql::Rows rows, connection_->query(statements::events::latest_of_slot, slot, limit));
  return rows.all(event_in);
}

Result<std::vector<agent::TrustAnchor>> SqlAgentStore::trust() {
  TRY(sql::Rows rows, connection_->query(statements::trust::list));
  return rows.all([](const sql::Row& row) {
    return agent::TrustAnchor{.store = row.get<std::string>(0), .sha256 = row.get<Bytes>(1), .der = row.get<Bytes>(2)};
  });
}

Result<bool> SqlAgentStore::add_trust(const agent::TrustAnchor& anchor) {
  TRY(const std::int64_t added, connection_->execute(statements::trust::add, anchor.store, anchor.sha256, anchor.der));
  return added > 0;
}

Result<bool> SqlAgentStore::remove_trust(const std::string& store, ByteView sha256) {
  TRY(const std::int64_t removed, connection_->execute(statements::trust::remove, store, sha256));
  return removed > 0;
}

Result<std::optional<agent::OrderRecord>> SqlAgentStore::order(const std::string& id) {
  TRY(sql::Rows rows, connection_->query(statements::orders::find, id));
  return rows.one([](const sql::Row& row) -> Result<agent::OrderRecord> {
    agent::OrderRecord record{.begun = row.get<Timestamp>(0), .content = row.get<Bytes>(2)};
    if (row.is_null(1)) return record;
    TRY_IN("the result of an order", record.result, wire::order_result_from_json(row.text(1)));
    return record;
  });
}

Status SqlAgentStore::begin_order(const std::string& id, ByteView content, Timestamp now) {
  return connection_->transaction(TransactionKind::write, [&](sql::Connection& db) -> Status {
    TRY_STATUS(done(db.execute(statements::orders::remove_other, id, content)));
    TRY_STATUS(done(db.execute(statements::orders::begin, id, content, now)));
    return done(db.execute(statements::orders::remove_old, orders_remembered));
  });
}

Status SqlAgentStore::finish_order(const wire::OrderResult& result) {
  TRY(const std::int64_t changed, connection_->execute(statements::orders::finish, wire::to_json(result), result.id));
  CHECK(changed == 1);
  return {};
}

Result<std::vector<wire::OrderResult>> SqlAgentStore::unacknowledged_results(std::size_t limit) {
  TRY(sql::Rows rows, connection_->query(statements::orders::unacknowledged, limit));
  return rows.all([](const sql::Row& row) { return wire::order_result_from_json(row.text(0)); });
}

Status SqlAgentStore::acknowledge_results(const std::vector<std::string>& ids) {
  return connection_->transaction(TransactionKind::write, [&](sql::Connection& db) -> Status {
    for (const std::string& id : ids) TRY_STATUS(done(db.execute(statements::orders::acknowledge, id)));
    return {};
  });
}

Result<agent::LinkRecord> SqlAgentStore::link() {
  TRY(const auto acknowledged, connection_->value<std::int64_t>(statements::link::find));
  return agent::LinkRecord{.acknowledged_event = acknowledged.value_or(0)};
}

Status SqlAgentStore::save_link(const agent::LinkRecord& link) {
  return done(connection_->execute(statements::link::save, link.acknowledged_event));
}

}  // namespace chancery::store
