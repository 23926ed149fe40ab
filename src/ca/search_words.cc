#include "ca/search_words.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace chancery::ca {
namespace {

constexpr std::size_t most_words = 48;
constexpr std::size_t most_searched = 6;
constexpr std::size_t most_word_bytes = 64;
constexpr std::size_t least_digits = 6;

bool in_word(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return ascii::is_letter_or_digit(character) || byte >= 0x80;
}

// A word that ends here names the type of what follows: "CN=", "dns:".
bool is_type(std::string_view word, char next) {
  if (next == '=') return true;
  return next == ':' && (word == "dns" || word == "ip" || word == "email" || word == "uri");
}

void take_words(std::string_view text, std::vector<std::string>& words) {
  std::string word;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const char next = at < text.size() ? text[at] : ' ';
    if (in_word(next)) {
      word += ascii::lower(next);
    } else if (!word.empty()) {
      if (!is_type(word, next)) words.emplace_back(utf8::cut(word, most_word_bytes));
      word.clear();
    }
  }
}

// Serials and fingerprints are often written "AB:01:FF": pairs.
std::string digits_in(std::string_view text) {
  const bool in_pairs = text.find(':') != std::string_view::npos;
  std::string digits;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (in_pairs && at % 3 == 2) {
      if (text[at] != ':') return {};
    } else if (ascii::hex_value(text[at]) < 0) {
      return {};
    } else {
      digits += ascii::lower(text[at]);
    }
  }
  return digits.size() >= least_digits ? digits : std::string();
}

}  // namespace

std::vector<std::string> search_words(std::string_view subject, const std::vector<std::string>& alternative_names) {
  std::vector<std::string> words;
  take_words(subject, words);
  for (const std::string& name : alternative_names) take_words(name, words);
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  if (words.size() > most_words) words.resize(most_words);
  return words;
}

Search search_of(std::string_view text) {
  Search search;
  take_words(text, search.words);
  if (search.words.size() > most_searched) search.words.resize(most_searched);
  search.digits = digits_in(text);
  if (!search.digits.empty() && search.words.size() > 1) search.words.clear();
  return search;
}

bool matches(const Search& search, const std::vector<std::string>& words, std::string_view serial_hex,
             ByteView fingerprint) {
  if (!search.digits.empty() &&
      (serial_hex.starts_with(search.digits) || to_hex(fingerprint).starts_with(search.digits)))
    return true;
  const auto is_there = [&](const std::string& wanted) {
    return std::ranges::any_of(words, [&](const std::string& word) { return word.starts_with(wanted); });
  };
  return !search.words.empty() && std::ranges::all_of(search.words, is_there);
}

std::string above_prefix(std::string_view prefix) { return std::string(prefix) + "\xf4\x8f\xbf\xbf"; }

}  // namespace chancery::ca
