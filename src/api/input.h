#pragma once

// What a caller of the API sent, checked against the fields that its route describes.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/shape.h"
#include "base/time.h"
#include "config/option_table.h"
#include "http/message.h"

namespace chancery::api {

inline constexpr std::size_t most_input_bytes = 64 * 1024;
inline constexpr std::size_t most_long_input_bytes = 1024 * 1024;  // where a field takes long texts (Field::most_bytes)
inline constexpr std::size_t most_text_bytes = 4096;
inline constexpr std::size_t most_list_items = 256;

using PathParameters = std::vector<std::pair<std::string_view, std::string_view>>;

class Input {
 public:
  // Each field is taken from the path if `path` has its name; else from the JSON body of POST and PATCH, or from the
  // query of other methods. Everything that is wrong is told, a problem a line: unknown and missing fields, other
  // types, values out of range. `invalid`.
  static Result<Input> read(const std::vector<Field>& fields, const PathParameters& path, const http::Request& request);

  // The value of a field of that type; an empty one, or nothing, when it was not sent. REQUIRES: the route describes
  // the field with that type.
  [[nodiscard]] std::string text(std::string_view name) const { return get<std::string>(name).value_or(""); }
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view name) const { return get<std::string>(name); }
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const { return get<std::int64_t>(name); }
  [[nodiscard]] bool flag(std::string_view name) const { return get<bool>(name).value_or(false); }
  [[nodiscard]] std::optional<bool> optional_flag(std::string_view name) const { return get<bool>(name); }
  [[nodiscard]] std::optional<Timestamp> time(std::string_view name) const { return get<Timestamp>(name); }
  [[nodiscard]] std::optional<Seconds> duration(std::string_view name) const { return get<Seconds>(name); }
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const {
    return get<std::vector<std::string>>(name).value_or(std::vector<std::string>());
  }
  [[nodiscard]] std::vector<config::Setting> settings(std::string_view name) const {
    return get<std::vector<config::Setting>>(name).value_or(std::vector<config::Setting>());
  }

  using Value = std::variant<std::string, std::int64_t, bool, Timestamp, Seconds, std::vector<std::string>,
                             std::vector<config::Setting>>;

 private:
  template <class T>
  [[nodiscard]] std::optional<T> get(std::string_view name) const {
    const auto place = values_.find(name);
    if (place == values_.end()) return std::nullopt;
    return std::get<T>(place->second);
  }

  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace chancery::api
