#include "sql/sqlite_error.h"

#include <fmt/format.h>

#include <cstring>
#include <string>

namespace chancery::sql {
namespace {

// Which operation of the disk failed, for the commonest ones.
std::string_view disk_operation(int extended) {
  switch (extended) {
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC: return "syncing to disk";
    case SQLITE_IOERR_WRITE: return "writing";
    case SQLITE_IOERR_READ:
    case SQLITE_IOERR_SHORT_READ: return "reading";
    case SQLITE_IOERR_LOCK:
    case SQLITE_IOERR_RDLOCK:
    case SQLITE_IOERR_UNLOCK: return "locking";
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMMAP:
    case SQLITE_IOERR_SHMLOCK: return "sharing memory";
    default: return "";
  }
}

std::string disk_error(int extended, sqlite3* database) {
  std::string text = "disk I/O error";
  if (const std::string_view operation = disk_operation(extended); !operation.empty())
    text.append(" while ").append(operation);
  if (const int number = sqlite3_system_errno(database); number != 0) text.append(": ").append(std::strerror(number));
  return text;
}

std::string_view file_name(sqlite3* database) {
  const char* name = sqlite3_db_filename(database, "main");
  return name == nullptr ? "" : name;
}

}  // namespace

Error sqlite_error(int code, sqlite3* database, std::string_view sql) {
  const int extended = database == nullptr ? code : sqlite3_extended_errcode(database);
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorCode::unavailable, "the database is locked by another connection"};
    case SQLITE_FULL: return {ErrorCode::unavailable, "the disk is full"};
    case SQLITE_READONLY:
      return {ErrorCode::unavailable, fmt::format("the database {} is read-only", file_name(database))};
    case SQLITE_IOERR: return {ErrorCode::unavailable, disk_error(extended, database)};
    case SQLITE_CANTOPEN:
      return {ErrorCode::unavailable, fmt::format("cannot open {} or a file beside it", file_name(database))};
    case SQLITE_PROTOCOL:
    case SQLITE_PERM:
    case SQLITE_AUTH: return {ErrorCode::unavailable, sqlite3_errstr(code)};
    case SQLITE_NOMEM: return {ErrorCode::unavailable, "out of memory"};
    case SQLITE_INTERRUPT: return {ErrorCode::unavailable, "interrupted"};
    // SQLite names the constraint or the columns, not the values.
    case SQLITE_CONSTRAINT: return {ErrorCode::conflict, sqlite3_errmsg(database)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {ErrorCode::internal, fmt::format("the database {} is corrupt", file_name(database))};
    default:
      return {ErrorCode::internal,
              fmt::format("SQLite: {}, in: {}", database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database),
                          sql)};
  }
}

}  // namespace chancery::sql
