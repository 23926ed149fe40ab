#include "programs/chancery/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "files/file.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

std::string value_text(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return value.as_bool() ? "yes" : "no";
  if (value.is_null()) return {};
  if (!value.is_array()) return json::serialize(value);
  std::string text;
  for (const json::value& item : value.as_array()) text += (text.empty() ? "" : ", ") + value_text(item);
  return text;
}

// What a peer sent must not move the cursor or fake a line.
std::string printable(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return text;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// REQUIRES: most > 1. Cuts between characters, not inside one.
std::string cut(std::string text, std::size_t most) {
  if (width_of(text) <= most) return text;
  std::size_t end = 0;
  for (std::size_t shown = 0; shown + 1 < most; ++shown) {
    ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  }
  return text.substr(0, end) + "…";
}

void print_json(cli::Terminal& terminal, const json::value& answer) {
  terminal.out << json::serialize(answer.is_null() ? json::value(json::object()) : answer) << "\n";
}

}  // namespace

std::string field_text(const json::value& row, std::string_view field) {
  const json::value* value = &row;
  while (value != nullptr && !field.empty()) {
    const std::size_t dot = std::min(field.find('.'), field.size());
    const json::object* fields = value->if_object();
    value = fields == nullptr ? nullptr : fields->if_contains(field.substr(0, dot));
    field = field.substr(std::min(dot + 1, field.size()));
  }
  return value == nullptr ? std::string() : printable(value_text(*value));
}

void print_list(const cli::Arguments& arguments, cli::Terminal& terminal, const json::value& answer,
                std::string_view list, const std::vector<Column>& columns, std::string_view empty) {
  if (arguments.flag("json")) return print_json(terminal, answer);
  const json::object* fields = answer.if_object();
  const json::value* rows = fields == nullptr ? nullptr : fields->if_contains(list);
  if (rows == nullptr || !rows->is_array() || rows->as_array().empty()) {
    terminal.err << empty << "\n";
    return;
  }
  std::vector<std::vector<std::string>> lines(1);
  for (const Column& column : columns) lines[0].emplace_back(column.title);
  for (const json::value& row : rows->as_array()) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const Column& column : columns) {
      std::string text = field_text(row, column.field);
      line.push_back(terminal.out_is_terminal ? cut(std::move(text), column.most) : std::move(text));
    }
  }
  for (const std::vector<std::string>& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      std::size_t width = 0;
      for (const std::vector<std::string>& other : lines) width = std::max(width, width_of(other[i]));
      text += line[i];
      if (i + 1 < line.size()) text.append(width - width_of(line[i]) + 2, ' ');
    }
    terminal.out << text << "\n";
  }
  if (const json::value* next = fields->if_contains("next"))
    terminal.err << fmt::format("There are more: continue with --after {}.\n", value_text(*next));
}

void print_fields(const cli::Arguments& arguments, cli::Terminal& terminal, const json::value& answer,
                  const std::vector<Column>& columns) {
  if (arguments.flag("json")) return print_json(terminal, answer);
  std::size_t width = 0;
  for (const Column& column : columns) width = std::max(width, column.title.size());
  for (const Column& column : columns)
    if (const std::string text = field_text(answer, column.field); !text.empty())
      terminal.out << fmt::format("{:<{}}  {}\n", column.title, width, text);
}

void print_done(const cli::Arguments& arguments, cli::Terminal& terminal, const json::value& answer,
                std::string_view sentence) {
  if (arguments.flag("json"))
    print_json(terminal, answer);
  else
    terminal.out << sentence << "\n";
}

Status print_file(const cli::Arguments& arguments, cli::Terminal& terminal, const Bytes& content, Form form) {
  if (arguments.has("out")) {
    TRY_STATUS(files::write_file_atomically(arguments.text("out"), content, 0644));
    if (arguments.flag("json")) print_json(terminal, json::object{{"file", arguments.text("out")}});
  } else if (!arguments.flag("json")) {
    terminal.out << as_text(content);
  } else if (form == Form::pem) {
    print_json(terminal, json::object{{"pem", as_text(content)}});
  } else {
    print_json(terminal, json::object{{"der", to_base64(content)}});
  }
  return {};
}

}  // namespace chancery::program
