#pragma once

// Where the challenge comes from: a file, standard input, or a prompt. Never an argument, never the environment.

#include <string>

#include "base/bytes.h"
#include "cli/command_table.h"

namespace chancery::agent_program {

// `file` may be "-" for standard input. Without one, a prompt on a terminal, and elsewhere none: empty.
Result<SecretBytes> obtain_challenge(const std::string& file, cli::Terminal& terminal);

}  // namespace chancery::agent_program
