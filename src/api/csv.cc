#include "api/csv.h"

#include <fmt/format.h>

#include "api/admin_routes.h"
#include "api/json_views.h"
#include "api/sentence.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

constexpr int table_page_rows = 1000;

// Lists with blanks, objects as "name=value".
std::string text_of(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_int64()) return std::to_string(value.as_int64());
  if (value.is_uint64()) return std::to_string(value.as_uint64());
  std::string text;
  if (const json::array* array = value.if_array())
    for (const json::value& item : *array) text += (text.empty() ? "" : " ") + text_of(item);
  if (const json::object* object = value.if_object()) {
    // {"name": …, "value": …} is a pair.
    if (object->contains("name") && object->contains("value"))
      return text_of(object->at("name")) + "=" + text_of(object->at("value"));
    for (const auto& member : *object)
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", std::string_view(member.key()), text_of(member.value()));
  }
  return text;
}

// Not "-1+cmd()": a sign, digits, and a point between digits at the most.
bool is_negative_number(std::string_view text) {
  if (!text.starts_with('-')) return false;
  text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const auto is_digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return is_digits(text.substr(0, point)) && (point == std::string_view::npos || is_digits(text.substr(point + 1)));
}

// What a sentence says stands in another column as text.
bool is_column(const Field& field) { return field.shape != &sentence_shape(); }

void append_rows(std::string& out, const Shape& shape, const json::array& rows) {
  for (const json::value& row : rows) {
    std::string_view separator;
    for (const Field& field : shape.fields) {
      if (!is_column(field)) continue;
      const json::value* value = row.as_object().if_contains(field.name);
      out.append(separator).append(value == nullptr ? std::string() : csv_cell(text_of(*value)));
      separator = ",";
    }
    out += "\r\n";
  }
}

}  // namespace

Field format_field() {
  return {.name = "format", .help = "csv: all rows as a table; json if not given", .choices = {"json", "csv"}};
}

bool wants_csv(const Call& call) {
  const std::string format = call.input.text("format");
  return format.empty() ? call.request.header("Accept").starts_with("text/csv") : format == "csv";
}

std::string csv_cell(std::string_view text) {
  std::string cell;
  const bool may_be_formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  if (may_be_formula && !is_negative_number(text)) cell += '\'';
  cell += text;
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char character : cell) quoted.append(character == '"' ? 2 : 1, character);
  return quoted + "\"";
}

Result<http::Response> list_or_table(const Call& call, std::string_view name, const Shape& row,
                                     const std::function<Result<ListPage>(std::int64_t after, int limit)>& page) {
  std::int64_t after = call.input.integer("after").value_or(0);
  if (!wants_csv(call)) {
    TRY(ListPage only, page(after, limit_of(call.input)));
    return list_response(name, std::move(only.rows), only.next);
  }
  std::string text;
  for (const Field& field : row.fields)
    if (is_column(field)) text.append(text.empty() ? "" : ",").append(field.name);
  text += "\r\n";
  int rows = 0;
  do {
    TRY(const ListPage next, page(after, table_page_rows));
    append_rows(text, row, next.rows);
    rows += static_cast<int>(next.rows.size());
    after = next.next;
  } while (after != 0 && rows < most_table_rows);
  http::Response response{.content_type = "text/csv; charset=utf-8; header=present",
                          .body = to_bytes(as_bytes(text)),
                          .headers = {{"Cache-Control", "no-store"},
                                      {"Content-Disposition", fmt::format("attachment; filename=\"{}.csv\"", name)}}};
  if (after != 0) response.headers.push_back({"X-Truncated", "true"});
  return response;
}

}  // namespace chancery::api
