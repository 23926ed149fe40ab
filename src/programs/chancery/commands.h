#pragma once

// The commands of `chancery`, by subject. `local` ones work on files of this machine; the others talk to the running
// server over its Unix socket and never touch its database.

#include <vector>

#include "cli/command_table.h"

namespace chancery::program {

[[nodiscard]] cli::Program chancery_program();

std::vector<cli::Command> authority_setup_commands();  // init, serve
std::vector<cli::Command> document_commands();         // config, docs
std::vector<cli::Command> endpoint_commands();
std::vector<cli::Command> challenge_commands();
std::vector<cli::Command> request_commands();
std::vector<cli::Command> certificate_commands();
std::vector<cli::Command> authority_commands();  // ca, crl
std::vector<cli::Command> node_commands();
std::vector<cli::Command> cluster_commands();
std::vector<cli::Command> user_commands();
std::vector<cli::Command> audit_commands();  // audit, status
std::vector<cli::Command> doctor_commands();

}  // namespace chancery::program
