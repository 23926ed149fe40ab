#pragma once

// What OptionSet (option.h) does, without knowing the type of the options struct.

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "config/toml_text.h"

namespace chancery::config {

// An option and its value as text: for command lines ("key=value") and for settings stored in a database. A list has
// commas between its items; a comma or backslash inside an item has a backslash before it.
struct Setting {
  std::string key;
  std::string value;
  friend bool operator==(const Setting&, const Setting&) = default;
};

enum class OptionKind : std::uint8_t { flag, integer, duration, text, path, secret_path, list, choice };

// What is wrong with a value, to stand behind "key: ": "expected an integer from 1 to 65535, found 'x'".
using Check = std::function<Status(const std::string& text)>;

// One option, described once: the parser, its errors, the default file and the help all come from this.
struct OptionDescription {
  std::string key;
  OptionKind kind = OptionKind::flag;
  std::string help;
  std::string unit;
  // The range of an integer, or of a duration in seconds.
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  // A text that must not be empty, a list that must have an item.
  bool required = false;
  // The names of a choice.
  std::vector<std::string> choices;
  // Further rules for a text or for each item of a list.
  Check check;
};

// A checked value of any kind: a flag; an integer, seconds, or the number of a choice; a text or path; a list.
using OptionValue = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

class OptionTable {
 public:
  struct Option {
    OptionDescription description;
    std::function<OptionValue(const void* options)> get;
    std::function<void(void* options, OptionValue value)> set;
  };

  // REQUIRES: the key is new, lower-case and not the table of another key.
  void add(Option option);
  [[nodiscard]] const std::vector<Option>& options() const { return options_; }
  [[nodiscard]] const Option* find(std::string_view key) const;
  // `unknown key 'http.lisen': did you mean 'http.listen'?`
  [[nodiscard]] std::string unknown_key(std::string_view key) const;

  // What is wrong with the values that `options` has, a sentence each.
  [[nodiscard]] std::vector<std::string> check(const void* options) const;

  // Sets what `toml` names; each problem is one sentence that begins with "`file`:line: ".
  [[nodiscard]] std::vector<std::string> read_toml(void* options, std::string_view toml, std::string_view file) const;
  Status set_text(void* options, std::string_view key, std::string_view value) const;

  // A TOML file with every option: in a comment if it has its default, else set.
  [[nodiscard]] std::string toml_file(const void* options, const void* defaults) const;

 private:
  std::vector<Option> options_;
};

// The value of that option that a text or a TOML value stands for, or what was expected instead and what was found.
Result<OptionValue> parse_option(const OptionDescription& description, std::string_view text);
Result<OptionValue> parse_option(const OptionDescription& description, const TomlValue& value);

// Range, emptiness and the option's own check.
Status check_option(const OptionDescription& description, const OptionValue& value);

// What parse_option takes, in its two forms.
[[nodiscard]] std::string option_text(const OptionDescription& description, const OptionValue& value);
[[nodiscard]] std::string option_toml(const OptionDescription& description, const OptionValue& value);

// What may stand there: "an integer from 1 to 65535", "one of 'rsa', 'ec'".
[[nodiscard]] std::string expected_text(const OptionDescription& description);

// One problem a line.
[[nodiscard]] std::string join_problems(const std::vector<std::string>& problems);

}  // namespace chancery::config
