#pragma once

// Lists as tables (RFC 4180), for those who go on with them in a spreadsheet.

#include <boost/json/array.hpp>
#include <functional>
#include <string>

#include "api/route_table.h"

namespace chancery::api {

// What one answer holds at most; a list that is longer is cut, and says so in X-Truncated.
inline constexpr int most_table_rows = 100'000;

// The field `format` of a list that is also given as CSV.
[[nodiscard]] Field format_field();
// By `format`, or by "Accept: text/csv".
[[nodiscard]] bool wants_csv(const Call& call);

// A page of a list: its rows, and `after` of the next page; 0: no more.
struct ListPage {
  boost::json::array rows;
  std::int64_t next = 0;
};
// The list in the form that is asked for: one page in JSON, or all pages in CSV with the fields of `row` as columns.
// `page` gives the page after a row, of at most so many rows.
Result<http::Response> list_or_table(const Call& call, std::string_view name, const Shape& row,
                                     const std::function<Result<ListPage>(std::int64_t after, int limit)>& page);

// One value as a cell: quoted where needed, and never what a spreadsheet takes for a formula; -5 stays a number.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace chancery::api
