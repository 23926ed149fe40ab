#pragma once

// The SCEP transactions: the enrolment table.

#include "hub/ledger.h"
#include "store/hub/session.h"

namespace chancery::store {

class Transactions final : public hub::Transactions {
 public:
  explicit Transactions(Session& session) : session_(session) {}

  Result<std::optional<hub::TransactionRecord>> find(const hub::TransactionKey& key) override;
  Result<std::optional<hub::TransactionRecord>> find(std::int64_t id) override;
  Result<std::optional<hub::TransactionRecord>> latest_for_key(std::string_view endpoint, ByteView signer_key) override;
  Result<int> count_valid_issued(std::string_view endpoint, ByteView signer_key, Timestamp now) override;
  Result<std::int64_t> add(const hub::TransactionRecord& record) override;
  Status approve(std::int64_t id, std::string_view serial, Timestamp at) override;
  Status reject(std::int64_t id, int fail_info, std::string_view reason, Timestamp at) override;
  Result<std::vector<hub::TransactionRecord>> list(std::optional<hub::TransactionRecord::State> state,
                                                   std::int64_t after, int limit) override;
  Result<std::int64_t> count(hub::TransactionRecord::State state) override;
  Status forget(Timestamp rejected_before) override;

 private:
  // Whether a decision that changed `changed` rows was one.
  Status decided(std::int64_t id, std::int64_t changed);

  Session& session_;
};

}  // namespace chancery::store
