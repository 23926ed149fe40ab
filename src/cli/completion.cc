#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/command_table.h"

namespace chancery::cli {
namespace {

// For each prefix of words ("", "cert", "cert revoke"): what may follow. Words of commands first, then options.
std::map<std::string, std::vector<std::string>> continuations(const Program& program) {
  std::map<std::string, std::vector<std::string>> after;
  std::map<std::string, std::set<std::string>> seen;
  for (const Command& command : program.commands) {
    std::string walked;
    for (std::size_t start = 0; start <= command.path.size();) {
      const std::size_t end = std::min(command.path.find(' ', start), command.path.size());
      const std::string word = command.path.substr(start, end - start);
      if (seen[walked].insert(word).second) after[walked].push_back(word);
      walked += (walked.empty() ? "" : " ") + word;
      start = end + 1;
    }
    for (const Option& option : command.options) after[command.path].push_back("--" + option.name);
    for (const Option& option : program.common_options) after[command.path].push_back("--" + option.name);
    after[command.path].emplace_back("--help");
  }
  return after;
}

// Patterns for "the words so far, and the last one", where that is an option and its value comes next.
std::string options_with_value(const Program& program) {
  std::set<std::string> flags;
  std::set<std::string> patterns;
  for (const Command& command : program.commands)
    for (const Option& option : command.options)
      if (option.flag) flags.insert(option.name);
  for (const Command& command : program.commands)
    for (const Option& option : command.options)
      if (!option.flag)
        // What is a flag of another command is told by the command, which stands before it.
        patterns.insert(flags.contains(option.name) ? fmt::format("\"{} \"*\"--{}\"", command.path, option.name)
                                                    : fmt::format("*\" --{}\"", option.name));
  for (const Option& option : program.common_options)
    if (!option.flag) patterns.insert(fmt::format("*\" --{}\"", option.name));
  return patterns.empty() ? "\"\"" : fmt::format("{}", fmt::join(patterns, "|"));
}

// The arms of a case for the values of options, where they are a closed list.
std::string option_values(const Program& program) {
  std::string arms;
  const auto add = [&](const std::string& before, const Option& option) {
    if (!option.choices.empty())
      arms += fmt::format("      {}\"--{}\") next=\"{}\" ;;\n", before, option.name, fmt::join(option.choices, " "));
  };
  for (const Command& command : program.commands)
    for (const Option& option : command.options) add(fmt::format("\"{} \"*", command.path), option);
  for (const Option& option : program.common_options) add("*", option);
  return arms;
}

// The same for positionals: the count of words so far, and these words.
std::string positional_values(const Program& program) {
  std::string arms;
  for (const Command& command : program.commands) {
    const auto words = static_cast<std::size_t>(std::ranges::count(command.path, ' ')) + 1;
    for (std::size_t i = 0; i < command.positionals.size(); ++i)
      if (const Positional& positional = command.positionals[i]; !positional.choices.empty())
        arms += fmt::format("    \"{} {}{}) next=\"{}\" ;;\n", words + i, command.path, i == 0 ? "\"" : " \"*",
                            fmt::join(positional.choices, " "));
  }
  return arms;
}

std::string function_name(const Program& program) {
  std::string name = "_" + program.name;
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}

// Bash takes --reason=x for three words, zsh for one.
std::string bash(const Program& program) {
  std::string script = fmt::format(
      "# bash completion for {0}\n{1}() {{\n"
      "  local cur=\"${{COMP_WORDS[COMP_CWORD]}}\" said=\"\" count=0 before=\"\" word=\"\" next=\"\" i=0\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    word=\"${{COMP_WORDS[i]}}\"\n"
      "    [[ \"$word\" == \"=\" ]] && continue\n"
      "    if [[ -n \"$before\" ]]; then before=\"\"; continue; fi\n"
      "    case \"$said $word\" in\n"
      "      {2}) before=\"$word\" ;;\n"
      "      *\" -\"*) ;;\n"
      "      *) said+=\"${{said:+ }}$word\"; ((count += 1)) ;;\n"
      "    esac\n"
      "  done\n"
      "  [[ \"$cur\" == \"=\" ]] && cur=\"\"\n",
      program.name, function_name(program), options_with_value(program));
  script += fmt::format(
      "  if [[ -n \"$before\" ]]; then\n    case \"$said $before\" in\n{}      *) ;;\n    esac\n"
      "  else\n    case \"$count $said\" in\n{}    *) ;;\n    esac\n  fi\n",
      option_values(program), positional_values(program));
  script += "  [[ -n \"$before\" || ( -n \"$next\" && \"$cur\" != -* ) ]] || case \"$said\" in\n";
  for (const auto& [prefix, words] : continuations(program)) {
    const bool is_command = std::ranges::find(program.commands, prefix, &Command::path) != program.commands.end();
    script += fmt::format("    \"{0}\"{1}) next=\"{2}\" ;;\n", prefix,
                          is_command ? fmt::format("|\"{} \"*", prefix) : std::string(), fmt::join(words, " "));
  }
  std::string common;
  for (const Option& option : program.common_options) common += "--" + option.name + " ";
  common += "--help";
  script += fmt::format(
      "  esac\n  [[ -z \"$before\" && \"$cur\" == -* && \" $next \" != *\" --help \"* ]] && next+=\" {2}\"\n"
      "  COMPREPLY=($(compgen -W \"$next\" -- \"$cur\"))\n"
      "  if [[ ${{#COMPREPLY[@]}} -eq 0 && ( -z \"$before\" || -z \"$next\" ) ]]; then\n"
      "    compopt -o filenames 2> /dev/null\n    COMPREPLY=($(compgen -f -- \"$cur\"))\n  fi\n}}\n"
      "complete -F {0} {1}\n",
      function_name(program), program.name, common);
  return script;
}

std::string zsh(const Program& program) {
  return fmt::format("#compdef {0}\nautoload -U +X bashcompinit && bashcompinit\n{1}", program.name, bash(program));
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("\\'") : std::string(1, c);
  return out + "'";
}

// What follows an option in fish: -x, nothing but the choices; -r, a file; nothing for a flag.
std::string fish_value(const Option& option) {
  if (option.flag) return {};
  if (option.choices.empty()) return " -r";
  return fmt::format(" -x -a {}", quoted(fmt::format("{}", fmt::join(option.choices, " "))));
}

std::string fish(const Program& program) {
  const std::string complete = "complete -c " + program.name;
  std::string script = fmt::format("# fish completion for {}\n{} -f\n", program.name, complete);
  for (const Option& option : program.common_options)
    script += fmt::format("{} -l {}{} -d {}\n", complete, option.name, fish_value(option), quoted(option.help));
  for (const Command& command : program.commands) {
    const std::size_t space = command.path.find(' ');
    const std::string first = command.path.substr(0, space);
    std::string here = "__fish_seen_subcommand_from " + first;
    if (space == std::string::npos) {
      script += fmt::format("{} -n __fish_use_subcommand -a {} -d {}\n", complete, first, quoted(command.summary));
    } else {
      const std::string second = command.path.substr(space + 1);
      script += fmt::format("{0} -n __fish_use_subcommand -a {1}\n{0} -n {2} -a {3} -d {4}\n", complete, first,
                            quoted(here), second, quoted(command.summary));
      here += "; and __fish_seen_subcommand_from " + second;
    }
    for (const Positional& positional : command.positionals)
      if (!positional.choices.empty())
        script += fmt::format("{} -n {} -a {}\n", complete, quoted(here),
                              quoted(fmt::format("{}", fmt::join(positional.choices, " "))));
    for (const Option& option : command.options)
      script += fmt::format("{} -n {} -l {}{} -d {}\n", complete, quoted(here), option.name, fish_value(option),
                            quoted(option.help));
  }
  return script;
}

}  // namespace

Result<std::string> completion(const Program& program, std::string_view shell) {
  if (shell == "bash") return bash(program);
  if (shell == "zsh") return zsh(program);
  if (shell == "fish") return fish(program);
  return invalid("completions exist for bash, zsh and fish");
}

}  // namespace chancery::cli
