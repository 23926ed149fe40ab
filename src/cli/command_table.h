#pragma once

// A program's commands as data: the parser, the help, the man page and the completions all come from this table.

#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace chancery::cli {

struct Option {
  std::string name;        // "reason": given as --reason VALUE, or --reason where `flag`
  std::string value_name;  // "REASON"; stands in help and man page
  std::string help;
  bool flag = false;
  bool required = false;
  bool repeated = false;  // may be given several times
  std::vector<std::string> choices = {};
  std::string default_text = {};  // what holds when it is not given, for help; the value is not set
};

struct Positional {
  std::string name;  // "SERIAL"
  std::string help;
  bool required = true;
  bool repeated = false;
  std::vector<std::string> choices = {};
};

// What was given. Asking for a name that the command does not describe is a bug.
class Arguments {
 public:
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const { return has(name); }
  // The value, or `otherwise` when it was not given.
  [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise = {}) const;
  [[nodiscard]] const std::vector<std::string>& texts(std::string_view name) const;
  void set(std::string name, std::vector<std::string> values) { values_[std::move(name)] = std::move(values); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

// Where a command speaks to. Results go to `out`, everything for a person's eyes only to `err`.
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool interactive = false;      // standard input and error are a terminal: prompts and progress are welcome
  bool out_is_terminal = false;  // a person reads `out`: what is long may be cut
};

struct Command {
  std::string path;     // "cert revoke"
  std::string summary;  // one line, no full stop
  std::string description = {};
  std::vector<Positional> positionals = {};
  std::vector<Option> options = {};
  std::vector<std::string> examples = {};  // whole command lines
  // An error is printed as "chancery: text" and makes the exit code. With --json, where the program has it:
  // {"error": {"code": …, "text": …}}.
  std::function<Status(const Arguments&, Terminal&)> run;
};

// Exit codes: 0 done; 1 failed; 2 the command line is wrong; 3 what was asked for does not exist; 4 refused; 5 not
// reachable now, try again later.
[[nodiscard]] int exit_code_of(ErrorCode code);

struct Program {
  std::string name;
  std::string version;
  std::string summary;
  std::string description;
  std::vector<Option> common_options;  // taken by every command, before or after its name
  std::vector<Command> commands;
  std::vector<std::pair<std::string, std::string>> man_sections = {};  // title and text, after the commands
  std::vector<std::pair<std::string, std::string>> groups = {};  // first word of commands, and what they are about
};

// Parses, runs, prints errors. Never throws.
int run(const Program& program, int argc, const char* const* argv, Terminal terminal);

// roff for man(1).
[[nodiscard]] std::string man_page(const Program& program, int section);
// A completion script. `shell` is bash, zsh or fish.
Result<std::string> completion(const Program& program, std::string_view shell);

}  // namespace chancery::cli
