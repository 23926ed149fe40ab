#include "store/hub/transactions.h"

#include <fmt/format.h>

#include <limits>

#include "scep/message.h"
#include "store/hub/json_text.h"
#include "store/hub/row_enum.h"
#include "store/hub/statements.h"

namespace chancery::store {

using hub::TransactionRecord;

namespace statements_of = statements::transactions;

namespace {

Result<TransactionRecord> transaction_from(const sql::Row& row) {
  TransactionRecord record;
  record.id = row.integer(0);
  record.key = {std::string(row.text(1)), row.get<Bytes>(2), row.get<Bytes>(3)};
  const std::string name = fmt::format("request {}", record.id);
  TRY(record.state, enumerator_from(row.integer(4), TransactionRecord::State::rejected, name, "state"));
  record.renewal = row.boolean(5);
  record.request_hash = row.get<Bytes>(6);
  record.request = row.get<Bytes>(7);
  record.subject = row.text(8);
  TRY_IN("reading a request", record.alternative_names, texts_from_json(row.text(9)));
  record.key_type = row.text(10);
  record.source = row.text(11);
  record.serial = row.text(12);
  record.replaces = row.text(13);
  record.reason = row.text(14);
  TRY(const scep::FailInfo fail_info, enumerator_from(row.integer(15), scep::FailInfo::bad_cert_id, name, "fail_info"));
  record.fail_info = static_cast<int>(fail_info);
  record.created = row.time(16);
  record.updated = row.time(17);
  return record;
}

}  // namespace

Result<std::optional<TransactionRecord>> Transactions::find(const hub::TransactionKey& key) {
  TRY(sql::Rows rows, session_.query(statements_of::find_by_key, key.endpoint, key.signer_key, key.transaction_id));
  return rows.one(transaction_from);
}

Result<std::optional<TransactionRecord>> Transactions::find(std::int64_t id) {
  TRY(sql::Rows rows, session_.query(statements_of::find_by_id, id));
  return rows.one(transaction_from);
}

Result<std::optional<TransactionRecord>> Transactions::latest_for_key(std::string_view endpoint, ByteView signer_key) {
  TRY(sql::Rows rows, session_.query(statements_of::latest_for_key, endpoint, signer_key));
  return rows.one(transaction_from);
}

Result<int> Transactions::count_valid_issued(std::string_view endpoint, ByteView signer_key, Timestamp now) {
  TRY(const auto count, session_.value<int>(statements_of::count_valid_issued, endpoint, signer_key, now, now));
  return count.value_or(0);
}

Result<std::int64_t> Transactions::add(const TransactionRecord& record) {
  TRY(const std::int64_t added,
      session_.change(statements_of::add, record.key.endpoint, record.key.signer_key, record.key.transaction_id,
                      static_cast<int>(record.state), record.renewal, record.request_hash, record.request,
                      record.subject, to_json(record.alternative_names), record.key_type, record.source, record.serial,
                      record.replaces, record.reason, record.fail_info, record.created, record.updated));
  if (added == 0) return conflict("endpoint " + record.key.endpoint + " has this transaction already");
  TRY(const auto id, session_.value<std::int64_t>(statements_of::id_of, record.key.endpoint, record.key.signer_key,
                                                  record.key.transaction_id));
  if (!id) return internal("a transaction just added is not there");
  return *id;
}

Status Transactions::approve(std::int64_t id, std::string_view serial, Timestamp at) {
  TRY(const std::int64_t changed, session_.change(statements_of::approve, serial, at, id));
  return decided(id, changed);
}

Status Transactions::reject(std::int64_t id, int fail_info, std::string_view reason, Timestamp at) {
  TRY(const std::int64_t changed, session_.change(statements_of::reject, fail_info, reason, at, ByteView(), id));
  return decided(id, changed);
}

Result<std::vector<TransactionRecord>> Transactions::list(std::optional<TransactionRecord::State> state,
                                                          std::int64_t after, int limit) {
  const std::int64_t below = after == 0 ? std::numeric_limits<std::int64_t>::max() : after;
  if (!state) {
    TRY(sql::Rows rows, session_.query(statements_of::list_all, below, limit));
    return rows.all(transaction_from);
  }
  TRY(sql::Rows rows, session_.query(statements_of::list, static_cast<int>(*state), below, limit));
  return rows.all(transaction_from);
}

Result<std::int64_t> Transactions::count(TransactionRecord::State state) {
  TRY(const auto count, session_.value<std::int64_t>(statements_of::count, static_cast<int>(state)));
  return count.value_or(0);
}

Status Transactions::forget(Timestamp rejected_before) {
  TRY([[maybe_unused]] const auto removed, session_.change(statements_of::forget, rejected_before));
  return {};
}

Status Transactions::decided(std::int64_t id, std::int64_t changed) {
  if (changed == 1) return {};
  TRY(const auto exists, session_.value<int>(statements_of::exists, id));
  if (!exists) return not_found(fmt::format("there is no request {}", id));
  return conflict(fmt::format("request {} is decided already", id));
}

}  // namespace chancery::store
