#include <ostream>

#include "programs/chancery-agent/commands.h"

namespace chancery::agent_program {
namespace {

// The table without a place for outcomes: it is printed, not run.
cli::Program table() {
  static int unused = 0;
  return agent_program(unused);
}

Status run_man(const cli::Arguments&, cli::Terminal& terminal) {
  terminal.out << cli::man_page(table(), 1);
  return {};
}

Status run_completion(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(const std::string script, cli::completion(table(), arguments.text("SHELL")));
  terminal.out << script;
  return {};
}

}  // namespace

std::vector<cli::Command> document_commands() {
  return {
      {.path = "docs man", .summary = "Print this program's man page", .run = run_man},
      {.path = "docs completion",
       .summary = "Print a completion script",
       .positionals = {{.name = "SHELL", .help = "bash, zsh or fish", .choices = {"bash", "zsh", "fish"}}},
       .examples = {"chancery-agent docs completion bash > /usr/share/bash-completion/completions/chancery-agent"},
       .run = run_completion},
  };
}

}  // namespace chancery::agent_program
