#include "sql/connection.h"

namespace chancery::sql {

Result<Rows> Connection::start(std::string_view sql, std::span<const Parameter> parameters) {
  TRY(Statement * statement, acquire(sql));
  Rows rows(*this, statement);
  // The rows are read after the caller's temporaries are gone.
  TRY_STATUS(statement->bind(parameters, Lifetime::this_call));
  return rows;
}

Result<std::int64_t> Connection::finish(std::string_view sql, std::span<const Parameter> parameters) {
  TRY(Statement * statement, acquire(sql));
  Rows rows(*this, statement);
  TRY_STATUS(statement->bind(parameters, Lifetime::until_done));
  while (true) {
    TRY(const bool more, rows.next());
    if (!more) return statement->changes();
  }
}

}  // namespace chancery::sql
