#pragma once

// Brings a database's schema up to date, one recorded step after another.

#include <span>
#include <string_view>

#include "sql/connection.h"

namespace chancery::sql {

// One step. Never edited once released: what was applied is known by version and name.
struct Migration {
  int version;
  std::string_view name;
  std::string_view sql;
};

// Applies those of `migrations` (versions ascending from 1 without a gap) that the database does not have, each in a
// transaction of its own, recorded in the table schema_migration with `now`. Several processes may do this at once.
// Gives the number applied. Errors: `refused` if the database is newer than `migrations` or has other steps.
Result<int> migrate(Connection& connection, std::span<const Migration> migrations, Timestamp now);

// How many of `migrations` the database has; 0 when nothing was ever recorded. Errors as migrate() has them.
Result<std::size_t> migrations_applied(Connection& connection, std::span<const Migration> migrations);

}  // namespace chancery::sql
