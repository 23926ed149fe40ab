#include "base/time.h"

#include <gtest/gtest.h>

namespace chancery {
namespace {

using namespace std::chrono_literals;

TEST(DurationTest, HasANumberAndOneUnit) {
  const struct {
    std::string_view text;
    Seconds expect;
    std::string_view shortest;  // as it is written again
  } rows[] = {
      {"0", 0s, "0"},
      {"0s", 0s, "0"},
      {"90s", 90s, "90s"},
      {"60s", 60s, "1m"},
      {"5400s", 90min, "90m"},
      {"24h", 24h, "1d"},
      {"30d", 24h * 30, "30d"},
      {"14d", 24h * 14, "2w"},
      {"365d", 24h * 365, "1y"},
      {"52w", 24h * 364, "52w"},
      {"1000y", 24h * 365000, "1000y"},
      {"007m", 7min, "7m"},
  };
  for (const auto& row : rows) {
    const auto read = parse_duration(row.text);
    ASSERT_TRUE(read) << row.text << ": " << read.error().text();
    EXPECT_EQ(*read, row.expect) << row.text;
    EXPECT_EQ(to_duration_text(*read), row.shortest);
    EXPECT_EQ(*parse_duration(to_duration_text(*read)), row.expect);
  }
}

TEST(DurationTest, OtherTextsAreRefused) {
  const std::string_view form = "not a duration: write a number and one of s, m, h, d, w, y, for example 90d";
  const std::string_view length = "a duration of more than 1000 years";
  const struct {
    std::string_view text, expect;
  } rows[] = {
      {"", form},
      {"5", form},
      {"s", form},
      {"-5s", form},
      {"+5s", form},
      {" 5s", form},
      {"5 s", form},
      {"5s ", form},
      {"5M", form},
      {"5x", form},
      {"5ms", form},
      {"1h30m", form},
      {"1.5h", form},
      {"0x5s", form},
      {"1001y", length},
      {"31536000001s", length},
      {"9223372036854775807y", length},
      {"9223372036854775807s", length},
      {"9223372036854775808s", form},  // more than the number has room for
  };
  for (const auto& row : rows) {
    const auto read = parse_duration(row.text);
    ASSERT_FALSE(read) << row.text;
    EXPECT_EQ(read.error().text(), row.expect) << row.text;
    EXPECT_EQ(read.error().code(), ErrorCode::invalid);
  }
}

TEST(Rfc3339Test, ComesBackAsItWas) {
  const struct {
    std::string_view text;
    Seconds::rep expect;
  } rows[] = {
      {"1970-01-01T00:00:00Z", 0},          {"1969-12-31T23:59:59Z", -1},        {"2026-01-01T00:00:00Z", 1767225600},
      {"2024-02-29T23:59:59Z", 1709251199}, {"2000-02-29T12:00:00Z", 951825600}, {"9999-12-31T23:59:59Z", 253402300799},
  };
  for (const auto& row : rows) {
    const auto read = from_rfc3339(row.text);
    ASSERT_TRUE(read) << row.text << ": " << read.error().text();
    EXPECT_EQ(read->time_since_epoch().count(), row.expect) << row.text;
    EXPECT_EQ(to_rfc3339(*read), row.text);
  }
}

TEST(Rfc3339Test, OtherFormsAndDatesThatAreNoneAreRefused) {
  const std::string_view form = "not a time in the form 2026-11-21T17:20:02Z";
  const std::string_view date = "no such date or time of day";
  const struct {
    std::string_view text, expect;
  } rows[] = {
      {"", form},
      {"2026-11-21", form},
      {"2026-11-21T17:20:02", form},
      {"2026-11-21T17:20:02z", form},
      {"2026-11-21 17:20:02Z", form},
      {"2026-11-21T17:20:02.5Z", form},
      {"2026-11-21T17:20:02+01", form},
      {"2026-11-21T17:20:-2Z", form},
      {"-026-11-21T17:20:02Z", form},
      {"2026-1 -21T17:20:02Z", form},
      {"2026-11-21T17:20:02ZZ", form},
      {"2026-02-29T00:00:00Z", date},
      {"1900-02-29T00:00:00Z", date},
      {"2026-13-01T00:00:00Z", date},
      {"2026-00-01T00:00:00Z", date},
      {"2026-04-31T00:00:00Z", date},
      {"2026-04-00T00:00:00Z", date},
      {"2026-04-01T24:00:00Z", date},
      {"2026-04-01T23:60:00Z", date},
      {"2026-04-01T23:59:60Z", date},
  };
  for (const auto& row : rows) {
    const auto read = from_rfc3339(row.text);
    ASSERT_FALSE(read) << row.text;
    EXPECT_EQ(read.error().text(), row.expect) << row.text;
  }
}

}  // namespace
}  // namespace chancery
