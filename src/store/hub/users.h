#pragma once

// The tables of users and of sessions.

#include "hub/user_records.h"
#include "store/hub/session.h"

namespace chancery::store {

class Users final : public hub::Users {
 public:
  explicit Users(Session& session) : session_(session) {}

  Result<std::optional<hub::UserRecord>> find(std::string_view name) override;
  Result<std::vector<hub::UserRecord>> all() override;
  Status add(const hub::UserRecord& record) override;
  Status change(const hub::UserRecord& record) override;
  Result<bool> remove(std::string_view name) override;

 private:
  Session& session_;
};

class Sessions final : public hub::Sessions {
 public:
  explicit Sessions(Session& session) : session_(session) {}

  Status add(const hub::SessionRecord& record) override;
  Result<std::optional<hub::SessionRecord>> find(ByteView token_hash) override;
  Status use(ByteView token_hash, Timestamp at) override;
  Result<bool> remove(ByteView token_hash) override;
  Status remove_of(std::string_view user) override;
  Status remove_old(Timestamp created_before, Timestamp used_before) override;

 private:
  Session& session_;
};

}  // namespace chancery::store
