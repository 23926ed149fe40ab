#pragma once

#include <string_view>

namespace chancery::agent_program {

inline constexpr std::string_view version = "0.1.0";

}  // namespace chancery::agent_program
