#pragma once

// Looks for what is wrong, or soon will be, and says what to do about it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/admin_api.h"
#include "api/finding_rules.h"

namespace chancery::api {

struct Finding {
  enum class Severity : std::uint8_t { info, warning, error };
  Severity severity = Severity::info;
  std::string_view rule;  // its row in finding_rules.h
  FindingValues values;
  // In English.
  [[nodiscard]] std::string what() const { return filled(finding_rule(rule).what, values); }
  [[nodiscard]] std::string_view fix() const { return finding_rule(rule).fix; }
};

[[nodiscard]] std::string_view to_string(Finding::Severity severity);

// Whether the disk of a folder is nearly full; nothing is said of what cannot be looked at.
[[nodiscard]] std::vector<Finding> examine_disk(const std::string& folder);

// The worst first. What cannot be looked at is a finding, too.
[[nodiscard]] std::vector<Finding> examine(const AdminServices& services);

}  // namespace chancery::api
