#include "config/option_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/edit_distance.h"
#include "base/utf8.h"

namespace chancery::config {
namespace {

constexpr std::size_t comment_width = 100;

bool is_key(std::string_view key) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  char last = '.';
  for (const char c : key) {
    if (c == '.' ? last == '.' : !is_word(c)) return false;
    last = c;
  }
  return last != '.';
}

std::string_view table_of(std::string_view key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string_view::npos ? "" : key.substr(0, dot);
}

std::string_view name_of(std::string_view key) { return key.substr(key.rfind('.') + 1); }

bool is_in_table(std::string_view key, std::string_view table) {
  return key.size() > table.size() && key.starts_with(table) && key[table.size()] == '.';
}

// `text` in lines that begin with "# ".
void add_comment(std::string& to, std::string_view text) {
  while (!text.empty()) {
    std::size_t length = text.size();
    if (length > comment_width) {
      length = text.rfind(' ', comment_width);
      if (length == std::string_view::npos) length = std::min(text.find(' '), text.size());
    }
    to.append("# ").append(text.substr(0, length)).append("\n");
    text.remove_prefix(std::min(length + 1, text.size()));
  }
}

std::string place(std::string_view file, std::size_t line) {
  return line == 0 ? std::string(file) : fmt::format("{}:{}", file, line);
}

}  // namespace

void OptionTable::add(Option option) {
  const std::string& key = option.description.key;
  CHECK(is_key(key));
  for (const Option& other : options_) {
    CHECK(other.description.key != key);
    CHECK(!is_in_table(key, other.description.key) && !is_in_table(other.description.key, key));
  }
  options_.push_back(std::move(option));
}

const OptionTable::Option* OptionTable::find(std::string_view key) const {
  const auto found = std::ranges::find_if(options_, [&](const Option& o) { return o.description.key == key; });
  return found == options_.end() ? nullptr : &*found;
}

std::string OptionTable::unknown_key(std::string_view key) const {
  if (key.size() > 100) return fmt::format("unknown key '{}…'", utf8::cut(key, 100));
  // A third of the letters may be wrong; a name without its table is as near as can be.
  std::size_t nearest_distance = std::max<std::size_t>(1, key.size() / 3) + 1;
  std::string_view nearest;
  for (const Option& option : options_) {
    const std::string& other = option.description.key;
    const std::size_t distance = name_of(other) == key ? 0 : edit_distance(key, other);
    if (distance < nearest_distance) {
      nearest_distance = distance;
      nearest = other;
    }
  }
  return nearest.empty() ? fmt::format("unknown key '{}'", key)
                         : fmt::format("unknown key '{}': did you mean '{}'?", key, nearest);
}

std::vector<std::string> OptionTable::check(const void* options) const {
  std::vector<std::string> problems;
  for (const Option& option : options_)
    if (const Status status = check_option(option.description, option.get(options)); !status)
      problems.push_back(status.error().in(option.description.key).text());
  return problems;
}

std::vector<std::string> OptionTable::read_toml(void* options, std::string_view toml, std::string_view file) const {
  const auto entries = config::read_toml(toml);
  if (!entries) return {fmt::format("{}: {}", place(file, entries.error().line), entries.error().text)};
  std::vector<std::string> problems;
  std::map<std::string_view, std::size_t> lines;
  for (const TomlEntry& entry : *entries) {
    const auto complain = [&](std::string_view text) {
      problems.push_back(fmt::format("{}: {}", place(file, entry.line), text));
    };
    if (const auto [first, is_new] = lines.try_emplace(entry.key, entry.line); !is_new) {
      complain(fmt::format("{}: set a second time, after line {}", entry.key, first->second));
      continue;
    }
    const Option* option = find(entry.key);
    if (option == nullptr) {
      const bool is_table =
          std::ranges::any_of(options_, [&](const Option& o) { return is_in_table(o.description.key, entry.key); });
      const auto* other = std::get_if<OtherToml>(&entry.value);
      if (!is_table) {
        complain(unknown_key(entry.key));
      } else if (other == nullptr || other->what != "a table") {
        complain(fmt::format("{}: expected a table of options, as in [{}]", entry.key, entry.key));
      }
      continue;
    }
    if (Result<OptionValue> value = parse_option(option->description, entry.value)) {
      option->set(options, *std::move(value));
    } else {
      complain(value.error().in(entry.key).text());
    }
  }
  return problems;
}

Status OptionTable::set_text(void* options, std::string_view key, std::string_view value) const {
  const Option* option = find(key);
  if (option == nullptr) return invalid(unknown_key(key));
  TRY_IN(key, OptionValue parsed, parse_option(option->description, value));
  option->set(options, std::move(parsed));
  return {};
}

std::string OptionTable::toml_file(const void* options, const void* defaults) const {
  // Keys without a table must come first; tables in the order in which they are first named.
  std::vector<std::string_view> tables = {""};
  for (const Option& option : options_)
    if (const std::string_view table = table_of(option.description.key); !std::ranges::count(tables, table))
      tables.push_back(table);
  std::string text;
  for (const std::string_view table : tables) {
    if (!table.empty()) text += fmt::format("[{}]\n\n", table);
    for (const Option& option : options_) {
      const OptionDescription& description = option.description;
      if (table_of(description.key) != table) continue;
      add_comment(text, description.help);
      add_comment(text, "(" + expected_text(description) + (description.required ? "; required)" : ")"));
      const OptionValue value = option.get(options);
      const bool is_default = value == option.get(defaults);
      text += fmt::format("{}{} = {}\n\n", is_default ? "#" : "", name_of(description.key),
                          option_toml(description, value));
    }
  }
  return text;
}

std::string join_problems(const std::vector<std::string>& problems) {
  return fmt::format("{}", fmt::join(problems, "\n"));
}

}  // namespace chancery::config
