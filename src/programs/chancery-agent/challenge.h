#pragma once

// Where the challenge comes from: a file, standard input, or a prompt. Never an argument, never the environment.

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "cli/command_table.h"

namespace chancery::agent_program {

// `file` may be "-" for standard input.
Result<SecretBytes> read_challenge(const std::string& file);
// A prompt on a terminal that says what an empty answer means, and elsewhere none: empty.
Result<SecretBytes> prompt_for_challenge(cli::Terminal& terminal, std::string_view if_empty);

}  // namespace chancery::agent_program
