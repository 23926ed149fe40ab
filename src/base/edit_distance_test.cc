#include "base/edit_distance.h"

#include <gtest/gtest.h>

namespace chancery {
namespace {

TEST(EditDistanceTest, CountsChangesInsertionsOmissionsAndSwaps) {
  const struct {
    std::string_view a, b;
    std::size_t expect;
  } rows[] = {
      {"", "", 0},
      {"", "abc", 3},
      {"renew", "renew", 0},
      {"renew", "renow", 1},
      {"renew", "rennew", 1},
      {"renew", "enew", 1},
      {"renew", "rene", 1},
      {"renew", "rneew", 1},
      {"renew", "renwe", 1},
      {"renew", "RENEW", 5},
      {"kitten", "sitting", 3},
      {"ca", "abc", 3},  // a swapped pair is not changed again: optimal string alignment, not Damerau-Levenshtein
      {"ab", "ba", 1},
      {"abab", "baba", 2},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(edit_distance(row.a, row.b), row.expect) << row.a << ", " << row.b;
    EXPECT_EQ(edit_distance(row.b, row.a), row.expect) << row.b << ", " << row.a;
  }
}

}  // namespace
}  // namespace chancery
