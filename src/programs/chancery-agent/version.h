#pragma once

#include <string_view>

#include "base/time.h"

namespace chancery::agent_program {

inline constexpr std::string_view version = "0.1.0";

// Not later than this version was made: a clock that says less is wrong. 2026-11-01.
inline constexpr Timestamp released{Seconds(1793491200)};

}  // namespace chancery::agent_program
