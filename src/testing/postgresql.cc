#include "testing/postgresql.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <charconv>
#include <cstdlib>
#include <map>
#include <tuple>
#include <vector>

#include "base/ascii.h"

namespace chancery::testing {
namespace {

using sql::Lifetime;
using sql::Parameter;
using sql::Statement;
using sql::TransactionKind;

// From PostgreSQL's catalogue of types, where these numbers are fixed.
constexpr Oid bytea_type = 17, bigint_type = 20, integer_type = 23, text_type = 25;

// What values are bound as.
bool is_bound(Oid type) { return type == bigint_type || type == text_type || type == bytea_type; }

// Whoever writes waits for whoever else writes to the same tables, as in SQLite.
constexpr std::string_view wait_for_writers = "SELECT pg_advisory_xact_lock(hashtext(current_schema()))";

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using ConnectionHandle = std::unique_ptr<PGconn, CloseConnection>;

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

// REQUIRES: what was run failed.
Error error_of(PGconn* connection, const PGresult* result, std::string_view sql) {
  const char* state_text = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view state = state_text == nullptr ? "" : state_text;
  const std::string what = result == nullptr ? PQerrorMessage(connection) : PQresultErrorMessage(result);
  const std::string_view kind = state.substr(0, 2);
  if (kind == "23") return {ErrorCode::conflict, what};
  // No connection; rolled back by the server; out of resources; not in a state to; stopped; the disk.
  if (state.empty() || kind == "08" || kind == "40" || kind == "53" || kind == "55" || kind == "57" || kind == "58" ||
      state == "25006")
    return {ErrorCode::unavailable, what};
  return {ErrorCode::internal, fmt::format("PostgreSQL: {} (SQLSTATE {}), in: {}", what, state, sql)};
}

bool succeeded(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

struct Prepared {
  std::string name;
  std::string sql;
  std::vector<Oid> parameters;
};

class PostgreSqlStatement final : public Statement {
 public:
  PostgreSqlStatement(PGconn* connection, const Prepared& prepared) : connection_(connection), prepared_(prepared) {}

  Status bind(std::span<const Parameter> parameters, Lifetime /*lifetime: all are copied*/) override {
    result_.reset();
    values_.clear();
    if (parameters.size() != prepared_.parameters.size())
      return internal(
          fmt::format("{} values for {} parameters, in: {}", parameters.size(), prepared_.parameters.size(), sql()));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const Oid type = prepared_.parameters[i];
      const Parameter::Value& value = parameters[i].value();
      std::optional<std::string>& bound = values_.emplace_back();
      bool fits = true;
      if (const auto* number = std::get_if<std::int64_t>(&value)) {
        fits = type == bigint_type;
        bound = std::to_string(*number);
      } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        fits = type == text_type;
        bound = *text;
      } else if (const auto* bytes = std::get_if<ByteView>(&value)) {
        fits = type == bytea_type;
        bound = as_text(*bytes);
      } else {
        fits = is_bound(type);
      }
      if (!fits)
        return internal(fmt::format("parameter {} is of the type {} for PostgreSQL, in: {}", i + 1, type, sql()));
    }
    return {};
  }

  Result<bool> step() override {
    if (result_ != nullptr) {
      if (++row_ < PQntuples(result_.get())) return true;
      result_.reset();
      return false;
    }
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      values.push_back(values_[i] ? values_[i]->data() : nullptr);
      lengths.push_back(values_[i] ? static_cast<int>(values_[i]->size()) : 0);
      // As they are, but for numbers: these would be in the order of the network's octets.
      formats.push_back(prepared_.parameters[i] == bigint_type ? 0 : 1);
    }
    ResultHandle result(PQexecPrepared(connection_, prepared_.name.c_str(), static_cast<int>(values.size()),
                                       values.data(), lengths.data(), formats.data(), 0));
    if (!succeeded(result.get())) return std::unexpected(error_of(connection_, result.get(), sql()));
    const std::string_view changed = PQcmdTuples(result.get());
    changes_ = 0;
    std::from_chars(changed.data(), changed.data() + changed.size(), changes_);
    if (PQntuples(result.get()) == 0) return false;
    result_ = std::move(result);
    row_ = 0;
    return true;
  }

  [[nodiscard]] std::int64_t changes() const override { return changes_; }
  [[nodiscard]] int columns() const override { return PQnfields(row()); }
  [[nodiscard]] bool is_null(int column) const override { return PQgetisnull(row(), row_, column) != 0; }
  [[nodiscard]] std::int64_t integer(int column) const override {
    const Oid type = PQftype(row(), column);
    CHECK(type == bigint_type || type == integer_type);
    std::int64_t number = 0;
    const std::string_view text = value(column);
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
  [[nodiscard]] std::string_view text(int column) const override {
    CHECK(PQftype(row(), column) == text_type);
    return value(column);
  }
  [[nodiscard]] ByteView blob(int column) const override {
    CHECK(PQftype(row(), column) == bytea_type);
    // "\x" and digits.
    const std::string_view digits = value(column);
    Bytes& bytes = blobs_[column];
    bytes = from_hex(digits.empty() ? digits : digits.substr(2)).value();
    return bytes;
  }

 private:
  [[nodiscard]] const std::string& sql() const { return prepared_.sql; }
  [[nodiscard]] const PGresult* row() const {
    CHECK(result_ != nullptr);
    return result_.get();
  }
  [[nodiscard]] std::string_view value(int column) const {
    return {PQgetvalue(row(), row_, column), static_cast<std::size_t>(PQgetlength(row(), row_, column))};
  }

  PGconn* connection_;
  const Prepared& prepared_;
  std::vector<std::optional<std::string>> values_;
  ResultHandle result_;
  int row_ = 0;
  std::int64_t changes_ = 0;
  mutable std::map<int, Bytes> blobs_;
};

class PostgreSqlConnection final : public sql::Connection {
 public:
  explicit PostgreSqlConnection(ConnectionHandle connection) : connection_(std::move(connection)) {}

  Status execute_script(std::string_view sql) override { return run(postgresql_sql(sql)).error_or_nothing(); }

  Status begin(TransactionKind kind) override {
    if (kind == TransactionKind::read) return run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").error_or_nothing();
    TRY_STATUS(run("BEGIN").error_or_nothing());
    Status alone = run(std::string(wait_for_writers)).error_or_nothing();
    if (!alone) rollback();
    return alone;
  }
  Status commit() override {
    const Done done = run("COMMIT");
    TRY_STATUS(done.error_or_nothing());
    // What failed before turns a COMMIT into a ROLLBACK, and PostgreSQL calls that a success.
    if (std::string_view(PQcmdStatus(done.result.get())) != "COMMIT")
      return unavailable("the transaction was rolled back");
    return {};
  }
  void rollback() override {
    if (in_transaction()) static_cast<void>(run("ROLLBACK"));
  }
  [[nodiscard]] bool in_transaction() const override {
    const PGTransactionStatusType status = PQtransactionStatus(connection_.get());
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
  }
  Status begin_savepoint() override { return run("SAVEPOINT work").error_or_nothing(); }
  Status release_savepoint() override { return run("RELEASE work").error_or_nothing(); }
  Status rollback_savepoint() override {
    TRY_STATUS(run("ROLLBACK TO work").error_or_nothing());
    return run("RELEASE work").error_or_nothing();
  }
  [[nodiscard]] Result<bool> has_table(std::string_view name) override {
    TRY(const auto count, value<std::int64_t>("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND "
                                              "tablename = CAST(? AS TEXT)",
                                              name));
    return count.value_or(0) > 0;
  }

  struct Done {
    ResultHandle result;
    std::optional<Error> error;

    [[nodiscard]] Status error_or_nothing() const {
      if (error) return std::unexpected(*error);
      return {};
    }
  };
  // A statement described by PostgreSQL, which keeps it under `name`. It is told no types: it finds those of the
  // parameters in the statement, or refuses it.
  Result<ResultHandle> describe(const std::string& name, const std::string& sql) {
    ResultHandle result(PQprepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr));
    if (succeeded(result.get())) result.reset(PQdescribePrepared(connection_.get(), name.c_str()));
    if (!succeeded(result.get())) return std::unexpected(error_of(connection_.get(), result.get(), sql));
    return result;
  }
  // SQL of PostgreSQL's own, without parameters.
  Done run(const std::string& sql) {
    Done done{ResultHandle(PQexec(connection_.get(), sql.c_str())), {}};
    if (!succeeded(done.result.get())) done.error = error_of(connection_.get(), done.result.get(), sql);
    return done;
  }

 protected:
  Result<Statement*> acquire(std::string_view sql) override {
    auto found = prepared_.find(sql);
    if (found == prepared_.end()) {
      TRY(Prepared prepared, prepare(sql));
      found = prepared_.emplace(std::string(sql), std::move(prepared)).first;
    }
    return std::make_unique<PostgreSqlStatement>(connection_.get(), found->second).release();
  }
  void release(Statement& statement) noexcept override { const std::unique_ptr<Statement> gone(&statement); }

 private:
  Result<Prepared> prepare(std::string_view sql) {
    Prepared made{.name = fmt::format("s{}", prepared_.size()), .sql = postgresql_sql(sql), .parameters = {}};
    TRY(const ResultHandle result, describe(made.name, made.sql));
    for (int i = 0; i < PQnparams(result.get()); ++i) made.parameters.push_back(PQparamtype(result.get(), i));
    return made;
  }

  ConnectionHandle connection_;
  std::map<std::string, Prepared, std::less<>> prepared_;
};

bool is_letter(char character) { return ascii::is_letter(character) || character == '_'; }

// What stands for a word, and how much of `sql`, which begins with it, that takes.
std::pair<std::string_view, std::size_t> translated(std::string_view sql) {
  constexpr struct {
    std::string_view words, postgresql;
  } rows[] = {
      {"INTEGER PRIMARY KEY", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
      {"INTEGER", "BIGINT"},
      {"BLOB", "BYTEA"},
      {"STRICT, WITHOUT ROWID", ""},
      {"STRICT", ""},
  };
  for (const auto& row : rows) {
    if (sql.starts_with(row.words) && (sql.size() == row.words.size() || !is_letter(sql[row.words.size()])))
      return {row.postgresql, row.words.size()};
  }
  std::size_t end = 0;
  while (end < sql.size() && (is_letter(sql[end]) || (sql[end] >= '0' && sql[end] <= '9'))) ++end;
  return {sql.substr(0, end), end};
}

}  // namespace

std::optional<std::string> postgresql_server() {
  const char* server = std::getenv("CHANCERY_POSTGRESQL");
  if (server == nullptr) return std::nullopt;
  return server;
}

std::string postgresql_sql(std::string_view sql) {
  std::string out;
  int parameters = 0;
  for (std::size_t at = 0; at < sql.size();) {
    const std::string_view rest = sql.substr(at);
    std::size_t taken = 1;
    if (rest.starts_with("'") || rest.starts_with("--")) {
      const std::size_t end = rest.find(rest.front() == '\'' ? '\'' : '\n', 1);
      taken = end == std::string_view::npos ? rest.size() : end + 1;
      out += rest.substr(0, taken);
    } else if (rest.front() == '?') {
      out += fmt::format("${}", ++parameters);
    } else if (is_letter(rest.front())) {
      std::string_view word;
      std::tie(word, taken) = translated(rest);
      out += word;
    } else {
      out += rest.front();
    }
    at += taken;
  }
  return out;
}

Result<std::unique_ptr<sql::Connection>> open_postgresql(const PostgreSqlOptions& options) {
  ConnectionHandle handle(PQconnectdb(options.server.c_str()));
  if (PQstatus(handle.get()) != CONNECTION_OK) return unavailable(PQerrorMessage(handle.get()));
  PQsetNoticeProcessor(handle.get(), [](void*, const char*) {}, nullptr);
  auto connection = std::make_unique<PostgreSqlConnection>(std::move(handle));
  const std::string set_up =
      fmt::format("{}SET search_path = {}; SET lock_timeout = '5s'; SET default_transaction_read_only = {}",
                  options.read_only ? "" : fmt::format("CREATE SCHEMA IF NOT EXISTS {0}; ", options.schema),
                  options.schema, options.read_only ? "on" : "off");
  TRY_STATUS(connection->run(set_up).error_or_nothing());
  return connection;
}

Status postgresql_reads(sql::Connection& connection, std::string_view sql) {
  TRY(const ResultHandle result, static_cast<PostgreSqlConnection&>(connection).describe("", postgresql_sql(sql)));
  const auto refuse = [&](std::string_view what, int number, Oid type) {
    return refused(fmt::format("{} {} is of the type {} for PostgreSQL, in: {}", what, number, type, sql));
  };
  for (int i = 0; i < PQnparams(result.get()); ++i) {
    const Oid type = PQparamtype(result.get(), i);
    if (!is_bound(type)) return refuse("parameter", i + 1, type);
  }
  for (int i = 0; i < PQnfields(result.get()); ++i) {
    const Oid type = PQftype(result.get(), i);
    if (!is_bound(type) && type != integer_type) return refuse("column", i, type);
  }
  return {};
}

}  // namespace chancery::testing
