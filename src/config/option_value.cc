// Values of options: from text and TOML, to text and TOML, and what may stand where.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "base/utf8.h"
#include "config/option_table.h"

namespace chancery::config {
namespace {

constexpr std::int64_t longest_duration = std::int64_t{1000} * 365 * 86400;
constexpr std::size_t most_shown = 40;

// A value in an error text: short, and on one line.
std::string shown(std::string_view text) {
  std::string short_text(utf8::cut(text, most_shown));
  for (char& c : short_text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return fmt::format("'{}{}'", short_text, text.size() > most_shown ? "…" : "");
}

std::unexpected<Error> expected(const OptionDescription& description, std::string_view found) {
  return invalid(fmt::format("expected {}, found {}", expected_text(description), found));
}

std::string join(const std::vector<std::string>& items, char between) {
  std::string text;
  for (const std::string& item : items) {
    if (&item != &items.front()) text += between;
    for (std::size_t i = 0; i < item.size(); ++i) {
      const bool blank_at_end = item[i] == ' ' && (i == 0 || i + 1 == item.size());
      if (item[i] == between || item[i] == '\\' || blank_at_end) text += '\\';
      text += item[i];
    }
  }
  return text;
}

// The inverse of join(items, ','), except that blanks around a comma do not count.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> items;
  if (text.find_first_not_of(' ') == std::string_view::npos) return items;
  std::string item;
  std::size_t kept = 0;  // blanks behind this are not part of the item
  const auto finish = [&] {
    item.resize(kept);
    items.push_back(std::move(item));
    item.clear();
    kept = 0;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ',') {
      finish();
      continue;
    }
    const bool escaped = text[i] == '\\' && i + 1 < text.size();
    if (escaped) ++i;
    if (text[i] == ' ' && !escaped) {
      if (!item.empty()) item += ' ';
      continue;
    }
    item += text[i];
    kept = item.size();
  }
  finish();
  return items;
}

// The value if nothing is wrong with it.
Result<OptionValue> checked(const OptionDescription& description, OptionValue value) {
  TRY_STATUS(check_option(description, value));
  return value;
}

Result<OptionValue> choose(const OptionDescription& description, std::string_view name) {
  const auto place = std::ranges::find(description.choices, name);
  if (place == description.choices.end()) return expected(description, shown(name));
  return OptionValue(std::int64_t{place - description.choices.begin()});
}

Result<OptionValue> duration(const OptionDescription& description, std::string_view text) {
  const Result<Seconds> parsed = parse_duration(text);
  if (!parsed) return expected(description, shown(text));
  return checked(description, std::int64_t{parsed->count()});
}

std::string what_was_found(const TomlValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("the number {}", *number);
  if (const auto* text = std::get_if<std::string>(&value)) return "the text " + shown(*text);
  if (std::holds_alternative<std::vector<std::string>>(value)) return "a list";
  return std::string(std::get<OtherToml>(value).what);
}

}  // namespace

std::string expected_text(const OptionDescription& description) {
  switch (description.kind) {
    case OptionKind::flag: return "true or false";
    case OptionKind::integer: {
      const std::string unit = description.unit.empty() ? "" : fmt::format(" ({})", description.unit);
      return fmt::format("an integer from {} to {}{}", description.min, description.max, unit);
    }
    case OptionKind::duration: {
      const std::string least = to_duration_text(Seconds(description.min));
      if (description.max < longest_duration)
        return fmt::format("a duration from {} to {}", least, to_duration_text(Seconds(description.max)));
      if (description.min > 0) return fmt::format("a duration of at least {}", least);
      return "a duration such as 30s, 12h or 90d";
    }
    case OptionKind::text: return description.required ? "a text that is not empty" : "a text";
    case OptionKind::path: return "a path";
    case OptionKind::secret_path: return "the path of a file with the secret";
    case OptionKind::list: return description.required ? "a list of at least one text" : "a list of texts";
    case OptionKind::choice: {
      std::string text = "one of ";
      for (const std::string& name : description.choices)
        text += fmt::format("{}'{}'", &name == &description.choices.front() ? "" : ", ", name);
      return text;
    }
  }
  CHECK(false);
}

Status check_option(const OptionDescription& description, const OptionValue& value) {
  switch (description.kind) {
    case OptionKind::flag:
    case OptionKind::choice: return {};
    case OptionKind::integer:
    case OptionKind::duration: {
      const std::int64_t number = std::get<std::int64_t>(value);
      if (number >= description.min && number <= description.max) return {};
      return expected(description, option_text(description, value));
    }
    case OptionKind::text:
    case OptionKind::path:
    case OptionKind::secret_path: {
      const auto& text = std::get<std::string>(value);
      if (text.empty()) return description.required ? Status(expected(description, "nothing")) : Status();
      // No file's name has one, and whoever takes the text as a C string would see another value than we checked.
      if (text.find('\0') != std::string::npos) return expected(description, "a text with a zero byte");
      return description.check ? description.check(text) : Status();
    }
    case OptionKind::list: {
      const auto& items = std::get<std::vector<std::string>>(value);
      if (items.empty() && description.required) return expected(description, "nothing");
      for (const std::string& item : items) {
        if (item.empty()) return expected(description, "an empty item");
        if (item.find('\0') != std::string::npos) return expected(description, "an item with a zero byte");
        if (description.check) TRY_STATUS(description.check(item));
      }
      return {};
    }
  }
  CHECK(false);
}

Result<OptionValue> parse_option(const OptionDescription& description, std::string_view text) {
  switch (description.kind) {
    case OptionKind::flag:
      if (text == "true" || text == "false") return OptionValue(text == "true");
      return expected(description, shown(text));
    case OptionKind::integer: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || end != text.data() + text.size()) return expected(description, shown(text));
      return checked(description, number);
    }
    case OptionKind::duration: return duration(description, text);
    case OptionKind::text:
    case OptionKind::path:
    case OptionKind::secret_path: return checked(description, std::string(text));
    case OptionKind::list: return checked(description, split(text));
    case OptionKind::choice: return choose(description, text);
  }
  CHECK(false);
}

Result<OptionValue> parse_option(const OptionDescription& description, const TomlValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  switch (description.kind) {
    case OptionKind::flag:
      if (const auto* flag = std::get_if<bool>(&value)) return OptionValue(*flag);
      break;
    case OptionKind::integer:
      if (const auto* number = std::get_if<std::int64_t>(&value)) return checked(description, *number);
      break;
    case OptionKind::duration:
      if (text != nullptr) return duration(description, *text);
      break;
    case OptionKind::text:
    case OptionKind::path:
    case OptionKind::secret_path:
      if (text != nullptr) return checked(description, *text);
      break;
    case OptionKind::list:
      if (const auto* items = std::get_if<std::vector<std::string>>(&value)) return checked(description, *items);
      break;
    case OptionKind::choice:
      if (text != nullptr) return choose(description, *text);
      break;
  }
  return expected(description, what_was_found(value));
}

std::string option_text(const OptionDescription& description, const OptionValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* items = std::get_if<std::vector<std::string>>(&value)) return join(*items, ',');
  const std::int64_t number = std::get<std::int64_t>(value);
  if (description.kind == OptionKind::choice) return description.choices.at(static_cast<std::size_t>(number));
  if (description.kind == OptionKind::duration) return to_duration_text(Seconds(number));
  return std::to_string(number);
}

std::string option_toml(const OptionDescription& description, const OptionValue& value) {
  if (const auto* items = std::get_if<std::vector<std::string>>(&value)) {
    std::string text = "[";
    for (const std::string& item : *items) text += (&item == &items->front() ? "" : ", ") + quote_toml(item);
    return text + "]";
  }
  const bool bare = description.kind == OptionKind::flag || description.kind == OptionKind::integer;
  const std::string text = option_text(description, value);
  return bare ? text : quote_toml(text);
}

}  // namespace chancery::config
