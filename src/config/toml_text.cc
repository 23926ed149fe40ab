#include "config/toml_text.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <exception>
#include <tuple>

#include "base/ascii.h"

namespace chancery::config {
namespace {

using Problem = std::unexpected<TomlProblem>;

Problem problem(std::size_t line, std::string text) { return Problem(TomlProblem{line, std::move(text)}); }

// How many bytes the UTF-8 character that `text` begins with has; 0 if it is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const int first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool overlong = first == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = first == 0xed && byte(1) > 0x9f;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool overlong = first == 0xf0 && byte(1) < 0x90;
    const bool beyond = first == 0xf4 && byte(1) > 0x8f;
    return continues(1) && continues(2) && continues(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

// Walks over the text before the parser does, which recurses once for each bracket and each dot and would run out of
// stack. Follows strings and comments as TOML has them; where the text breaks those rules the parser stops anyway.
class DepthScan {
 public:
  explicit DepthScan(std::string_view text) : text_(text) {}

  std::expected<void, TomlProblem> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const auto code = static_cast<unsigned char>(c);
      if ((code < 0x20 && c != '\t' && c != '\n' && c != '\r') || code == 0x7f)
        return problem(line_, "a control character");
      const std::size_t length = utf8_length(text_.substr(at_));
      if (length == 0) return problem(line_, "the text is not UTF-8");
      if (c == '\n') ++line_;
      if (quote_.empty()) {
        outside(c);
        if (depth_ > most_toml_depth || dots_ > most_toml_depth)
          return problem(line_, fmt::format("nested more than {} deep", most_toml_depth));
        if (!quote_.empty()) continue;
        at_ += length;
      } else {
        inside(c, length);
      }
    }
    return {};
  }

 private:
  void outside(char c) {
    if (in_comment_) {
      in_comment_ = c != '\n';
      if (in_comment_) return;
    }
    switch (c) {
      case '#': in_comment_ = true; break;
      case '[':
      case '{':
        ++depth_;
        dots_ = 0;
        break;
      case ']':
      case '}': depth_ -= depth_ > 0; break;
      case '.': ++dots_; break;
      case '\n':
      case '=':
      case ',': dots_ = 0; break;
      case '"':
      case '\'': {
        const std::string_view rest = text_.substr(at_);
        quote_ = rest.substr(0, rest.size() > 2 && rest[1] == c && rest[2] == c ? 3 : 1);
        at_ += quote_.size();
        break;
      }
      default: break;
    }
  }

  void inside(char c, std::size_t length) {
    if (text_.substr(at_).starts_with(quote_)) {
      at_ += quote_.size();
      // Up to two quotes more belong to the end of a string in three quotes.
      for (int more = 0; quote_.size() == 3 && more < 2 && at_ < text_.size() && text_[at_] == quote_[0]; ++more) ++at_;
      quote_ = {};
    } else if (c == '\n' && quote_.size() == 1) {
      quote_ = {};
      dots_ = 0;
      ++at_;
    } else {
      // An escaped line break is counted when it is its turn.
      const bool escape =
          c == '\\' && quote_[0] == '"' && at_ + 1 < text_.size() && (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
      at_ += escape ? 2 : length;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t depth_ = 0;
  std::size_t dots_ = 0;
  std::string_view quote_;
  bool in_comment_ = false;
};

bool is_bare(std::string_view key) {
  return !key.empty() &&
         std::ranges::all_of(key, [](char c) { return ascii::is_letter_or_digit(c) || c == '-' || c == '_'; });
}

std::string_view what_is(const toml::node& value) {
  switch (value.type()) {
    case toml::node_type::floating_point: return "a number with a fraction";
    case toml::node_type::date_time:
    case toml::node_type::date: return "a date";
    case toml::node_type::time: return "a time of day";
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list of other things than texts";
    default: return "something else";
  }
}

TomlValue plain_value(const toml::node& value) {
  if (const auto* flag = value.as_boolean()) return flag->get();
  if (const auto* number = value.as_integer()) return number->get();
  if (const auto* text = value.as_string()) return text->get();
  if (const toml::array* array = value.as_array();
      array != nullptr && (array->empty() || array->is_homogeneous(toml::node_type::string))) {
    std::vector<std::string> items;
    for (const toml::node& item : *array) items.push_back(item.as_string()->get());
    return items;
  }
  return OtherToml{what_is(value)};
}

struct PlacedEntry {
  TomlEntry entry;
  std::size_t column;
};

// Depth is bounded by the scan.
void flatten(const toml::table& table, const std::string& prefix, std::vector<PlacedEntry>& entries) {
  for (const auto& [name, value] : table) {
    if (entries.size() > most_toml_entries) return;
    const std::string key = prefix + (is_bare(name.str()) ? std::string(name.str()) : quote_toml(name.str()));
    if (const toml::table* inner = value.as_table(); inner != nullptr && !inner->empty()) {
      flatten(*inner, key + ".", entries);
    } else {
      const toml::source_position place = value.source().begin;
      entries.push_back({{key, plain_value(value), place.line}, place.column});
    }
  }
}

std::expected<std::vector<TomlEntry>, TomlProblem> parse(std::string_view text) {
  const toml::table root = toml::parse(text);
  std::vector<PlacedEntry> placed;
  flatten(root, "", placed);
  if (placed.size() > most_toml_entries) return problem(0, fmt::format("more than {} values", most_toml_entries));
  std::ranges::sort(placed, [](const PlacedEntry& a, const PlacedEntry& b) {
    return std::tie(a.entry.line, a.column, a.entry.key) < std::tie(b.entry.line, b.column, b.entry.key);
  });
  std::vector<TomlEntry> entries;
  entries.reserve(placed.size());
  for (PlacedEntry& one : placed) entries.push_back(std::move(one.entry));
  return entries;
}

}  // namespace

std::expected<std::vector<TomlEntry>, TomlProblem> read_toml(std::string_view text) {
  if (text.size() > most_toml_bytes) return problem(0, "larger than 1 MiB");
  if (auto scanned = DepthScan(text).run(); !scanned) return Problem(std::move(scanned).error());
  try {
    return parse(text);
  } catch (const toml::parse_error& error) {
    return problem(error.source().begin.line, std::string(error.description()));
  } catch (const std::exception& error) {
    return problem(0, error.what());
  }
}

std::string quote_toml(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted.append(1, '\\').append(1, c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace chancery::config
