#pragma once

// How far a mistyped word is from one that exists.

#include <cstddef>
#include <string_view>

namespace chancery {

// How many letters must be changed, put in, left out, or swapped with the next one (optimal string alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace chancery
