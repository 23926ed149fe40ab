#pragma once

// What `config check` finds beyond what reading the files does: what is well written, and cannot work on this machine
// or with any authority.

#include <string>
#include <vector>

#include "programs/chancery-agent/agent_options.h"

namespace chancery::agent_program {

// One problem each, with the slot's name and what to do.
[[nodiscard]] std::vector<std::string> problems_of(const AgentConfiguration& configuration);

}  // namespace chancery::agent_program
