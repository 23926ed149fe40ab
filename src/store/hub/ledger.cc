#include "store/hub/ledger.h"

#include "files/file.h"
#include "sql/migrations.h"
#include "sql/sqlite.h"
#include "store/hub/audit_trail.h"
#include "store/hub/certificates.h"
#include "store/hub/challenges.h"
#include "store/hub/clusters.h"
#include "store/hub/crls.h"
#include "store/hub/endpoints.h"
#include "store/hub/inventories.h"
#include "store/hub/ledger_file.h"
#include "store/hub/nodes.h"
#include "store/hub/orders.h"
#include "store/hub/session.h"
#include "store/hub/statements.h"
#include "store/hub/transactions.h"
#include "store/hub/users.h"

namespace chancery::store {
namespace {

class SqlBooks final : public hub::Books {
 public:
  SqlBooks(sql::Connection& connection, Access access) : session_(connection, access) {}

  ca::Certificates& certificates() override { return certificates_; }
  ca::Challenges& challenges() override { return challenges_; }
  ca::Crls& crls() override { return crls_; }
  hub::Transactions& transactions() override { return transactions_; }
  hub::Endpoints& endpoints() override { return endpoints_; }
  hub::AuditTrail& audit() override { return audit_; }
  hub::Users& users() override { return users_; }
  hub::Sessions& sessions() override { return sessions_; }
  fleet::Nodes& nodes() override { return nodes_; }
  fleet::Inventories& inventories() override { return inventories_; }
  fleet::Clusters& clusters() override { return clusters_; }
  fleet::Orders& orders() override { return orders_; }

  Status finish() {
    TRY_STATUS(session_.broken());
    return audit_.finish();
  }

 private:
  Session session_;
  Certificates certificates_{session_};
  Challenges challenges_{session_};
  Crls crls_{session_};
  Transactions transactions_{session_};
  Endpoints endpoints_{session_};
  AuditTrail audit_{session_};
  Users users_{session_};
  Sessions sessions_{session_};
  Nodes nodes_{session_};
  Inventories inventories_{session_};
  Clusters clusters_{session_};
  Orders orders_{session_};
};

}  // namespace

Result<std::unique_ptr<SqlLedger>> SqlLedger::open(const std::string& path, const LedgerOptions& options,
                                                   const Clock& clock, Log& log) {
  const sql::SqliteOptions writer_options{
      .path = path,
      .durability = options.durable ? sql::Durability::full : sql::Durability::normal,
      .busy_timeout = options.busy_timeout,
      .cache_kib = options.cache_kib,
      .application_id = ledger_application_id,
      .vfs = options.vfs};
  sql::SqliteOptions reader_options = writer_options;
  reader_options.read_only = true;
  TRY(std::unique_ptr<sql::Connection> writer, sql::open_sqlite(writer_options));
  return open_on(path, std::move(writer), sql::sqlite_factory(reader_options), options, clock, log);
}

Result<std::unique_ptr<SqlLedger>> SqlLedger::open_on(const std::string& name, std::unique_ptr<sql::Connection> writer,
                                                      const sql::ConnectionFactory& open_reader,
                                                      const LedgerOptions& options, const Clock& clock, Log& log) {
  TRY_IN("cannot open " + name, const int migrated, sql::migrate(*writer, statements::migrations, clock.now()));
  if (migrated > 0)
    log.info("database schema brought up to date", {{"path", name}, {"migrations", std::to_string(migrated)}});
  TRY_STATUS_IN("cannot open " + name, write_missing_words(*writer));
  TRY(std::unique_ptr<sql::Readers> readers, sql::Readers::open(open_reader, options.readers));
  return std::unique_ptr<SqlLedger>(new SqlLedger(std::move(writer), std::move(readers), options.group_commit, log));
}

Status SqlLedger::look(const std::string& path, const std::function<Status(hub::Books&)>& work) {
  TRY(const std::unique_ptr<sql::Connection> connection,
      sql::open_sqlite({.path = path,
                        .read_only = true,
                        .untouched = !files::exists(path + "-wal"),  // whoever has it open has a log beside it
                        .application_id = ledger_application_id}));
  return connection->transaction(sql::TransactionKind::read, [&work](sql::Connection& reader) -> Status {
    SqlBooks books(reader, Access::read);
    return work(books);
  });
}

SqlLedger::SqlLedger(std::unique_ptr<sql::Connection> writer, std::unique_ptr<sql::Readers> readers,
                     const sql::GroupCommitOptions& options, Log& log)
    : log_(log), writer_(std::move(writer), options), readers_(std::move(readers)) {}

SqlLedger::~SqlLedger() = default;

Status SqlLedger::write(const std::function<Status(hub::Books&)>& work) {
  const Status written = writer_.run([&work](sql::Connection& connection) -> Status {
    SqlBooks books(connection, Access::write);
    TRY_STATUS(work(books));
    return books.finish();
  });
  observe(written);
  return written;
}

Status SqlLedger::read(const std::function<Status(hub::Books&)>& work) {
  return readers_->snapshot([&work](sql::Connection& connection) -> Status {
    SqlBooks books(connection, Access::read);
    return work(books);
  });
}

void SqlLedger::observe(const Status& written) {
  const bool failed = !written && written.error().code() == ErrorCode::unavailable;
  // Other errors are the work's own and say nothing about the database.
  if (!written && !failed) return;
  if (unavailable_.load(std::memory_order_relaxed) == failed || unavailable_.exchange(failed) == failed) return;
  if (failed)
    log_.error("the database cannot be written", {{"error", written.error().text()}});
  else
    log_.info("the database can be written again");
}

LedgerStatistics SqlLedger::statistics() const {
  const sql::GroupCommitStatistics from = writer_.statistics();
  return {.commits = from.batches - from.failed_batches,
          .failed_commits = from.failed_batches,
          .works = from.works,
          .failed_works = from.failed_works,
          .refused_works = from.refused_works,
          .waiting = from.waiting};
}

}  // namespace chancery::store
