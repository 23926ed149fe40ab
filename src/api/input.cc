#include "api/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>

#include "base/ascii.h"
#include "base/utf8.h"
#include "http/url_query.h"
#include "pki/string_types.h"

namespace chancery::api {
namespace {

namespace json = boost::json;
using Value = Input::Value;

constexpr std::size_t most_json_depth = 8;

std::string_view expected(FieldType type) {
  switch (type) {
    case FieldType::text: return "a text";
    case FieldType::integer: return "an integer";
    case FieldType::flag: return "true or false";
    case FieldType::time: return "a time such as 2026-11-21T17:20:02Z";
    case FieldType::duration: return "a length of time such as 90s, 12h or 30d";
    case FieldType::text_list: return "an array of texts";
    case FieldType::text_map: return "an object whose values are texts";
    case FieldType::object: return "an object";
    case FieldType::object_list: return "an array of objects";
  }
  return {};
}

std::unexpected<Error> wrong_type(const Field& field) {
  return invalid(fmt::format("expected {}", expected(field.type)));
}

Status check_text(std::string_view text, std::size_t most = most_text_bytes) {
  if (text.size() > most) return invalid(fmt::format("longer than {} bytes", most));
  if (!pki::is_utf8(text)) return invalid("not UTF-8");
  if (pki::has_control_characters(text)) return invalid("holds a control character");
  return {};
}

Result<Value> checked_integer(const Field& field, std::int64_t value) {
  if (value >= field.least && value <= field.most) return value;
  if (field.most == std::numeric_limits<std::int64_t>::max())
    return invalid(fmt::format("expected an integer of at least {}, found {}", field.least, value));
  return invalid(fmt::format("expected an integer from {} to {}, found {}", field.least, field.most, value));
}

// A value of a type that a text can stand for, also in a path or a query.
Result<Value> value_of_text(const Field& field, std::string_view text) {
  TRY_STATUS(check_text(text));
  switch (field.type) {
    case FieldType::text: {
      if (!field.choices.empty() && std::ranges::find(field.choices, text) == field.choices.end())
        return invalid(fmt::format("expected one of {}, found '{}'", fmt::join(field.choices, ", "), text));
      return std::string(text);
    }
    case FieldType::time: {
      const auto time = from_rfc3339(text);
      if (!time) return wrong_type(field);
      return *time;
    }
    case FieldType::duration: {
      const auto duration = parse_duration(text);
      if (!duration) return wrong_type(field);
      return *duration;
    }
    case FieldType::flag: {
      if (text != "true" && text != "false") return wrong_type(field);
      return text == "true";
    }
    case FieldType::integer: {
      std::int64_t value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc() || end != text.data() + text.size()) return wrong_type(field);
      return checked_integer(field, value);
    }
    default: return wrong_type(field);
  }
}

Result<std::string> text_in(const Field& field, const json::value& value) {
  const json::string* text = value.if_string();
  if (text == nullptr) return wrong_type(field);
  TRY_STATUS(check_text({text->data(), text->size()}, field.most_bytes != 0 ? field.most_bytes : most_text_bytes));
  return std::string(text->data(), text->size());
}

Result<Value> texts_in(const Field& field, const json::value& value) {
  const json::array* array = value.if_array();
  if (array == nullptr) return wrong_type(field);
  if (array->size() > most_list_items) return invalid(fmt::format("more than {} items", most_list_items));
  std::vector<std::string> texts;
  for (const json::value& item : *array) {
    TRY(texts.emplace_back(), text_in(field, item));
  }
  return texts;
}

Result<Value> settings_in(const Field& field, const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr) return wrong_type(field);
  if (object->size() > most_list_items) return invalid(fmt::format("more than {} entries", most_list_items));
  std::vector<config::Setting> settings;
  for (const auto& [key, item] : *object) {
    TRY_STATUS(check_text({key.data(), key.size()}));
    TRY_IN(std::string(key), std::string text, text_in(field, item));
    settings.push_back({.key = std::string(key), .value = std::move(text)});
  }
  return settings;
}

Result<Value> value_of_json(const Field& field, const json::value& value) {
  switch (field.type) {
    case FieldType::text_list: return texts_in(field, value);
    case FieldType::text_map: return settings_in(field, value);
    case FieldType::flag:
      if (!value.is_bool()) return wrong_type(field);
      return value.get_bool();
    case FieldType::integer:
      // The parser gives uint64 only for what int64 cannot hold.
      if (!value.is_int64()) return wrong_type(field);
      return checked_integer(field, value.get_int64());
    default: {
      TRY(const std::string text, text_in(field, value));
      return value_of_text(field, text);
    }
  }
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
  const auto place = std::ranges::find(fields, name, &Field::name);
  return place == fields.end() ? nullptr : &*place;
}

// What is sent outside the path.
std::string names_of(const std::vector<Field>& fields, const PathParameters& path) {
  std::string names;
  for (const Field& field : fields)
    if (std::ranges::find(path, field.name, &PathParameters::value_type::first) == path.end())
      names.append(names.empty() ? "" : ", ").append(field.name);
  return names.empty() ? "nothing" : names;
}

// Reads the parts of a request into values, and collects what is wrong.
struct Reading {
  const std::vector<Field>& fields;
  const PathParameters& path;
  std::map<std::string, Value, std::less<>> values = {};
  std::vector<std::string> problems = {};

  void take(std::string_view name, Result<Value> value) {
    if (!value)
      problems.push_back(fmt::format("{}: {}", name, value.error().text()));
    else if (!values.emplace(name, *std::move(value)).second)
      problems.push_back(fmt::format("{}: given twice", name));
  }

  [[nodiscard]] bool takes_secrets() const { return std::ranges::any_of(fields, &Field::only_in_body); }

  // The field of that name, if it may stand in the query or body.
  const Field* known(std::string_view name) {
    const Field* field = find_field(fields, name);
    const bool in_path = std::ranges::find(path, name, &PathParameters::value_type::first) != path.end();
    if (field != nullptr && !in_path) return field;
    // What came is quoted only as far as it is harmless.
    problems.push_back(check_text(name) ? fmt::format("unknown field '{}': this takes {}", utf8::cut(name, 100),
                                                      names_of(fields, path))
                                        : fmt::format("unknown field: this takes {}", names_of(fields, path)));
    return nullptr;
  }

  void read_path() {
    for (const auto& [name, raw] : path) {
      const Field* field = find_field(fields, name);
      const auto text = http::percent_decode(raw);
      take(name, text ? value_of_text(*field, *text) : Result<Value>(std::unexpected(text.error())));
    }
  }

  void read_query(std::string_view query) {
    while (!query.empty()) {
      const std::string_view parameter = query.substr(0, query.find('&'));
      query.remove_prefix(std::min(query.size(), parameter.size() + 1));
      if (parameter.empty()) continue;
      const std::size_t equals = std::min(parameter.find('='), parameter.size());
      const Field* field = known(parameter.substr(0, equals));
      if (field == nullptr) continue;
      if (field->only_in_body) {
        problems.push_back(fmt::format("{}: belongs into the JSON body, not behind '?'", field->name));
        continue;
      }
      const auto text = http::percent_decode(parameter.substr(std::min(equals + 1, parameter.size())));
      take(field->name, text ? value_of_text(*field, *text) : Result<Value>(std::unexpected(text.error())));
    }
  }

  Status read_body(const http::Request& request) {
    if (request.body.empty()) return {};
    const std::string_view type = request.header("Content-Type");
    if (!type.empty() && !ascii::equal_ignoring_case(type.substr(0, type.find(';')), "application/json"))
      return invalid("the body must be JSON: Content-Type: application/json");
    const bool takes_long_texts = std::ranges::any_of(fields, [](const Field& field) { return field.most_bytes != 0; });
    const std::size_t most = takes_long_texts ? most_long_input_bytes : most_input_bytes;
    if (request.body.size() > most) return invalid(fmt::format("the body is longer than {} bytes", most));
    json::error_code error;
    json::parse_options options;
    options.max_depth = most_json_depth;
    const std::string_view text = as_text(request.body);
    const json::value body = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error) return invalid(fmt::format("the body is not JSON: {}", error.message()));
    const json::object* object = body.if_object();
    if (object == nullptr) return invalid("the body must be a JSON object");
    for (const auto& [key, value] : *object) {
      const std::string_view name(key.data(), key.size());
      if (const Field* field = known(name)) take(field->name, value_of_json(*field, value));
    }
    return {};
  }
};

}  // namespace

Result<Input> Input::read(const std::vector<Field>& fields, const PathParameters& path, const http::Request& request) {
  Reading reading{.fields = fields, .path = path};
  reading.read_path();
  if (request.method == "POST" || request.method == "PATCH") {
    if (!request.query().empty()) return invalid("fields belong into the JSON body, not behind '?'");
    TRY_STATUS(reading.read_body(request));
  } else {
    if (reading.takes_secrets())
      TRY_STATUS(reading.read_body(request));
    else if (!request.body.empty())
      return invalid("this takes no body: fields belong behind '?'");
    reading.read_query(request.query());
  }
  for (const Field& field : fields)
    if (field.required && reading.problems.empty() && !reading.values.contains(field.name))
      reading.problems.push_back(fmt::format("{}: missing: {}", field.name, field.help));
  if (!reading.problems.empty()) return invalid(config::join_problems(reading.problems));
  Input input;
  input.values_ = std::move(reading.values);
  return input;
}

}  // namespace chancery::api
