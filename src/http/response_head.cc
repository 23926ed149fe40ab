#include "http/response_head.h"

#include <fmt/core.h>

namespace chancery::http {
namespace {

void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  for (const char c : value) head.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  head.append("\r\n");
}

}  // namespace

std::string response_head(const Response& response, const ResponseHeadOptions& options) {
  std::string head;
  head.reserve(256);
  head.append(options.version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ").append(std::to_string(response.status));
  head.append(" ").append(reason_phrase(response.status)).append("\r\n");
  append_header(head, "Date", options.date);
  if (has_body(response.status)) {
    if (!response.content_type.empty()) append_header(head, "Content-Type", response.content_type);
    append_header(head, "Content-Length", std::to_string(response.body.size()));
  }
  // HTTP/1.1 stays open unless told otherwise, HTTP/1.0 the other way round.
  if (!options.keep_alive)
    append_header(head, "Connection", "close");
  else if (options.version == 10)
    append_header(head, "Connection", "keep-alive");
  for (const Header& header : response.headers) append_header(head, header.name, header.value);
  head.append("\r\n");
  return head;
}

std::string imf_fixdate(Timestamp time) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

}  // namespace chancery::http
