#pragma once

// Users and sessions, in memory: the parts of MemoryLedger that hub/user_records.h asks for.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/user_records.h"
#include "testing/memory_ledger.h"
#include "testing/memory_undo.h"

namespace chancery::testing {

class MemoryUsers final : public hub::Users {
 public:
  MemoryUsers(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Result<std::optional<hub::UserRecord>> find(std::string_view name) override {
    const auto found = contents_.users.find(name);
    if (found == contents_.users.end()) return std::nullopt;
    return found->second;
  }

  Result<std::vector<hub::UserRecord>> all() override {
    std::vector<hub::UserRecord> users;
    for (const auto& [name, user] : contents_.users) users.push_back(user);
    return users;
  }

  Status add(const hub::UserRecord& record) override {
    TRY_STATUS(undo_.may_write());
    if (contents_.users.contains(record.name)) return conflict("there is a user of this name already");
    undo_.remember(contents_.users, record.name);
    contents_.users[record.name] = record;
    return {};
  }

  Status change(const hub::UserRecord& record) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.users.find(record.name);
    if (found == contents_.users.end()) return not_found("there is no user of this name");
    undo_.remember(contents_.users, record.name);
    const Timestamp created = found->second.created;
    found->second = record;
    found->second.created = created;
    return {};
  }

  Result<bool> remove(std::string_view name) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.users.find(name);
    if (found == contents_.users.end()) return false;
    undo_.remember(contents_.users, name);
    contents_.users.erase(found);
    return true;
  }

 private:
  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

class MemorySessions final : public hub::Sessions {
 public:
  MemorySessions(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Status add(const hub::SessionRecord& record) override {
    TRY_STATUS(undo_.may_write());
    if (contents_.sessions.contains(record.token_hash)) return conflict("there is this session already");
    undo_.remember(contents_.sessions, record.token_hash);
    contents_.sessions[record.token_hash] = record;
    return {};
  }

  Result<std::optional<hub::SessionRecord>> find(ByteView token_hash) override {
    const auto found = contents_.sessions.find(to_bytes(token_hash));
    if (found == contents_.sessions.end()) return std::nullopt;
    return found->second;
  }

  Status use(ByteView token_hash, Timestamp at) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.sessions.find(to_bytes(token_hash));
    if (found == contents_.sessions.end()) return {};
    undo_.remember(contents_.sessions, found->first);
    found->second.last_used = at;
    return {};
  }

  Result<bool> remove(ByteView token_hash) override {
    TRY_STATUS(undo_.may_write());
    return remove_where([&](const hub::SessionRecord& record) { return equal(record.token_hash, token_hash); });
  }

  Status remove_of(std::string_view user) override {
    TRY_STATUS(undo_.may_write());
    remove_where([&](const hub::SessionRecord& record) { return record.user == user; });
    return {};
  }

  Status remove_old(Timestamp created_before, Timestamp used_before) override {
    TRY_STATUS(undo_.may_write());
    remove_where([&](const hub::SessionRecord& record) {
      return record.created < created_before || record.last_used < used_before;
    });
    return {};
  }

 private:
  template <class Condition>
  bool remove_where(Condition condition) {
    bool removed = false;
    for (auto entry = contents_.sessions.begin(); entry != contents_.sessions.end();) {
      const auto session = entry++;
      if (!condition(session->second)) continue;
      undo_.remember(contents_.sessions, Bytes(session->first));
      contents_.sessions.erase(session);
      removed = true;
    }
    return removed;
  }

  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

}  // namespace chancery::testing
