#pragma once

// Words that people type, and words for them to type.

#include <string>
#include <string_view>
#include <vector>

namespace chancery::cli {

// The candidate that `word` was probably meant to be: few letters wrong, missing, too many or swapped. Empty when none
// is near, or when two are equally near.
[[nodiscard]] std::string closest(std::string_view word, const std::vector<std::string>& candidates);
// "; did you mean 'cert'?", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

// "expected one of a, b, found x; did you mean 'a'?"; nothing when it is one of them.
[[nodiscard]] std::string no_choice(std::string_view word, const std::vector<std::string>& choices);

// In quotes, as JSON has it.
[[nodiscard]] std::string json_text(std::string_view text);

// As a POSIX shell reads it back: in quotes where need be.
[[nodiscard]] std::string shell_word(std::string_view word);

}  // namespace chancery::cli
