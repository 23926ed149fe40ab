#include "base/time.h"

#include <fmt/format.h>

#include <charconv>
#include <thread>

namespace chancery {
namespace {

// REQUIRES: pos + count <= text.size(). Fails on anything but digits.
bool read_number(std::string_view text, std::size_t pos, std::size_t count, int& value) {
  const char* first = text.data() + pos;
  const auto [end, error] = std::from_chars(first, first + count, value);
  return error == std::errc() && end == first + count && *first != '-';
}

constexpr struct Unit {
  char letter;
  Seconds::rep seconds;
} units[] = {{'y', 365 * 86400}, {'w', 7 * 86400}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};

constexpr Seconds::rep longest_duration = Seconds::rep{1000} * 365 * 86400;

}  // namespace

Timestamp SystemClock::now() const { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); }

std::chrono::nanoseconds SystemClock::monotonic() const { return std::chrono::steady_clock::now().time_since_epoch(); }

void SystemClock::sleep_for(std::chrono::milliseconds duration) { std::this_thread::sleep_for(duration); }

std::string to_rfc3339(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

Result<Timestamp> from_rfc3339(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool shape = text.size() == 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' &&
                     text[16] == ':' && text[19] == 'Z';
  if (!shape || !read_number(text, 0, 4, year) || !read_number(text, 5, 2, month) || !read_number(text, 8, 2, day) ||
      !read_number(text, 11, 2, hour) || !read_number(text, 14, 2, minute) || !read_number(text, 17, 2, second))
    return invalid("not a time in the form 2026-11-21T17:20:02Z");
  const auto date = std::chrono::year(year) / month / day;
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return invalid("no such date or time of day");
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + Seconds(second);
}

Result<Seconds> parse_duration(std::string_view text) {
  if (text == "0") return Seconds(0);
  Seconds::rep number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool one_letter_left = error == std::errc() && end + 1 == text.data() + text.size() && number >= 0;
  for (const Unit& unit : units)
    if (one_letter_left && *end == unit.letter) {
      if (number > longest_duration / unit.seconds) return invalid("a duration of more than 1000 years");
      return Seconds(number * unit.seconds);
    }
  return invalid("not a duration: write a number and one of s, m, h, d, w, y, for example 90d");
}

std::string to_duration_text(Seconds duration) {
  if (duration.count() == 0) return "0";
  for (const Unit& unit : units)
    if (duration.count() % unit.seconds == 0) return fmt::format("{}{}", duration.count() / unit.seconds, unit.letter);
  return fmt::format("{}s", duration.count());
}

}  // namespace chancery
