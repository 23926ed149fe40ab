#include "store/hub/users.h"

#include "store/hub/row_enum.h"
#include "store/hub/statements.h"

namespace chancery::store {
namespace {

Result<hub::UserRecord> user_from(const sql::Row& row) {
  // A role beyond the last one would be above all others.
  TRY(const hub::Role role,
      enumerator_from(row.integer(1), hub::Role::administrator, fmt::format("user '{}'", row.text(0)), "role"));
  return hub::UserRecord{.name = row.get<std::string>(0),
                         .role = role,
                         .password_hash = row.get<std::string>(2),
                         .must_change_password = row.boolean(3),
                         .disabled = row.boolean(4),
                         .failures = row.get<int>(5),
                         .locked_until = row.get<std::optional<Timestamp>>(6),
                         .created = row.time(7),
                         .last_sign_in = row.get<std::optional<Timestamp>>(8)};
}

}  // namespace

Result<std::optional<hub::UserRecord>> Users::find(std::string_view name) {
  TRY(sql::Rows rows, session_.query(statements::users::find, name));
  return rows.one(user_from);
}

Result<std::vector<hub::UserRecord>> Users::all() {
  TRY(sql::Rows rows, session_.query(statements::users::all));
  return rows.all(user_from);
}

Status Users::add(const hub::UserRecord& record) {
  TRY(const std::int64_t added,
      session_.change(statements::users::add, record.name, static_cast<int>(record.role), record.password_hash,
                      record.must_change_password, record.disabled, record.failures, record.locked_until,
                      record.created, record.last_sign_in));
  if (added == 0) return conflict("there is a user '" + record.name + "' already");
  return {};
}

Status Users::change(const hub::UserRecord& record) {
  TRY(const std::int64_t changed,
      session_.change(statements::users::change, static_cast<int>(record.role), record.password_hash,
                      record.must_change_password, record.disabled, record.failures, record.locked_until,
                      record.last_sign_in, record.name));
  if (changed == 0) return not_found("there is no user '" + record.name + "'");
  return {};
}

Result<bool> Users::remove(std::string_view name) {
  TRY(const std::int64_t removed, session_.change(statements::users::remove, name));
  return removed == 1;
}

Status Sessions::add(const hub::SessionRecord& record) {
  TRY([[maybe_unused]] const auto added, session_.change(statements::sessions::add, record.token_hash, record.user,
                                                         record.source, record.created, record.last_used));
  return {};
}

Result<std::optional<hub::SessionRecord>> Sessions::find(ByteView token_hash) {
  TRY(sql::Rows rows, session_.query(statements::sessions::find, token_hash));
  return rows.one([](const sql::Row& row) {
    return hub::SessionRecord{.token_hash = row.get<Bytes>(0),
                              .user = row.get<std::string>(1),
                              .source = row.get<std::string>(2),
                              .created = row.time(3),
                              .last_used = row.time(4)};
  });
}

Status Sessions::use(ByteView token_hash, Timestamp at) {
  TRY([[maybe_unused]] const auto changed, session_.change(statements::sessions::use, at, token_hash));
  return {};
}

Result<bool> Sessions::remove(ByteView token_hash) {
  TRY(const std::int64_t removed, session_.change(statements::sessions::remove, token_hash));
  return removed == 1;
}

Status Sessions::remove_of(std::string_view user) {
  TRY([[maybe_unused]] const auto removed, session_.change(statements::sessions::remove_of, user));
  return {};
}

Status Sessions::remove_old(Timestamp created_before, Timestamp used_before) {
  TRY([[maybe_unused]] const auto created,
      session_.change(statements::sessions::remove_created_before, created_before));
  TRY([[maybe_unused]] const auto used, session_.change(statements::sessions::remove_used_before, used_before));
  return {};
}

}  // namespace chancery::store
