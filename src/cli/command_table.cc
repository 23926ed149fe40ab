#include "cli/command_table.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <ostream>

#include "base/check.h"
#include "cli/words.h"

namespace chancery::cli {
namespace {

// What CLI11 writes into while it parses one command.
struct Slot {
  std::string name;
  std::vector<std::string> values;
  bool given = false;
  CLI::Option* option = nullptr;
};

struct Parsed {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::deque<Slot> slots;
};

void expect_choice(CLI::Option& option, const std::vector<std::string>& choices) {
  if (!choices.empty()) option.check([choices](const std::string& value) { return no_choice(value, choices); });
}

void add_option(CLI::App& app, const Option& option, std::deque<Slot>& slots) {
  Slot& slot = slots.emplace_back(Slot{.name = option.name, .values = {}});
  if (option.flag) {
    slot.option = app.add_flag("--" + option.name, slot.given, option.help);
    return;
  }
  std::string help = option.help;
  if (!option.default_text.empty()) help += fmt::format(" [{}]", option.default_text);
  slot.option = app.add_option("--" + option.name, slot.values, help);
  slot.option->type_name(option.value_name)->required(option.required)->allow_extra_args(false);
  if (option.repeated)
    slot.option->expected(1, CLI::detail::expected_max_vector_size)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  else
    slot.option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  expect_choice(*slot.option, option.choices);
}

void add_positional(CLI::App& app, const Positional& positional, std::deque<Slot>& slots) {
  Slot& slot = slots.emplace_back(Slot{.name = positional.name, .values = {}});
  slot.option = app.add_option(positional.name, slot.values, positional.help);
  slot.option->required(positional.required)->type_name("");
  if (positional.repeated)
    slot.option->expected(positional.required ? 1 : 0, CLI::detail::expected_max_vector_size);
  else
    slot.option->expected(1)->allow_extra_args(false);
  expect_choice(*slot.option, positional.choices);
}

std::string group_summary(const Program& program, const std::string& group) {
  std::string names;
  for (const Command& command : program.commands)
    if (command.path.starts_with(group + " "))
      names += (names.empty() ? "" : ", ") + command.path.substr(group.size() + 1);
  const auto about = std::ranges::find(program.groups, group, &std::pair<std::string, std::string>::first);
  return about == program.groups.end() ? names : fmt::format("{}: {}", about->second, names);
}

CLI::App* find_subcommand(CLI::App& app, const std::string& word) {
  for (CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; }))
    if (sub->get_name() == word) return sub;
  return nullptr;
}

// The app of the command's path, making those of its groups on the way: "cert revoke" is `revoke` below `cert`.
CLI::App& app_of(CLI::App& root, const Program& program, const Command& command) {
  CLI::App* app = &root;
  std::string walked;
  for (std::size_t start = 0; start <= command.path.size();) {
    const std::size_t end = std::min(command.path.find(' ', start), command.path.size());
    const std::string word = command.path.substr(start, end - start);
    walked += (walked.empty() ? "" : " ") + word;
    CLI::App* next = find_subcommand(*app, word);
    if (next == nullptr) {
      next = app->add_subcommand(word, end == command.path.size() ? command.summary : group_summary(program, walked));
      if (end != command.path.size()) next->require_subcommand(0, 1);
    }
    app = next;
    start = end + 1;
  }
  return *app;
}

std::string path_of(const CLI::App& app) {
  if (app.get_parent() == nullptr) return app.get_name();
  return path_of(*app.get_parent()) + " " + app.get_name();
}

// Options are known to the command and to what is above it.
const CLI::Option* find_option(const CLI::App& app, const std::string& name) {
  for (const CLI::App* place = &app; place != nullptr; place = place->get_parent())
    if (const CLI::Option* option = place->get_option_no_throw(name)) return option;
  return nullptr;
}

std::string unknown_option(const CLI::App& app, const std::string& name) {
  std::vector<std::string> known;
  for (const CLI::App* place = &app; place != nullptr; place = place->get_parent())
    for (const CLI::Option* option : place->get_options())
      for (const std::string& long_name : option->get_lnames()) known.push_back("--" + long_name);
  const std::string meant = did_you_mean(name, known);
  return fmt::format("there is no option {}{}", name,
                     meant.empty() ? fmt::format(": '{} --help' lists them", path_of(app)) : meant);
}

std::string unknown_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    known.push_back(sub->get_name());
  const std::string meant = did_you_mean(word, known);
  const std::string group = app.get_parent() == nullptr ? "" : app.get_name() + " ";
  return fmt::format("there is no command '{}{}'{}", group, word,
                     meant.empty() ? fmt::format(": '{} --help' lists them", path_of(app)) : meant);
}

// The first word that leads nowhere, after the parser found that there is one. Empty where this cannot tell it, either.
std::string tell_unexpected(CLI::App& root, const std::vector<std::string>& words) {
  CLI::App* app = &root;
  int room = 0;  // for words that are no commands
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") return {};
    if (word.size() > 1 && word.starts_with('-')) {
      const std::size_t equals = word.find('=');
      const CLI::Option* option = find_option(*app, word.substr(0, equals));
      if (option == nullptr) return unknown_option(*app, word.substr(0, equals));
      if (equals == std::string::npos && option->get_expected_max() > 0) ++i;
    } else if (CLI::App* sub = find_subcommand(*app, word)) {
      app = sub;
      for (const CLI::Option* option : app->get_options([](const CLI::Option* o) { return o->get_positional(); }))
        room += option->get_expected_max() == 1 ? 1 : static_cast<int>(words.size());
    } else if (!app->get_subcommands([](const CLI::App*) { return true; }).empty()) {
      return unknown_command(*app, word);
    } else if (--room < 0) {
      return fmt::format("the word '{}' is one too many: see '{} --help'", word, path_of(*app));
    }
  }
  return {};
}

// The group that was named without one of its commands, or the program.
const CLI::App& deepest(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : deepest(*parsed.front());
}

// What CLI11 complains of, in our words.
std::string tell_wrong(const CLI::App& root, const CLI::ParseError& error) {
  const std::string text = error.what();
  const std::string see = fmt::format(": see '{} --help'", path_of(deepest(root)));
  constexpr std::string_view required = " is required";
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && text.ends_with(required))
    return text.substr(0, text.size() - required.size()) + " is missing" + see;
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
    return text.substr(0, text.find(':')) +
           (text.ends_with(" missing") ? ": its value is missing" : ": may be given only once") + see;
  return text;
}

// Whether answers, and so errors, are to be JSON. Asked before the words are parsed, for they may be wrong.
bool wants_json(const Program& program, const std::vector<std::string>& words) {
  const auto end = std::ranges::find(words, "--");
  return std::ranges::find(program.common_options, "json", &Option::name) != program.common_options.end() &&
         std::find(words.begin(), end, "--json") != end;
}

std::string footer_of(const Command& command) {
  std::string footer;
  if (!command.description.empty()) footer += "\n" + command.description + "\n";
  if (!command.examples.empty()) footer += "\nExamples:\n";
  for (const std::string& example : command.examples) footer += "  " + example + "\n";
  return footer;
}

Arguments arguments_of(const std::deque<Slot>& slots, const std::deque<Slot>& common) {
  Arguments arguments;
  for (const std::deque<Slot>* list : {&slots, &common})
    for (const Slot& slot : *list)
      if (slot.option->count() > 0) arguments.set(slot.name, slot.values);
  return arguments;
}

}  // namespace

bool Arguments::has(std::string_view name) const { return values_.contains(name); }

std::string Arguments::text(std::string_view name, std::string_view otherwise) const {
  const auto place = values_.find(name);
  return place == values_.end() || place->second.empty() ? std::string(otherwise) : place->second.back();
}

const std::vector<std::string>& Arguments::texts(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto place = values_.find(name);
  return place == values_.end() ? none : place->second;
}

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid: return 2;
    case ErrorCode::not_found: return 3;
    case ErrorCode::refused: return 4;
    case ErrorCode::unavailable: return 5;
    case ErrorCode::conflict:
    case ErrorCode::internal: return 1;
  }
  CHECK(false);
}

int run(const Program& program, int argc, const char* const* argv, Terminal terminal) {
  CLI::App root(program.summary, program.name);
  root.set_version_flag("--version", program.name + " " + program.version);
  // Not 1, 1: an unknown command would be told as a missing one. That none was given is told below.
  root.require_subcommand(0, 1);
  root.fallthrough();
  root.get_formatter()->column_width(28);
  std::deque<Slot> common;
  for (const Option& option : program.common_options) add_option(root, option, common);
  std::deque<Parsed> every;
  for (const Command& command : program.commands) {
    Parsed& parsed = every.emplace_back();
    parsed.command = &command;
    parsed.app = &app_of(root, program, command);
    parsed.app->fallthrough();
    parsed.app->footer(footer_of(command));
    for (const Positional& positional : command.positionals) add_positional(*parsed.app, positional, parsed.slots);
    for (const Option& option : command.options) add_option(*parsed.app, option, parsed.slots);
  }
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto fail = [&](ErrorCode code, std::string_view text) {
    if (wants_json(program, words))
      terminal.err << fmt::format("{{\"error\":{{\"code\":{},\"text\":{}}}}}\n", json_text(to_string(code)),
                                  json_text(text));
    else
      terminal.err << program.name << ": " << text << "\n";
    return exit_code_of(code);
  };
  try {
    root.parse(argc, argv);
  } catch (const CLI::ExtrasError& error) {
    const std::string told = tell_unexpected(root, words);
    return fail(ErrorCode::invalid, told.empty() ? error.what() : told);
  } catch (const CLI::Success& asked) {
    return root.exit(asked, terminal.out, terminal.err);
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::invalid, tell_wrong(root, error));
  } catch (const std::exception& error) {
    return fail(ErrorCode::invalid, error.what());
  }
  for (const Parsed& parsed : every) {
    if (!parsed.app->parsed()) continue;
    const Status done = parsed.command->run(arguments_of(parsed.slots, common), terminal);
    terminal.out.flush();
    if (done) return 0;
    return fail(done.error().code(), done.error().text());
  }
  return fail(ErrorCode::invalid, fmt::format("a command is missing: '{} --help' lists them", path_of(deepest(root))));
}

}  // namespace chancery::cli
