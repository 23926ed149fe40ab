#include "store/hub/ledger_file.h"

#include <fmt/format.h>

#include "files/file.h"
#include "sql/migrations.h"
#include "sql/sqlite.h"
#include "store/hub/statements.h"

namespace chancery::store {

Status check_ledger_file(const std::string& path) {
  if (!files::exists(path)) return not_found(fmt::format("there is no ledger at {}", path));
  TRY(const std::unique_ptr<sql::Connection> connection,
      sql::open_sqlite({.path = path, .read_only = true, .untouched = true, .application_id = ledger_application_id}));
  TRY_IN("cannot open " + path, const std::size_t applied,
         sql::migrations_applied(*connection, statements::migrations));
  // The first pages of a new ledger may be in the log yet.
  if (applied == 0 && !files::exists(path + "-wal"))
    return invalid(fmt::format("cannot open {}: the database is empty", path));
  return {};
}

}  // namespace chancery::store
