#pragma once

// A connection to a database and what it answers, whatever the driver.
//
// SQL is the subset that SQLite and PostgreSQL share: `?` for each parameter (never inside a text literal), RETURNING,
// ON CONFLICT, LIMIT/OFFSET, row values. Schemas use INTEGER (64 bits), TEXT, BLOB, `INTEGER PRIMARY KEY` for a key
// that numbers itself, and may end in STRICT; docs/adr/0011 has all that a driver for PostgreSQL rewrites. Values never
// stand in the SQL text, so that statements are prepared once for each text and connection.
//
// A connection and everything it handed out belong to one thread at a time.

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/error.h"
#include "base/time.h"

namespace chancery::sql {

// The value of one `?`. Refers to the text or bytes it was made from, so it lives only as an argument.
class Parameter {
 public:
  using Value = std::variant<std::monostate, std::int64_t, std::string_view, ByteView>;

  Parameter(std::nullptr_t) {}
  Parameter(std::nullopt_t) {}
  // REQUIRES: the value fits into 64 bits with sign. A bool is 0 or 1.
  template <std::integral T>
  Parameter(T value) : value_(static_cast<std::int64_t>(value)) {
    if constexpr (std::unsigned_integral<T>) CHECK(std::get<std::int64_t>(value_) >= 0);
  }
  Parameter(const char* text) : value_(std::string_view(text)) {}
  Parameter(std::string_view text) : value_(text) {}
  Parameter(const std::string& text) : value_(std::string_view(text)) {}
  Parameter(ByteView bytes) : value_(bytes) {}
  Parameter(const Bytes& bytes) : value_(ByteView(bytes)) {}
  // Seconds since 1970, UTC.
  Parameter(Timestamp time) : value_(std::int64_t{time.time_since_epoch().count()}) {}
  template <class T>
  Parameter(const std::optional<T>& value) {
    if (value) value_ = Parameter(*value).value();
  }

  [[nodiscard]] const Value& value() const { return value_; }

 private:
  Value value_;
};

// How long what the parameters refer to stays alive.
enum class Lifetime : std::uint8_t { until_done, this_call };

// What a driver implements: one prepared statement, run again and again. Use Connection::query and execute instead.
class Statement {
 public:
  virtual ~Statement() = default;
  // The count of parameters must be that of the statement.
  virtual Status bind(std::span<const Parameter> parameters, Lifetime lifetime) = 0;
  // True if there is a row, false if there are no more; after false or an error the statement is reset.
  virtual Result<bool> step() = 0;
  // How many rows the last INSERT, UPDATE or DELETE changed.
  [[nodiscard]] virtual std::int64_t changes() const = 0;

  // The current row. Columns count from 0. NULL reads as 0 or empty.
  [[nodiscard]] virtual int columns() const = 0;
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  // Valid until the next step.
  [[nodiscard]] virtual std::string_view text(int column) const = 0;
  [[nodiscard]] virtual ByteView blob(int column) const = 0;
};

namespace detail {
template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;

template <class T>
struct Unwrapped {
  using type = T;
};
template <class T>
struct Unwrapped<Result<T>> {
  using type = T;
};
}  // namespace detail

class Connection;

// The row a query stands on. Columns count from 0, in the order of the SELECT list. NULL reads as 0 or empty unless an
// optional is asked for. Views are valid until the next row.
class Row {
 public:
  [[nodiscard]] bool is_null(int column) const { return statement_->is_null(column); }
  [[nodiscard]] std::int64_t integer(int column) const { return statement_->integer(column); }
  [[nodiscard]] bool boolean(int column) const { return statement_->integer(column) != 0; }
  [[nodiscard]] Timestamp time(int column) const { return Timestamp(Seconds(statement_->integer(column))); }
  [[nodiscard]] std::string_view text(int column) const { return statement_->text(column); }
  [[nodiscard]] ByteView blob(int column) const { return statement_->blob(column); }

  // T: bool, std::int64_t, int, Timestamp, std::string, std::string_view, Bytes, ByteView, or an optional of these.
  template <class T>
  [[nodiscard]] T get(int column) const {
    if constexpr (detail::is_optional<T>) {
      return is_null(column) ? T{} : T(get<typename T::value_type>(column));
    } else if constexpr (std::same_as<T, bool>) {
      return boolean(column);
    } else if constexpr (std::integral<T>) {
      return static_cast<T>(integer(column));
    } else if constexpr (std::same_as<T, Timestamp>) {
      return time(column);
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
      return T(text(column));
    } else if constexpr (std::same_as<T, ByteView>) {
      return blob(column);
    } else {
      static_assert(std::same_as<T, Bytes>, "no column has this type");
      return to_bytes(blob(column));
    }
  }

 protected:
  explicit Row(Statement* statement) : statement_(statement) {}
  Statement* statement_;
};

// What a query answers, row by row. Gives the statement back when it goes. Must not outlive its connection.
//
//   TRY(sql::Rows rows, db.query("SELECT serial, not_after FROM certificate WHERE endpoint = ?", endpoint));
//   return rows.all([](const sql::Row& row) { return Entry{row.get<Bytes>(0), row.time(1)}; });
class [[nodiscard]] Rows : public Row {
 public:
  Rows(Rows&& other) noexcept : Row(other.statement_), connection_(other.connection_) { other.statement_ = nullptr; }
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  // Moves to the next row, at first to the first one; false when there is none.
  Result<bool> next() { return statement_->step(); }

  // Calls `take` (giving Status or nothing) for each row; its first error ends the loop.
  template <class Take>
  Status each(Take&& take);
  // What `make` (giving a value or a Result of one) makes of each row.
  template <class Make>
  [[nodiscard]] auto all(Make&& make);
  // What `make` makes of the first row, or nothing if there is no row.
  template <class Make>
  [[nodiscard]] auto one(Make&& make);

 private:
  friend class Connection;
  Rows(Connection& connection, Statement* statement) : Row(statement), connection_(&connection) {}

  Connection* connection_;
};

enum class TransactionKind : std::uint8_t {
  read,   // a snapshot: every query sees the same state
  write,  // may write, and waits at once for whoever else writes
};

class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  // Errors of query, execute and everything below: `unavailable` when the disk is full or fails, the database is locked
  // or read-only; `conflict` when a constraint is violated; `internal` when the database is corrupt or the SQL wrong.
  template <class... Values>
  Result<Rows> query(std::string_view sql, const Values&... values) {
    const std::array<Parameter, sizeof...(Values)> parameters{Parameter(values)...};
    return start(sql, parameters);
  }
  // Runs a statement to its end and gives the number of rows it changed.
  template <class... Values>
  Result<std::int64_t> execute(std::string_view sql, const Values&... values) {
    const std::array<Parameter, sizeof...(Values)> parameters{Parameter(values)...};
    return finish(sql, parameters);
  }
  // The first column of the first row, or nothing if there is no row. T owns its memory.
  template <class T, class... Values>
  Result<std::optional<T>> value(std::string_view sql, const Values&... values) {
    static_assert(!std::same_as<T, std::string_view> && !std::same_as<T, ByteView>, "would outlive the row");
    TRY(Rows rows, query(sql, values...));
    return rows.one([](const Row& row) { return row.get<T>(0); });
  }
  // Several statements without parameters, with semicolons between them. Not cached.
  virtual Status execute_script(std::string_view sql) = 0;

  virtual Status begin(TransactionKind kind) = 0;
  // Returns when the changes are durable. After an error nothing was written and the transaction is still to be rolled
  // back, unless in_transaction() says that the database did that itself.
  virtual Status commit() = 0;
  // Also undoes all savepoints. Does nothing outside a transaction.
  virtual void rollback() = 0;
  // False after the database itself has given a transaction up, as SQLite does on some disk errors.
  [[nodiscard]] virtual bool in_transaction() const = 0;

  // Savepoints nest inside a transaction. Each is ended by one of the other two.
  virtual Status begin_savepoint() = 0;
  virtual Status release_savepoint() = 0;
  virtual Status rollback_savepoint() = 0;

  [[nodiscard]] virtual Result<bool> has_table(std::string_view name) = 0;

  // Runs `work(*this)` (giving Status) in a transaction: committed if it succeeds, rolled back if not.
  template <class Work>
  Status transaction(TransactionKind kind, Work&& work);
  // The same with a savepoint, inside a transaction.
  template <class Work>
  Status savepoint(Work&& work);

 protected:
  // A statement that nobody uses now, from the cache if possible; used until release().
  virtual Result<Statement*> acquire(std::string_view sql) = 0;
  virtual void release(Statement& statement) noexcept = 0;

 private:
  friend class Rows;
  Result<Rows> start(std::string_view sql, std::span<const Parameter> parameters);
  Result<std::int64_t> finish(std::string_view sql, std::span<const Parameter> parameters);
};

// Opens one more connection to the same database, for pools that do not care which driver it is.
using ConnectionFactory = std::function<Result<std::unique_ptr<Connection>>()>;

inline Rows::~Rows() {
  if (statement_ != nullptr) connection_->release(*statement_);
}

template <class Take>
Status Rows::each(Take&& take) {
  while (true) {
    TRY(const bool more, next());
    if (!more) return {};
    if constexpr (std::is_void_v<std::invoke_result_t<Take&, const Row&>>) {
      take(std::as_const(*this));
    } else {
      TRY_STATUS(take(std::as_const(*this)));
    }
  }
}

template <class Make>
auto Rows::all(Make&& make) {
  using Made = std::invoke_result_t<Make&, const Row&>;
  using Value = typename detail::Unwrapped<Made>::type;
  return [&]() -> Result<std::vector<Value>> {
    std::vector<Value> values;
    while (true) {
      TRY(const bool more, next());
      if (!more) return values;
      if constexpr (std::same_as<Made, Value>) {
        values.push_back(make(std::as_const(*this)));
      } else {
        TRY(Value made, make(std::as_const(*this)));
        values.push_back(std::move(made));
      }
    }
  }();
}

template <class Make>
auto Rows::one(Make&& make) {
  using Made = std::invoke_result_t<Make&, const Row&>;
  using Value = typename detail::Unwrapped<Made>::type;
  return [&]() -> Result<std::optional<Value>> {
    TRY(const bool more, next());
    if (!more) return std::optional<Value>();
    if constexpr (std::same_as<Made, Value>) {
      return std::optional<Value>(make(std::as_const(*this)));
    } else {
      TRY(Value made, make(std::as_const(*this)));
      return std::optional<Value>(std::move(made));
    }
  }();
}

template <class Work>
Status Connection::transaction(TransactionKind kind, Work&& work) {
  TRY_STATUS(begin(kind));
  Status done = work(*this);
  if (done) done = commit();
  if (!done) rollback();
  return done;
}

template <class Work>
Status Connection::savepoint(Work&& work) {
  TRY_STATUS(begin_savepoint());
  Status done = work(*this);
  if (done) done = release_savepoint();
  // If undoing fails as well, the database has rolled back the whole transaction, and its commit will say so.
  if (!done && in_transaction()) static_cast<void>(rollback_savepoint());
  return done;
}

}  // namespace chancery::sql
