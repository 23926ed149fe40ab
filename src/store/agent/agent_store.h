#pragma once

// agent::AgentStore in one SQLite file: one connection, each change a transaction that is on the disk when it returns,
// and a cache of a few pages, for devices that have little.

#include <memory>
#include <string>

#include "agent/store.h"
#include "sql/connection.h"

namespace chancery::store {

struct AgentStoreOptions {
  std::string vfs = {};  // the sqlite3_vfs to use; empty for the system's
  bool durable = true;   // a test may do without
};

class SqlAgentStore final : public agent::AgentStore {
 public:
  // Makes the file, or brings an older one up to date. Errors: unavailable (disk, lock), invalid (another program's
  // file), refused (made by a newer version).
  static Result<std::unique_ptr<SqlAgentStore>> open(const std::string& path, const AgentStoreOptions& options,
                                                     const Clock& clock);

  // Reads the whole file, which is small. ErrorCode::internal when it is damaged: something in it may still be
  // readable.
  Status check();

  // Without those that cannot be understood: they are made anew from their slots' folders.
  Result<std::vector<std::pair<std::string, agent::SlotState>>> slots() override;
  Status save(const agent::SlotChange& change) override;
  Status forget_slot(const std::string& slot) override;
  Status keep_received(const std::string& slot, const agent::ReceivedCertificate& received) override;
  Result<std::optional<agent::ReceivedCertificate>> received(const std::string& slot) override;
  Result<std::vector<agent::CertificateRecord>> certificates() override;
  Status append(const wire::Event& event) override;
  Result<std::vector<wire::Event>> events_after(std::int64_t number, std::size_t limit) override;
  Result<std::vector<wire::Event>> latest_events(const std::string& slot, std::size_t limit) override;
  Result<std::vector<agent::TrustAnchor>> trust() override;
  Result<bool> add_trust(const agent::TrustAnchor& anchor) override;
  Result<bool> remove_trust(const std::string& store, ByteView sha256) override;
  Result<std::optional<agent::OrderRecord>> order(const std::string& id) override;
  Status begin_order(const std::string& id, ByteView content, Timestamp now) override;
  Status finish_order(const wire::OrderResult& result) override;
  Result<std::vector<wire::OrderResult>> unacknowledged_results(std::size_t limit) override;
  Status acknowledge_results(const std::vector<std::string>& ids) override;
  Result<agent::LinkRecord> link() override;
  Status save_link(const agent::LinkRecord& link) override;

 private:
  explicit SqlAgentStore(std::unique_ptr<sql::Connection> connection) : connection_(std::move(connection)) {}
  Status add_event(const wire::Event& event);
  Status add_certificate(const agent::CertificateRecord& record);
  Status forget_received(const std::string& slot);

  std::unique_ptr<sql::Connection> connection_;
};

}  // namespace chancery::store
