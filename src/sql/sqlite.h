#pragma once

// The SQLite driver.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "sql/connection.h"

namespace chancery::sql {

enum class Durability : std::uint8_t {
  full,    // a commit returns when it is on disk
  normal,  // a power cut may take back the last commits, but never corrupts
};

struct SqliteOptions {
  // The directory must exist; the file is made (mode 0600) unless read_only. ":memory:" for a database of its own.
  std::string path;
  bool read_only = false;
  // The file as it lies there: no lock is taken, no log beside it read or made. For a look at a database that nobody
  // has open. REQUIRES: read_only.
  bool untouched = false;
  Durability durability = Durability::full;
  // How long a statement waits for another process's lock.
  std::chrono::milliseconds busy_timeout{5000};
  std::int64_t cache_kib = 16 * 1024;
  // Off by default: a disk error under a memory map is a signal that ends the process, not an error code.
  std::int64_t mmap_mib = 0;
  // Written into a new database and compared in an old one, so that a file of another program is refused. 0: any.
  std::int32_t application_id = 0;
  // The sqlite3_vfs to use; empty for the system's.
  std::string vfs;
};

// Write-ahead log, foreign keys enforced, functions in the schema not trusted.
// Errors: `unavailable` if the file cannot be opened, locked or read, `invalid` if it is not a database of ours.
Result<std::unique_ptr<Connection>> open_sqlite(const SqliteOptions& options);

// For pools: opens `options` each time.
ConnectionFactory sqlite_factory(SqliteOptions options);

}  // namespace chancery::sql
