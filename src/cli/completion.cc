#include <fmt/format.h>

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
  }
  return after;
}

std::string function_name(const Program& program) {
  std::string name = "_" + program.name;
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}

std::string bash(const Program& program) {
  std::string script = fmt::format(
      "# bash completion for {0}\n{1}() {{\n  local words=\"\" i\n  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    [[ ${{COMP_WORDS[i]}} == -* ]] && break\n    words+=\"${{words:+ }}${{COMP_WORDS[i]}}\"\n  done\n"
      "  local next=\"\"\n  case \"$words\" in\n",
      program.name, function_name(program));
  for (const auto& [prefix, words] : continuations(program))
    script += fmt::format("    \"{}\"{}) next=\"{}\" ;;\n", prefix, prefix.find(' ') != std::string::npos ? "*" : "",
                          fmt::join(words, " "));
  script += fmt::format(
      "  esac\n  COMPREPLY=($(compgen -W \"$next\" -- \"${{COMP_WORDS[COMP_CWORD]}}\"))\n  [[ ${{#COMPREPLY[@]}} -eq 0 "
      "]] && COMPREPLY=($(compgen -f -- \"${{COMP_WORDS[COMP_CWORD]}}\"))\n}}\n"
      "complete -o filenames -F {} {}\n",
      function_name(program), program.name);
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

std::string fish(const Program& program) {
  std::string script = fmt::format("# fish completion for {}\ncomplete -c {} -f\n", program.name, program.name);
  for (const Command& command : program.commands) {
    const std::size_t space = command.path.find(' ');
    const std::string first = command.path.substr(0, space);
    if (space == std::string::npos)
      script += fmt::format("complete -c {} -n __fish_use_subcommand -a {} -d {}\n", program.name, first,
                            quoted(command.summary));
    else
      script += fmt::format(
          "complete -c {0} -n __fish_use_subcommand -a {1}\ncomplete -c {0} -n '__fish_seen_subcommand_from {1}' -a "
          "{2} -d {3}\n",
          program.name, first, command.path.substr(space + 1), quoted(command.summary));
    for (const Option& option : command.options)
      script += fmt::format("complete -c {} -n '__fish_seen_subcommand_from {}' -l {} -d {}\n", program.name,
                            space == std::string::npos ? first : command.path.substr(space + 1), option.name,
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
