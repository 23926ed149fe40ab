#pragma once

// What several commands read from their arguments.

#include <string>
#include <vector>

#include "cli/command_table.h"
#include "config/option_table.h"
#include "programs/chancery/server_options.h"

namespace chancery::program {

// The file of --config, or the one in /etc when it exists, with --data on top.
Result<ServerOptions> options_from(const cli::Arguments& arguments);

// "key=value", split; the text before the first '=' is the key.
Result<std::vector<config::Setting>> settings_from(const std::vector<std::string>& assignments);

}  // namespace chancery::program
