#pragma once

// What the audit trail can say that was done. A test holds the list to the places that write it.

#include <string_view>
#include <vector>

namespace chancery::api {

[[nodiscard]] std::vector<std::string_view> audit_actions();

}  // namespace chancery::api
