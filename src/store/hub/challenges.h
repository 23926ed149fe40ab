#pragma once

// The challenges table.

#include "ca/records.h"
#include "store/hub/session.h"

namespace chancery::store {

class Challenges final : public ca::Challenges {
 public:
  explicit Challenges(Session& session) : session_(session) {}

  Status add(const ca::ChallengeRecord& record) override;
  Result<std::optional<ca::ChallengeRecord>> find(std::string_view id) override;
  Result<bool> use(std::string_view id, Timestamp now, std::string_view serial_hex) override;
  Result<std::optional<std::string>> id_used_by(std::string_view used_by) override;
  Status hand_over(std::string_view from, std::string_view to) override;
  Result<ca::ChallengePage> list(const ca::ChallengeFilter& filter) override;
  Result<bool> remove(std::string_view id) override;
  Status remove_expired(Timestamp before) override;

 private:
  Session& session_;
};

}  // namespace chancery::store
