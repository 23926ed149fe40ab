#pragma once

// Who may use the web pages, and who is signed in; and the narrow interfaces by which the hub reaches both. Each object
// is a view inside one database transaction.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"

namespace chancery::hub {

// Each may do all that those before it may.
enum class Role : std::uint8_t {
  auditor,        // looks at everything but secrets
  operator_,      // lets devices in, revokes, orders
  administrator,  // changes endpoints, the authority and users
};
// "auditor", "operator", "administrator".
[[nodiscard]] std::string_view to_string(Role role);
Result<Role> role_from_text(std::string_view text);

struct UserRecord {
  std::string name;
  Role role = Role::auditor;
  std::string password_hash;  // as hub/password.h writes it
  bool must_change_password = false;
  bool disabled = false;
  int failures = 0;  // sign-ins that failed since the last one that did not
  std::optional<Timestamp> locked_until;
  Timestamp created;
  std::optional<Timestamp> last_sign_in;
};

class Users {
 public:
  virtual ~Users() = default;
  virtual Result<std::optional<UserRecord>> find(std::string_view name) = 0;
  virtual Result<std::vector<UserRecord>> all() = 0;  // by name
  // A name that exists is ErrorCode::conflict.
  virtual Status add(const UserRecord& record) = 0;
  // All but name and `created`. ErrorCode::not_found.
  virtual Status change(const UserRecord& record) = 0;
  virtual Result<bool> remove(std::string_view name) = 0;
};

struct SessionRecord {
  Bytes token_hash;  // SHA-256 of the token, which only the browser has
  std::string user;
  std::string source;  // the address that signed in
  Timestamp created, last_used;
};

class Sessions {
 public:
  virtual ~Sessions() = default;
  virtual Status add(const SessionRecord& record) = 0;
  virtual Result<std::optional<SessionRecord>> find(ByteView token_hash) = 0;
  virtual Status use(ByteView token_hash, Timestamp at) = 0;
  virtual Result<bool> remove(ByteView token_hash) = 0;
  virtual Status remove_of(std::string_view user) = 0;
  // Those that were created, or last used, before then.
  virtual Status remove_old(Timestamp created_before, Timestamp used_before) = 0;
};

}  // namespace chancery::hub
