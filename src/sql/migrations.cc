#include "sql/migrations.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace chancery::sql {
namespace {

constexpr std::string_view create_table =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)";

// How many of `migrations` the database has. Error if what it has is not a beginning of them.
Result<std::size_t> count_applied(Connection& connection, std::span<const Migration> migrations) {
  TRY(Rows rows, connection.query("SELECT version, name FROM schema_migration ORDER BY version"));
  std::size_t count = 0;
  TRY_STATUS(rows.each([&](const Row& row) -> Status {
    const std::int64_t version = row.integer(0);
    if (count == migrations.size())
      return refused(
          fmt::format("the database has schema version {}, and this program knows only {}: run a newer version of the "
                      "program",
                      version, migrations.size()));
    const Migration& expected = migrations[count];
    if (version != expected.version || row.text(1) != expected.name)
      return refused(
          fmt::format("the database has migration {} '{}' where this program has {} '{}': it was made by "
                      "another program or branch",
                      version, row.text(1), expected.version, expected.name));
    ++count;
    return {};
  }));
  return count;
}

}  // namespace

Result<int> migrate(Connection& connection, std::span<const Migration> migrations, Timestamp now) {
  for (std::size_t i = 0; i < migrations.size(); ++i) CHECK(migrations[i].version == static_cast<int>(i) + 1);
  TRY(const bool exists, connection.has_table("schema_migration"));
  if (!exists) TRY_STATUS(connection.execute_script(create_table));
  int done = 0;
  for (bool more = true; more;) {
    // Looked up inside the transaction: another process may have been faster.
    Status applied_one = connection.transaction(TransactionKind::write, [&](Connection&) -> Status {
      TRY(const std::size_t applied, count_applied(connection, migrations));
      more = applied < migrations.size();
      if (!more) return {};
      const Migration& next = migrations[applied];
      TRY_STATUS_IN(fmt::format("migration {} '{}'", next.version, next.name), connection.execute_script(next.sql));
      TRY(const std::int64_t recorded,
          connection.execute("INSERT INTO schema_migration (version, name, applied_at) VALUES (?, ?, ?)", next.version,
                             next.name, now));
      done += static_cast<int>(recorded);
      return {};
    });
    if (!applied_one) return std::unexpected(std::move(applied_one).error());
  }
  return done;
}

Result<std::size_t> migrations_applied(Connection& connection, std::span<const Migration> migrations) {
  TRY(const bool recorded, connection.has_table("schema_migration"));
  if (!recorded) return std::size_t{0};
  return count_applied(connection, migrations);
}

}  // namespace chancery::sql
