#pragma once

// The commands of `chancery-agent`, by subject.

#include <vector>

#include "cli/command_table.h"

namespace chancery::agent_program {

// Exit codes beside those of cli::run(): the command did its work, and the CA has not issued.
inline constexpr int exit_pending = 6;
inline constexpr int exit_rejected = 7;

// A command that ends as one of these sets `outcome`, which must live as long as the program.
[[nodiscard]] cli::Program agent_program(int& outcome);

std::vector<cli::Command> authority_commands();              // get-ca, get-crl
std::vector<cli::Command> enrolment_commands(int& outcome);  // enroll, poll
std::vector<cli::Command> renewal_commands(int& outcome);    // renew
std::vector<cli::Command> document_commands();               // docs
std::vector<cli::Command> daemon_commands();  // run, config, status, certs, slots, activate, history, trust

// Has the running agent do it for the slot of the arguments: "enroll" or "renew".
Status ask_daemon(const cli::Arguments& arguments, std::string_view verb, cli::Terminal& terminal);
// The slot that a command of the stand-alone form may name instead, and how the running agent is reached.
[[nodiscard]] cli::Positional slot_of_daemon();
[[nodiscard]] std::vector<cli::Option> with_daemon_options(std::vector<cli::Option> options);

}  // namespace chancery::agent_program
