#pragma once

// Options described once. From the description come the parser of the TOML file and of `key=value`, the checks, the
// file with the defaults, the help and the man page:
//
//   struct HttpOptions { std::string listen = "127.0.0.1:8080"; Seconds timeout{30}; std::int64_t most = 1000; };
//
//   OptionSet<HttpOptions> http_options() {
//     OptionSet<HttpOptions> set;
//     set.add("listen", &HttpOptions::listen, {.help = "Address and port to listen on", .required = true});
//     set.add("timeout", &HttpOptions::timeout, {.help = "Time a request may take", .min = Seconds(1)});
//     set.add("most", &HttpOptions::most, {.help = "Connections open at once", .min = 1, .max = 65536});
//     return set;
//   }
//
// Defaults are the values of a T{}. Where a pointer to member does not reach, a function from T& to the member's
// reference does.

#include <algorithm>
#include <concepts>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "config/option_table.h"

namespace chancery::config {

struct FlagFacts {
  std::string_view help;
};
struct IntegerFacts {
  std::string_view help;
  std::string_view unit = {};
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int32_t>::max();
};
struct DurationFacts {
  std::string_view help;
  Seconds min{0};
  Seconds max{Seconds::rep{1000} * 365 * 86400};
};
enum class TextKind : std::uint8_t {
  plain,
  path,
  secret_path,  // the name of a file that holds a secret; the secret itself is never an option
};
struct TextFacts {
  std::string_view help;
  TextKind kind = TextKind::plain;
  bool required = false;
  Check check = {};
};
struct ListFacts {
  std::string_view help;
  bool required = false;
  Check check = {};  // of each item
};
template <class E>
struct ChoiceFacts {
  std::string_view help;
  // Every enumerator with the name that stands in files.
  std::vector<std::pair<std::string_view, E>> names;
};

// A row of a help table or man page.
struct OptionHelp {
  std::string key;
  std::string type;           // what may stand there: "an integer from 1 to 65535", "one of 'rsa', 'ec'"
  std::string default_value;  // as text; empty if there is none
  std::string help;
};

// Select an overload of add() by what the accessor gives.
template <class Access, class T, class Member>
concept AccessTo = requires(Access access, T& options) {
  { std::invoke(access, options) } -> std::same_as<Member&>;
};
template <class Access, class T>
concept AccessToEnum = requires(Access access, T& options) {
  requires std::is_enum_v<std::remove_reference_t<decltype(std::invoke(access, options))>>;
};
template <class Access, class T>
using Accessed = std::remove_reference_t<std::invoke_result_t<Access, T&>>;

template <class T>
class OptionSet {
 public:
  // The key is lower-case words with dots between tables: "http.listen".
  template <class Access>
    requires AccessTo<Access, T, bool>
  OptionSet& add(std::string_view key, Access access, FlagFacts facts) {
    return bind(describe(key, OptionKind::flag, facts.help), access, [](bool value) { return value; });
  }

  template <class Access>
    requires(AccessTo<Access, T, std::int64_t> || AccessTo<Access, T, int> || AccessTo<Access, T, std::uint16_t> ||
             AccessTo<Access, T, std::uint32_t> || AccessTo<Access, T, std::uint64_t>)
  OptionSet& add(std::string_view key, Access access, IntegerFacts facts) {
    using Integer = Accessed<Access, T>;
    OptionDescription description = describe(key, OptionKind::integer, facts.help);
    description.unit = facts.unit;
    description.min = facts.min;
    description.max = std::in_range<Integer>(facts.max) ? facts.max : std::int64_t{std::numeric_limits<Integer>::max()};
    CHECK(std::in_range<Integer>(facts.min));
    return bind(std::move(description), access, [](Integer value) { return static_cast<std::int64_t>(value); });
  }

  template <class Access>
    requires AccessTo<Access, T, Seconds>
  OptionSet& add(std::string_view key, Access access, DurationFacts facts) {
    OptionDescription description = describe(key, OptionKind::duration, facts.help);
    description.min = facts.min.count();
    description.max = facts.max.count();
    return bind(std::move(description), access, [](Seconds value) { return std::int64_t{value.count()}; });
  }

  template <class Access>
    requires AccessTo<Access, T, std::string>
  OptionSet& add(std::string_view key, Access access, TextFacts facts) {
    static constexpr OptionKind kinds[] = {OptionKind::text, OptionKind::path, OptionKind::secret_path};
    OptionDescription description = describe(key, kinds[static_cast<int>(facts.kind)], facts.help);
    description.required = facts.required;
    description.check = std::move(facts.check);
    return bind(std::move(description), access, [](const std::string& value) { return value; });
  }

  template <class Access>
    requires AccessTo<Access, T, std::vector<std::string>>
  OptionSet& add(std::string_view key, Access access, ListFacts facts) {
    OptionDescription description = describe(key, OptionKind::list, facts.help);
    description.required = facts.required;
    description.check = std::move(facts.check);
    return bind(std::move(description), access, [](const std::vector<std::string>& value) { return value; });
  }

  template <class Access>
    requires AccessToEnum<Access, T>
  OptionSet& add(std::string_view key, Access access, ChoiceFacts<Accessed<Access, T>> facts) {
    using Enum = Accessed<Access, T>;
    OptionDescription description = describe(key, OptionKind::choice, facts.help);
    std::vector<Enum> values;
    for (const auto& [name, value] : facts.names) {
      description.choices.emplace_back(name);
      values.push_back(value);
    }
    OptionTable::Option option;
    option.description = std::move(description);
    option.get = [access, values](const void* options) -> OptionValue {
      const Enum now = std::invoke(access, *const_cast<T*>(static_cast<const T*>(options)));
      const auto place = std::find(values.begin(), values.end(), now);
      CHECK(place != values.end());
      return std::int64_t{place - values.begin()};
    };
    option.set = [access, values](void* options, OptionValue value) {
      std::invoke(access, *static_cast<T*>(options)) =
          values.at(static_cast<std::size_t>(std::get<std::int64_t>(value)));
    };
    table_.add(std::move(option));
    return *this;
  }

  // Reads a TOML file's text into `options`. Gives all problems, not only the first; each names file, line and key.
  [[nodiscard]] std::vector<std::string> read_toml(T& options, std::string_view toml, std::string_view file) const {
    return table_.read_toml(&options, toml, file);
  }
  // The same from the defaults; the error has one problem a line. `invalid`.
  [[nodiscard]] Result<T> from_toml(std::string_view toml, std::string_view file) const;

  // One option from text. Error: "http.port: expected an integer from 1 to 65535, found 'x'". `invalid`.
  Status set(T& options, std::string_view key, std::string_view value) const {
    return table_.set_text(&options, key, value);
  }
  // "key=value", as on a command line.
  Status assign(T& options, std::string_view assignment) const;

  // What `options` breaks after all was read, such as a required option without a value.
  [[nodiscard]] std::vector<std::string> check(const T& options) const { return table_.check(&options); }

  // Every option as text, in the order of add(); from_settings() gives the same T back.
  [[nodiscard]] std::vector<Setting> to_settings(const T& options) const;
  // From the defaults; the error has one problem a line. `invalid`.
  [[nodiscard]] Result<T> from_settings(std::span<const Setting> settings) const;

  // A TOML file that sets nothing, with each option's help and default in comments.
  [[nodiscard]] std::string default_file() const { return table_.toml_file(&defaults_, &defaults_); }
  // The same, with what differs from the defaults set.
  [[nodiscard]] std::string file(const T& options) const { return table_.toml_file(&options, &defaults_); }

  [[nodiscard]] std::vector<OptionHelp> help() const;
  [[nodiscard]] const OptionTable& table() const { return table_; }

 private:
  static OptionDescription describe(std::string_view key, OptionKind kind, std::string_view help) {
    OptionDescription description;
    description.key = key;
    description.kind = kind;
    description.help = help;
    return description;
  }

  // `plain` turns the member's value into what an OptionValue holds.
  template <class Access, class Plain>
  OptionSet& bind(OptionDescription description, Access access, Plain plain) {
    using Member = Accessed<Access, T>;
    OptionTable::Option option;
    option.description = std::move(description);
    option.get = [access, plain](const void* options) -> OptionValue {
      return plain(std::invoke(access, *const_cast<T*>(static_cast<const T*>(options))));
    };
    option.set = [access](void* options, OptionValue value) {
      using Held = std::conditional_t<std::same_as<Member, bool> || std::same_as<Member, std::string> ||
                                          std::same_as<Member, std::vector<std::string>>,
                                      Member, std::int64_t>;
      std::invoke(access, *static_cast<T*>(options)) = static_cast<Member>(std::get<Held>(std::move(value)));
    };
    table_.add(std::move(option));
    return *this;
  }

  OptionTable table_;
  T defaults_{};
};

template <class T>
Result<T> OptionSet<T>::from_toml(std::string_view toml, std::string_view file) const {
  T options{};
  std::vector<std::string> problems = table_.read_toml(&options, toml, file);
  if (problems.empty()) problems = table_.check(&options);
  if (!problems.empty()) return invalid(join_problems(problems));
  return options;
}

template <class T>
Status OptionSet<T>::assign(T& options, std::string_view assignment) const {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) return invalid("expected key=value, found '" + std::string(assignment) + "'");
  return set(options, assignment.substr(0, equals), assignment.substr(equals + 1));
}

template <class T>
std::vector<Setting> OptionSet<T>::to_settings(const T& options) const {
  std::vector<Setting> settings;
  for (const OptionTable::Option& option : table_.options())
    settings.push_back({option.description.key, option_text(option.description, option.get(&options))});
  return settings;
}

template <class T>
Result<T> OptionSet<T>::from_settings(std::span<const Setting> settings) const {
  T options{};
  std::vector<std::string> problems;
  for (const Setting& setting : settings)
    if (Status done = set(options, setting.key, setting.value); !done) problems.push_back(done.error().text());
  if (problems.empty()) problems = table_.check(&options);
  if (!problems.empty()) return invalid(join_problems(problems));
  return options;
}

template <class T>
std::vector<OptionHelp> OptionSet<T>::help() const {
  std::vector<OptionHelp> rows;
  for (const OptionTable::Option& option : table_.options())
    rows.push_back({option.description.key, expected_text(option.description),
                    option_text(option.description, option.get(&defaults_)), option.description.help});
  return rows;
}

}  // namespace chancery::config
