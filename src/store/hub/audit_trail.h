#pragma once

// The audit trail: a table of chained lines (audit_chain.h), and a row that says which is the last.

#include <optional>
#include <string>
#include <string_view>

#include "hub/ledger.h"
#include "store/hub/session.h"

namespace chancery::store {

class AuditTrail final : public hub::AuditTrail {
 public:
  explicit AuditTrail(Session& session) : session_(session) {}

  Status append(const hub::AuditEvent& event) override;
  Result<std::vector<hub::AuditEvent>> list(std::int64_t after, int limit) override;
  Result<std::vector<hub::AuditEvent>> newest(std::int64_t before, int limit) override;
  Result<hub::AuditPage> find(const hub::AuditFilter& filter) override;
  Result<hub::AuditProof> verify(const hub::AuditProof& so_far) override;

  // Writes the head, if there is a new one. To be called once, at the end of a work.
  Status finish();

 private:
  struct Head {
    std::int64_t sequence = 0;
    Bytes hash;
  };

  Result<Head> stored_head();

  Session& session_;
  // Of this work only, and read anew by the next one: so it is right whatever was rolled back, by whom and why.
  std::optional<Head> head_;
};

// The events whose `column` (empty: any) has the value of the first parameter, between two places in the order of time
// and sequence, which take two parameters each.
[[nodiscard]] std::string audit_walk_sql(std::string_view column, bool newest_first);

}  // namespace chancery::store
