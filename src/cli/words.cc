#include "cli/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/edit_distance.h"

namespace chancery::cli {
namespace {

constexpr std::size_t longest_word = 64;

}  // namespace

std::string closest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > longest_word) return {};
  const std::size_t most = word.size() < 3 ? 1 : std::min<std::size_t>(3, 1 + word.size() / 4);
  std::string found;
  std::size_t least = most + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest_word) continue;
    const std::size_t far = edit_distance(word, candidate);
    if (far > least || far > most || far >= candidate.size()) continue;
    if (far == least && candidate != found) {
      found.clear();
      continue;
    }
    found = candidate;
    least = far;
  }
  return found;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string found = closest(word, candidates);
  return found.empty() || found == word ? std::string() : fmt::format("; did you mean '{}'?", found);
}

std::string no_choice(std::string_view word, const std::vector<std::string>& choices) {
  if (std::ranges::find(choices, word) != choices.end()) return {};
  return fmt::format("expected one of {}, found {}{}", fmt::join(choices, ", "), word.empty() ? "nothing" : word,
                     did_you_mean(word, choices));
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\')
      out += std::string("\\") + letter;
    else if (letter == '\n')
      out += "\\n";
    else if (static_cast<unsigned char>(letter) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(letter));
    else
      out += letter;
  }
  return out + "\"";
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string text = "'";
  for (const char letter : word) {
    if (letter == '\'')
      text += "'\\''";
    else
      text += letter;
  }
  return text + "'";
}

}  // namespace chancery::cli
