#pragma once

// Statement and Connection as SQLite has them.

#include <sqlite3.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "sql/connection.h"

namespace chancery::sql {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3* database, StatementHandle handle, std::string sql)
      : database_(database), handle_(std::move(handle)), sql_(std::move(sql)) {}

  Status bind(std::span<const Parameter> parameters, Lifetime lifetime) override;
  Result<bool> step() override;
  [[nodiscard]] std::int64_t changes() const override { return changes_; }
  [[nodiscard]] int columns() const override { return sqlite3_column_count(handle_.get()); }
  [[nodiscard]] bool is_null(int column) const override;
  [[nodiscard]] std::int64_t integer(int column) const override;
  [[nodiscard]] std::string_view text(int column) const override;
  [[nodiscard]] ByteView blob(int column) const override;

  // Ends the run, if one is on, and lets go of what was bound.
  void reset();
  [[nodiscard]] const std::string& sql() const { return sql_; }

  bool in_use = false;
  bool cached = false;

 private:
  [[nodiscard]] sqlite3_stmt* row(int column) const;

  sqlite3* database_;
  StatementHandle handle_;
  std::string sql_;
  std::int64_t changes_ = 0;
  bool copies_bound_ = false;
  bool running_ = false;
};

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(DatabaseHandle database) : database_(std::move(database)) {}

  Status execute_script(std::string_view sql) override;
  Status begin(TransactionKind kind) override;
  Status commit() override;
  void rollback() override;
  [[nodiscard]] bool in_transaction() const override { return sqlite3_get_autocommit(database_.get()) == 0; }
  Status begin_savepoint() override;
  Status release_savepoint() override;
  Status rollback_savepoint() override;
  [[nodiscard]] Result<bool> has_table(std::string_view name) override;

 protected:
  Result<Statement*> acquire(std::string_view sql) override;
  void release(Statement& statement) noexcept override;

 private:
  Result<std::unique_ptr<SqliteStatement>> prepare(std::string_view sql);
  void make_room_in_cache();
  // A statement without parameters or rows.
  Status run(std::string_view sql);

  DatabaseHandle database_;  // First: closed after all statements are gone.
  // By the text that the statement itself keeps.
  std::unordered_map<std::string_view, std::unique_ptr<SqliteStatement>> cache_;
};

}  // namespace chancery::sql
