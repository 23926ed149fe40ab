#pragma once

// The hub's ledger in a database.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/time.h"
#include "hub/ledger.h"
#include "sql/group_commit.h"
#include "sql/readers.h"

namespace chancery::store {

struct LedgerOptions {
  // False: a power cut may take back the last commits, which makes a CA forget what it signed. For tests and benches.
  bool durable = true;
  std::size_t readers = 4;
  // How long to wait for a lock of another process.
  std::chrono::milliseconds busy_timeout{5000};
  std::int64_t cache_kib = 64 * 1024;
  sql::GroupCommitOptions group_commit;
  // The sqlite3_vfs to use; empty for the system's.
  std::string vfs;
};

// Counted since the start.
struct LedgerStatistics {
  std::uint64_t commits = 0;
  std::uint64_t failed_commits = 0;
  std::uint64_t works = 0;
  std::uint64_t failed_works = 0;
  std::uint64_t refused_works = 0;  // because too many waited
  std::uint64_t waiting = 0;        // right now
};

// Thread-safe. One connection writes, behind a group commit; several read. A work of write() must not call write(), and
// one of read() must call neither.
class SqlLedger final : public hub::Ledger {
 public:
  // Opens the SQLite database `path`, makes it if it does not exist, and brings its schema up to date. `log` must
  // outlive the ledger.
  static Result<std::unique_ptr<SqlLedger>> open(const std::string& path, const LedgerOptions& options,
                                                 const Clock& clock, Log& log);
  // The same over any database: `writer` is the only connection that writes, `open_reader` gives those that only read.
  // `name`: what errors and the log call it. Of `options`, only `readers` and `group_commit` matter.
  static Result<std::unique_ptr<SqlLedger>> open_on(const std::string& name, std::unique_ptr<sql::Connection> writer,
                                                    const sql::ConnectionFactory& open_reader,
                                                    const LedgerOptions& options, const Clock& clock, Log& log);
  // Runs `work` on the SQLite database `path` as it is, which must exist: no schema is brought up to date, and nothing
  // written. For a look before it is opened.
  static Status look(const std::string& path, const std::function<Status(hub::Books&)>& work);
  ~SqlLedger() override;

  Status write(const std::function<Status(hub::Books&)>& work) override;
  Status read(const std::function<Status(hub::Books&)>& work) override;

  [[nodiscard]] LedgerStatistics statistics() const;

 private:
  SqlLedger(std::unique_ptr<sql::Connection> writer, std::unique_ptr<sql::Readers> readers,
            const sql::GroupCommitOptions& options, Log& log);
  // Logs when writing stops working and when it works again, but not each failure in between.
  void observe(const Status& written);

  Log& log_;
  sql::GroupCommit writer_;
  // After the writer, so closed before it: the connection that is closed last moves the log into the database file, and
  // one that only reads cannot.
  std::unique_ptr<sql::Readers> readers_;
  std::atomic<bool> unavailable_ = false;
};

}  // namespace chancery::store
