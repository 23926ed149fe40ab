#pragma once

// The database transaction in which the roles of store/hub do one work.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "sql/connection.h"

namespace chancery::store {

enum class Access : std::uint8_t { read, write };

class Session {
 public:
  Session(sql::Connection& connection, Access access) : connection_(connection), access_(access) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  template <class... Values>
  Result<sql::Rows> query(std::string_view sql, const Values&... values) {
    return connection_.query(sql, values...);
  }
  template <class T, class... Values>
  Result<std::optional<T>> value(std::string_view sql, const Values&... values) {
    return connection_.value<T>(sql, values...);
  }
  // Changes rows, and gives how many.
  template <class... Values>
  Result<std::int64_t> change(std::string_view sql, const Values&... values) {
    TRY_STATUS(may_write());
    Result<std::int64_t> changed = connection_.execute(sql, values...);
    if (!changed && !broken_) broken_ = changed.error();
    return changed;
  }

  // The first error of the database itself. A work that met one is undone even if it went on as if nothing had
  // happened: half of what it wanted to write is missing.
  [[nodiscard]] Status broken() const {
    if (broken_) return std::unexpected(*broken_);
    return {};
  }

 private:
  [[nodiscard]] Status may_write() const {
    if (access_ != Access::write) return internal("a read tried to write");
    return {};
  }

  sql::Connection& connection_;
  const Access access_;
  std::optional<Error> broken_;
};

}  // namespace chancery::store
