#include "api/csv.h"

#include <fmt/format.h>

#include "api/admin_routes.h"
#include "api/json_views.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

constexpr int table_page_rows = 1000;

// Lists with blanks, objects as "name=value".
std::string text_of(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_int64()) return std::to_string(value.as_int64());
  std::string text;
  if (const json::array* array = value.if_array())
    for (const json::value& item : *array) text += (text.empty() ? "" : " ") + text_of(item);
  if (const json::object* object = value.if_object()) {
    // {"name": …, "value": …} is a pair.
    if (object->size() == 2 && object->contains("name") && object->contains("value"))
      return text_of(object->at("name")) + "=" + text_of(object->at("value"));
    for (const auto& member : *object)
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", std::string_view(member.key()), text_of(member.value()));
  }
  return text;
}

void append_rows(std::string& out, const Shape& shape, const json::array& rows) {
  for (const json::value& row : rows) {
    std::string_view separator;
    for (const Field& field : shape.fields) {
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
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) cell += '\'';
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
  for (const Field& field : row.fields) text.append(text.empty() ? "" : ",").append(field.name);
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
