#include "sql/sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "sql/sqlite_connection.h"
#include "sql/sqlite_error.h"

namespace chancery::sql {
namespace {

// Counting its own memory makes SQLite take one global lock for each allocation of any connection.
void configure_once() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

bool in_memory(const SqliteOptions& options) { return options.path == ":memory:"; }

// Makes the file before SQLite does, which would let everyone read it. An old file is left alone and not even opened:
// closing any descriptor of it would drop the locks of this process.
Status make_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  const int number = errno;
  if (number == EEXIST) return {};
  std::error_code ignored;
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  if (number == ENOENT && !directory.empty() && !std::filesystem::exists(directory, ignored))
    return unavailable(fmt::format("cannot open {}: the directory {} does not exist", path, directory.string()));
  return unavailable(fmt::format("cannot open {}: {}", path, std::strerror(number)));
}

// Why SQLite could not open a file, in words.
Error open_error(const SqliteOptions& options, int code, sqlite3* database) {
  const std::string& path = options.path;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return {ErrorCode::unavailable, fmt::format("cannot open {}: it is a directory", path)};
  if (!std::filesystem::exists(path, ignored) && !ignored)
    return {ErrorCode::unavailable, fmt::format("cannot open {}: the file does not exist", path)};
  if ((code & 0xff) == SQLITE_NOTADB)
    return {ErrorCode::invalid, fmt::format("cannot open {}: it is not a database", path)};
  if ((code & 0xff) == SQLITE_CANTOPEN) {
    const int number = database == nullptr ? 0 : sqlite3_system_errno(database);
    return {ErrorCode::unavailable,
            fmt::format("cannot open {}: {}", path, number == 0 ? "it cannot be read" : std::strerror(number))};
  }
  return sqlite_error(code, database, "opening").in("cannot open " + path);
}

// As a URI, for what sqlite3_open_v2() has no flag for.
std::string untouched_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#')
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    else
      uri += c;
  }
  return uri + "?immutable=1";
}

Status set_up(sqlite3* database, const SqliteOptions& options) {
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, static_cast<int>(options.busy_timeout.count()));
  // The schema may not turn features on behind our back, and "text" in double quotes is not a text, as in PostgreSQL.
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  std::string script = fmt::format(
      "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{};"
      "PRAGMA mmap_size = {}; PRAGMA synchronous = {};",
      options.cache_kib, options.mmap_mib * 1024 * 1024, options.durability == Durability::full ? "FULL" : "NORMAL");
  if (options.read_only) {
    script += "PRAGMA query_only = ON;";
  } else {
    // A checkpoint syncs two files: every 16 MiB of log is seldom enough. The log is cut back to 64 MiB after a peak.
    script += "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 67108864;";
  }
  // The first statement that reads the file is the one that finds out what it is.
  script += "SELECT count(*) FROM sqlite_schema;";
  if (const int code = sqlite3_exec(database, script.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
    return std::unexpected(open_error(options, code, database));
  return {};
}

Status check_application(Connection& connection, const SqliteOptions& options) {
  if (options.application_id == 0) return {};
  TRY(const auto found, connection.value<std::int64_t>("PRAGMA application_id"));
  if (found == options.application_id) return {};
  TRY(const auto tables, connection.value<std::int64_t>("SELECT count(*) FROM sqlite_schema"));
  if (found != 0 || tables != 0)
    return invalid(fmt::format("cannot open {}: it is the database of another program", options.path));
  if (options.read_only) return {};
  return connection.execute_script(fmt::format("PRAGMA application_id = {}", options.application_id));
}

}  // namespace

Result<std::unique_ptr<Connection>> open_sqlite(const SqliteOptions& options) {
  configure_once();
  if (options.path.empty()) return invalid("cannot open the database: its path is empty");
  if (!options.read_only && !in_memory(options)) TRY_STATUS(make_file(options.path));
  sqlite3* opened = nullptr;
  CHECK(options.read_only || !options.untouched);
  const int flags = SQLITE_OPEN_NOMUTEX | (options.untouched ? SQLITE_OPEN_URI : 0) |
                    (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
  const std::string name = options.untouched ? untouched_uri(options.path) : options.path;
  const int code = sqlite3_open_v2(name.c_str(), &opened, flags, options.vfs.empty() ? nullptr : options.vfs.c_str());
  DatabaseHandle database(opened);
  if (code != SQLITE_OK) return std::unexpected(open_error(options, code, opened));
  // SQLite opens a file that it may not write for reading instead.
  if (!options.read_only && sqlite3_db_readonly(opened, "main") == 1)
    return unavailable(fmt::format("cannot open {}: it cannot be written: permission denied", options.path));
  TRY_STATUS(set_up(opened, options));
  auto connection = std::make_unique<SqliteConnection>(std::move(database));
  TRY_STATUS(check_application(*connection, options));
  return connection;
}

ConnectionFactory sqlite_factory(SqliteOptions options) {
  return [options = std::move(options)] { return open_sqlite(options); };
}

}  // namespace chancery::sql
