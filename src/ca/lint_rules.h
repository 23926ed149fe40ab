#pragma once

// The parts that lint() is made of; each appends what it finds. Nobody else calls them.

#include <string>
#include <string_view>
#include <vector>

#include "ca/lint.h"

namespace chancery::ca {

void lint_key(const LintInput& input, std::vector<Finding>& findings);
void lint_subject(const LintInput& input, std::vector<Finding>& findings);
void lint_alternative_names(const LintInput& input, std::vector<Finding>& findings);
void lint_constraints(const LintInput& input, std::vector<Finding>& findings);

// A peer's text as it may stand in a sentence: control characters and what is not ASCII become '?', and the end of a
// long one "…".
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace chancery::ca
