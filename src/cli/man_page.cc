#include <fmt/format.h>

#include "cli/command_table.h"

namespace chancery::cli {
namespace {

// Text for roff: a backslash, a leading dot or quote and a hyphen mean something there.
std::string escape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool line_starts = i == 0 || text[i - 1] == '\n';
    if (line_starts && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out.push_back(c);
  }
  return out;
}

std::string option_line(const Option& option) {
  std::string line = "\\fB\\-\\-" + escape(option.name) + "\\fR";
  if (!option.flag) line += " \\fI" + escape(option.value_name) + "\\fR";
  return line;
}

std::string synopsis(const Program& program, const Command& command) {
  std::string line = "\\fB" + escape(program.name + " " + command.path) + "\\fR";
  for (const Positional& positional : command.positionals)
    line += fmt::format("{}\\fI{}\\fR{}{}", positional.required ? " " : " [", escape(positional.name),
                        positional.repeated ? " ..." : "", positional.required ? "" : "]");
  for (const Option& option : command.options)
    line += option.required ? " " + option_line(option) : " [" + option_line(option) + "]";
  return line;
}

void append_option(std::string& page, const Option& option) {
  page += ".TP\n" + option_line(option) + "\n" + escape(option.help);
  if (!option.choices.empty()) page += escape(fmt::format(": one of {}", fmt::join(option.choices, ", ")));
  if (!option.default_text.empty()) page += escape(fmt::format(". Default: {}.", option.default_text));
  if (option.repeated) page += ". May be given several times.";
  page += "\n";
}

}  // namespace

std::string man_page(const Program& program, int section) {
  std::string page = fmt::format(
      ".TH {} {} \"\" \"{} {}\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n\\fB{}\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR "
      "...]\n.SH DESCRIPTION\n{}\n",
      program.name, section, escape(program.name), program.version, escape(program.name), escape(program.summary),
      escape(program.name), escape(program.description));
  page += ".SH COMMANDS\n";
  for (const Command& command : program.commands) {
    page += ".SS " + escape(program.name + " " + command.path) + "\n" + escape(command.summary) + ".\n.PP\n" +
            synopsis(program, command) + "\n";
    if (!command.description.empty()) page += ".PP\n" + escape(command.description) + "\n";
    for (const Positional& positional : command.positionals)
      page += ".TP\n\\fI" + escape(positional.name) + "\\fR\n" + escape(positional.help) + "\n";
    for (const Option& option : command.options) append_option(page, option);
    if (!command.examples.empty()) page += ".PP\nExamples:\n";
    for (const std::string& example : command.examples) page += ".PP\n.nf\n" + escape(example) + "\n.fi\n";
  }
  page += ".SH COMMON OPTIONS\n";
  for (const Option& option : program.common_options) append_option(page, option);
  page +=
      ".SH EXIT STATUS\n.TP\n0\nDone.\n.TP\n1\nFailed.\n.TP\n2\nThe command line, or what it gave, is "
      "wrong.\n.TP\n3\nWhat was asked for does not "
      "exist.\n.TP\n4\nRefused.\n.TP\n5\nNot reachable now; trying again later may help.\n";
  for (const auto& [title, text] : program.man_sections) page += fmt::format(".SH {}\n{}\n", title, escape(text));
  return page;
}

}  // namespace chancery::cli
