#pragma once

// Printing JSON answers for people: tables, and one thing with its fields below each other.

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "cli/command_table.h"

namespace chancery::program {

// A field of an answer as text: strings as they are, lists with commas, flags as yes and no, missing as "".
[[nodiscard]] std::string field_text(const boost::json::value& row, std::string_view field);

struct Column {
  std::string_view title;
  std::string_view field;
  std::size_t most = 60;  // longer values are cut on a terminal, with an ellipsis
};

// With --json: the answer as it is. Else the rows of `answer[list]` in columns, or `empty` when there are none.
void print_list(const cli::Arguments& arguments, cli::Terminal& terminal, const boost::json::value& answer,
                std::string_view list, const std::vector<Column>& columns, std::string_view empty);

// With --json: the answer as it is. Else a line for each of `columns` that has a value.
void print_fields(const cli::Arguments& arguments, cli::Terminal& terminal, const boost::json::value& answer,
                  const std::vector<Column>& columns);

// With --json: the answer as it is (or {}), else `sentence`.
void print_done(const cli::Arguments& arguments, cli::Terminal& terminal, const boost::json::value& answer,
                std::string_view sentence);

// A file that was downloaded, into --out or as it is; with --json: {"pem": …}, or {"der": …} in base64, or {"file": …}
// where it went to.
enum class Form : std::uint8_t { pem, der };
Status print_file(const cli::Arguments& arguments, cli::Terminal& terminal, const Bytes& content, Form form);

}  // namespace chancery::program
