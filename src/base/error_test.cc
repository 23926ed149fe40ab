#include "base/error.h"

#include <gtest/gtest.h>

namespace chancery {
namespace {

Result<int> number(bool good) {
  if (!good) return unavailable("the disk is full");
  return 7;
}
Status outer(bool good, int& seen) {
  TRY(const int first, number(good));
  TRY_IN("counting", const int second, number(good));
  TRY_STATUS(Status());
  seen = first + second;
  return {};
}
Status named(bool good) {
  TRY_IN("counting", [[maybe_unused]] const int value, number(good));
  return {};
}
Status around(bool good) {
  TRY_STATUS_IN("renewing slot sip", named(good));
  return {};
}

TEST(ErrorTest, IsToldFromTheInsideOutAndKeepsItsCode) {
  const Status status = around(false);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().text(), "renewing slot sip: counting: the disk is full");
  EXPECT_EQ(status.error().code(), ErrorCode::unavailable);
  EXPECT_TRUE(around(true));
}

TEST(ErrorTest, EndsTheFunctionThatTries) {
  int seen = 0;
  EXPECT_FALSE(outer(false, seen));
  EXPECT_EQ(seen, 0);
  EXPECT_TRUE(outer(true, seen));
  EXPECT_EQ(seen, 14);
}

TEST(ErrorTest, EveryCodeHasItsName) {
  const struct {
    Error error;
    std::string_view name;
  } rows[] = {
      {invalid("a").error(), "invalid"}, {not_found("a").error(), "not_found"},     {conflict("a").error(), "conflict"},
      {refused("a").error(), "refused"}, {unavailable("a").error(), "unavailable"}, {internal("a").error(), "internal"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(to_string(row.error.code()), row.name);
    EXPECT_EQ(row.error.text(), "a");
  }
}

}  // namespace
}  // namespace chancery
