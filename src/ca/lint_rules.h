#pragma once

// The parts that lint() is made of; each appends what it finds. Nobody else calls them.

#include <string>
#include <string_view>
#include <vector>

#include "ca/lint.h"

namespace chancery::ca {

void lint_key(const LintInput& input, std::vector<Finding>& findings);
void lint_subject(const NamesInput& input, std::vector<Finding>& findings);
void lint_alternative_names(const NamesInput& input, std::vector<Finding>& findings);
// RFC 5280 section 4.2.1.10. Asked of each CA by itself: its constraints hold for everything below it.
void lint_name_constraints(const NamesInput& input, const pki::Certificate& authority, std::vector<Finding>& findings);
void lint_constraints(const LintInput& input, std::vector<Finding>& findings);

[[nodiscard]] inline NamesInput names_of(const LintInput& input) {
  return {.policy = input.policy,
          .subject = input.subject,
          .alternative_names = input.alternative_names,
          .issuer = input.issuer,
          .above = input.above};
}

// A peer's text as it may stand in a sentence: control characters and what is not ASCII become '?', and the end of a
// long one "…".
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace chancery::ca
