#pragma once

// What the doctor can find, by name: what it says in English, and what the pages translate by.

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chancery::api {

struct FindingRule {
  std::string_view name;  // "root_expired": does not change
  std::string_view what;  // with the names of values in braces
  std::string_view fix;
};

[[nodiscard]] std::span<const FindingRule> finding_rules();
[[nodiscard]] std::vector<std::string_view> finding_names();
// REQUIRES: there is one of that name.
[[nodiscard]] const FindingRule& finding_rule(std::string_view name);

using FindingValues = std::vector<std::pair<std::string_view, std::string>>;
// `pattern` with `values` in it. REQUIRES: it has a value for each name.
[[nodiscard]] std::string filled(std::string_view pattern, const FindingValues& values);

}  // namespace chancery::api
