#include <fmt/format.h>

#include <ostream>

#include "api/route_table.h"
#include "hub/endpoint_options.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/machine_check.h"
#include "programs/chancery/settings.h"

namespace chancery::program {
namespace {

Status run_config_check(const cli::Arguments& arguments, cli::Terminal& terminal) {
  std::string file = arguments.text("FILE");
  if (file.empty()) file = arguments.text("config", "/etc/chancery/chancery.toml");
  TRY(const ServerOptions options, load_server_options(file));
  std::vector<std::string> problems;
  for (const Finding& finding : check_files(options)) problems.push_back(finding.what);
  if (!problems.empty()) return invalid(config::join_problems(problems));
  terminal.out << (arguments.flag("json") ? "{\"ok\": true}\n" : fmt::format("{} is right.\n", file));
  return {};
}

Status run_config_default(const cli::Arguments&, cli::Terminal& terminal) {
  terminal.out << server_option_set().default_file();
  return {};
}

Status run_man(const cli::Arguments&, cli::Terminal& terminal) {
  terminal.out << cli::man_page(chancery_program(), 1);
  return {};
}

Status run_completion(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(const std::string script, cli::completion(chancery_program(), arguments.text("SHELL")));
  terminal.out << script;
  return {};
}

Status run_api(const cli::Arguments&, cli::Terminal& terminal) {
  terminal.out << api::open_api_document();
  return {};
}

Status run_endpoint_settings(const cli::Arguments&, cli::Terminal& terminal) {
  terminal.out << "| setting | value | default | what it does |\n|---|---|---|---|\n";
  for (const config::OptionHelp& row : hub::endpoint_option_set().help())
    terminal.out << fmt::format("| `{}` | {} | {} | {} |\n", row.key, row.type,
                                row.default_value.empty() ? "" : "`" + row.default_value + "`", row.help);
  return {};
}

}  // namespace

std::vector<cli::Command> document_commands() {
  return {
      {.path = "config check",
       .summary = "Check a configuration file and name all that is wrong in it",
       .description = "Also with the files that it names: they are looked at as the user who asks.",
       .positionals = {{.name = "FILE", .help = "The file; without it, the one of --config", .required = false}},
       .run = run_config_check},
      {.path = "config default",
       .summary = "Print a configuration file with every option, its help and its default",
       .run = run_config_default},
      {.path = "docs man", .summary = "Print this program's man page", .run = run_man},
      {.path = "docs completion",
       .summary = "Print a completion script",
       .positionals = {{.name = "SHELL", .help = "bash, zsh or fish", .choices = {"bash", "zsh", "fish"}}},
       .examples = {"chancery docs completion bash > /usr/share/bash-completion/completions/chancery"},
       .run = run_completion},
      {.path = "docs api", .summary = "Print the OpenAPI description of the administrators' API", .run = run_api},
      {.path = "docs endpoint-settings",
       .summary = "Print the settings of endpoints as a table in Markdown",
       .run = run_endpoint_settings},
  };
}

}  // namespace chancery::program
