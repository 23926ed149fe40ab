#include "agent/renewal.h"

#include <gtest/gtest.h>

namespace chancery::agent {
namespace {

constexpr pki::Validity hundred_days{Timestamp(Seconds(0)), Timestamp(std::chrono::days(100))};

TEST(RenewalWindow, IsATimeOrAPartOfTheWholeLife) {
  const struct {
    const char* text;
    Timestamp due;
  } rows[] = {
      {"30d", Timestamp(std::chrono::days(70))},
      {"0", Timestamp(std::chrono::days(100))},
      {"33%", Timestamp(std::chrono::days(67))},
      {"100%", Timestamp(Seconds(0))},
  };
  for (const auto& row : rows) {
    const auto window = renewal_window_from_text(row.text);
    ASSERT_TRUE(window) << row.text;
    EXPECT_EQ(due_at(hundred_days, *window), row.due) << row.text;
  }
}

TEST(RenewalWindow, IsNothingElse) {
  for (const char* text : {"", "%", "0%", "101%", "-5%", "3.5%", "thirty", "30 d", "30%d"})
    EXPECT_FALSE(renewal_window_from_text(text)) << text;
}

}  // namespace
}  // namespace chancery::agent
