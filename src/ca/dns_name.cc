#include "ca/dns_name.h"

#include <algorithm>

#include "base/ascii.h"

namespace chancery::ca {
namespace {

std::string label_problem(std::string_view label) {
  if (label.empty()) return "has an empty label";
  if (label.size() > 63) return "has a label of more than 63 characters";
  for (const char c : label) {
    if (c == '_') return "has an underscore";
    if (static_cast<unsigned char>(c) >= 0x80) return "is not ASCII: international names are written as xn--…";
    if (!ascii::is_letter_or_digit(c) && c != '-') return "has a character that host names do not have";
  }
  if (label.front() == '-' || label.back() == '-') return "has a label that starts or ends with a hyphen";
  // RFC 5890 section 2.3.1: two hyphens in the third and fourth place are kept for encodings, of which there is one.
  if (label.size() >= 4 && label.substr(2, 2) == "--" &&
      (!ascii::equal_ignoring_case(label.substr(0, 2), "xn") || label.size() == 4))
    return "has a label with -- that is no A-label (xn--…)";
  return {};
}

}  // namespace

std::string dns_name_problem(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > 253) return "has more than 253 characters";
  std::string_view rest = name;
  for (;;) {
    const std::size_t dot = rest.find('.');
    const std::string_view label = rest.substr(0, dot);
    if (std::string problem = label_problem(label); !problem.empty()) return problem;
    if (dot == std::string_view::npos) return std::ranges::all_of(label, ascii::is_digit) ? "ends in digits alone" : "";
    rest.remove_prefix(dot + 1);
  }
}

bool below_any(std::string_view name, const std::vector<std::string>& suffixes) {
  return std::ranges::any_of(suffixes, [name](std::string_view suffix) {
    if (name.size() < suffix.size()) return false;
    const std::size_t start = name.size() - suffix.size();
    return ascii::equal_ignoring_case(name.substr(start), suffix) && (start == 0 || name[start - 1] == '.');
  });
}

}  // namespace chancery::ca
