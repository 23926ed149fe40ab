#pragma once

// Users: adding, changing, removing. An administrator is always left, and what a change takes away ends at once.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/context.h"
#include "hub/password.h"
#include "hub/user_records.h"

namespace chancery::hub {

struct NewUser {
  std::string name;  // 1 to 64 of a-z, 0-9, '.', '_', '@', '-'; a letter or a digit first
  Role role = Role::auditor;
  SecretBytes password;         // empty: one is generated
  bool keeps_password = false;  // else it is to be changed at the first sign-in
};

struct NewPassword {
  SecretBytes password;         // empty: one is generated
  bool keeps_password = false;  // as in NewUser
};

struct UserChange {
  std::optional<Role> role;
  std::optional<bool> disabled;
  bool unlock = false;  // forgets failed sign-ins; a new password does, too
  std::optional<NewPassword> password = {};
};

// Thread-safe. `context` and `passwords` must outlive it.
class Accounts {
 public:
  Accounts(Context& context, const Passwords& passwords) : context_(context), passwords_(passwords) {}

  Result<std::vector<UserRecord>> list();
  Result<UserRecord> find(std::string_view name);
  // The generated password, told this once; empty where one was given.
  Result<SecretBytes> add(NewUser user, const Caller& caller);
  // All of it, or nothing after an error. A change of the role or the password, or disabling, ends the user's sessions.
  // Gives a generated password, as add(). ErrorCode::conflict when no enabled administrator would be left.
  Result<SecretBytes> change(std::string_view name, UserChange change, const Caller& caller);
  Status remove(std::string_view name, const Caller& caller);

 private:
  Context& context_;
  const Passwords& passwords_;
};

// Lower case, as names are kept.
[[nodiscard]] std::string user_name_of(std::string_view typed);
// "abcd-efgh-…": 100 random bits in letters and digits that are not taken for each other.
[[nodiscard]] SecretBytes generate_password(Random& random);

}  // namespace chancery::hub
