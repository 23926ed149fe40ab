#pragma once

// The certificate revocation lists that were signed.

#include "ca/records.h"
#include "store/hub/session.h"

namespace chancery::store {

class Crls final : public ca::Crls {
 public:
  explicit Crls(Session& session) : session_(session) {}

  Result<std::optional<ca::CrlRecord>> latest(int generation) override;
  Status add(const ca::CrlRecord& record) override;
  Result<ca::CrlChanges> changes(int generation) override;
  Status note_listed(int generation, std::int64_t changes) override;

 private:
  Session& session_;
};

}  // namespace chancery::store
