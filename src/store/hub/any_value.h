#pragma once

// Conditions for statements that are put together: what stands in place of a filter that is not set takes its
// parameter, so that each statement has as many of them whatever is asked for.

#include <string_view>

namespace chancery::store {

// True for no value, and of a type that PostgreSQL can tell.
inline constexpr std::string_view any_text = "CAST(? AS TEXT) IS NULL";
inline constexpr std::string_view any_number = "CAST(? AS INTEGER) IS NULL";

}  // namespace chancery::store
