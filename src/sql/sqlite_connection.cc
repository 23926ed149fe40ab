#include "sql/sqlite_connection.h"

#include <fmt/format.h>

#include <limits>

#include "sql/sqlite_error.h"

namespace chancery::sql {
namespace {

// Texts in the code are a few dozen; filters built at run time must not grow the cache without end.
constexpr std::size_t most_cached = 256;

struct BindTo {
  sqlite3_stmt* statement;
  int index;
  sqlite3_destructor_type keep;

  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  // A null pointer would be NULL, which an empty text or blob is not.
  int operator()(std::string_view text) const {
    return sqlite3_bind_text64(statement, index, text.data() == nullptr ? "" : text.data(), text.size(), keep,
                               SQLITE_UTF8);
  }
  int operator()(ByteView bytes) const {
    return sqlite3_bind_blob64(statement, index, bytes.data() == nullptr ? static_cast<const void*>("") : bytes.data(),
                               bytes.size(), keep);
  }
};

}  // namespace

Status SqliteStatement::bind(std::span<const Parameter> parameters, Lifetime lifetime) {
  const int expected = sqlite3_bind_parameter_count(handle_.get());
  if (static_cast<std::size_t>(expected) != parameters.size())
    return internal(fmt::format("{} parameters were given for {}, in: {}", parameters.size(), expected, sql_));
  copies_bound_ = lifetime == Lifetime::this_call && expected > 0;
  const sqlite3_destructor_type keep = copies_bound_ ? SQLITE_TRANSIENT : SQLITE_STATIC;
  for (int i = 0; i < expected; ++i)
    if (const int code =
            std::visit(BindTo{handle_.get(), i + 1, keep}, parameters[static_cast<std::size_t>(i)].value());
        code != SQLITE_OK)
      return std::unexpected(sqlite_error(code, database_, sql_));
  return {};
}

Result<bool> SqliteStatement::step() {
  const std::int64_t before = sqlite3_total_changes64(database_);
  running_ = true;
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  running_ = false;
  if (code == SQLITE_DONE) {
    changes_ = sqlite3_total_changes64(database_) == before ? 0 : sqlite3_changes64(database_);
    sqlite3_reset(handle_.get());
    return false;
  }
  Error error = sqlite_error(code, database_, sql_);
  sqlite3_reset(handle_.get());
  return std::unexpected(std::move(error));
}

sqlite3_stmt* SqliteStatement::row(int column) const {
  CHECK(running_ && column >= 0 && column < columns());
  return handle_.get();
}

bool SqliteStatement::is_null(int column) const { return sqlite3_column_type(row(column), column) == SQLITE_NULL; }

std::int64_t SqliteStatement::integer(int column) const { return sqlite3_column_int64(row(column), column); }

std::string_view SqliteStatement::text(int column) const {
  const unsigned char* data = sqlite3_column_text(row(column), column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

ByteView SqliteStatement::blob(int column) const {
  const void* data = sqlite3_column_blob(row(column), column);
  if (data == nullptr) return {};
  return {static_cast<const std::uint8_t*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

void SqliteStatement::reset() {
  if (running_) sqlite3_reset(handle_.get());
  running_ = false;
  // Parameters bound in place are never looked at again: the next run binds all of them anew.
  if (copies_bound_) sqlite3_clear_bindings(handle_.get());
  copies_bound_ = false;
}

Result<std::unique_ptr<SqliteStatement>> SqliteConnection::prepare(std::string_view sql) {
  if (sql.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return internal("SQL text is too long");
  sqlite3_stmt* made = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, &rest);
  StatementHandle handle(made);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(code, database_.get(), sql));
  if (handle == nullptr) return internal("empty SQL text");
  const std::string_view left(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (left.find_first_not_of(" \t\r\n;") != std::string_view::npos)
    return internal(fmt::format("more than one statement, in: {}", sql));
  return std::make_unique<SqliteStatement>(database_.get(), std::move(handle), std::string(sql));
}

Result<Statement*> SqliteConnection::acquire(std::string_view sql) {
  const auto found = cache_.find(sql);
  if (found != cache_.end() && !found->second->in_use) {
    found->second->in_use = true;
    return found->second.get();
  }
  TRY(std::unique_ptr<SqliteStatement> made, prepare(sql));
  made->in_use = true;
  // The same text is in use further out, for example in a recursion: this one goes when it is released.
  if (found != cache_.end()) return made.release();
  make_room_in_cache();
  made->cached = true;
  SqliteStatement* statement = made.get();
  cache_.emplace(statement->sql(), std::move(made));
  return statement;
}

void SqliteConnection::release(Statement& statement) noexcept {
  auto& ours = static_cast<SqliteStatement&>(statement);
  ours.reset();
  ours.in_use = false;
  if (!ours.cached) delete &ours;
}

void SqliteConnection::make_room_in_cache() {
  for (auto entry = cache_.begin(); cache_.size() >= most_cached && entry != cache_.end();)
    entry = entry->second->in_use ? std::next(entry) : cache_.erase(entry);
}

Status SqliteConnection::run(std::string_view sql) {
  const Result<std::int64_t> done = execute(sql);
  if (!done) return std::unexpected(done.error());
  return {};
}

Status SqliteConnection::execute_script(std::string_view sql) {
  const std::string text(sql);
  if (const int code = sqlite3_exec(database_.get(), text.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
    return std::unexpected(sqlite_error(code, database_.get(), text));
  return {};
}

Status SqliteConnection::begin(TransactionKind kind) {
  return run(kind == TransactionKind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Status SqliteConnection::commit() { return run("COMMIT"); }

void SqliteConnection::rollback() {
  if (!in_transaction()) return;
  // Whatever it says, the transaction is over afterwards: SQLite only reports what it met on the way.
  static_cast<void>(run("ROLLBACK"));
  CHECK(!in_transaction());
}

Status SqliteConnection::begin_savepoint() { return run("SAVEPOINT work"); }

Status SqliteConnection::release_savepoint() { return run("RELEASE work"); }

Status SqliteConnection::rollback_savepoint() {
  TRY_STATUS(run("ROLLBACK TO work"));
  return run("RELEASE work");
}

Result<bool> SqliteConnection::has_table(std::string_view name) {
  TRY(const auto count,
      value<std::int64_t>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", name));
  return count.value_or(0) > 0;
}

}  // namespace chancery::sql
