#include "hub/user_records.h"

#include <fmt/format.h>

#include "base/check.h"

namespace chancery::hub {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::auditor: return "auditor";
    case Role::operator_: return "operator";
    case Role::administrator: return "administrator";
  }
  CHECK(false);
}

Result<Role> role_from_text(std::string_view text) {
  for (const Role role : {Role::auditor, Role::operator_, Role::administrator})
    if (to_string(role) == text) return role;
  return invalid(fmt::format("expected one of administrator, operator, auditor, found '{}'", text));
}

}  // namespace chancery::hub
