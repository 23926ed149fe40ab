#include "cli/command_table.h"

#include <gtest/gtest.h>

#include <ostream>
#include <streambuf>

namespace chancery::cli {
namespace {

Status done(const Arguments&, Terminal& terminal) {
  terminal.out << "done";
  return {};
}

Program program() {
  return {.name = "tool",
          .version = "1",
          .summary = "does things",
          .description = "",
          .common_options = {{.name = "socket", .value_name = "PATH", .help = "Where"},
                             {.name = "json", .value_name = "", .help = "Answer in JSON", .flag = true}},
          .commands = {{.path = "cert list",
                        .summary = "List certificates",
                        .options = {{.name = "state",
                                     .value_name = "STATE",
                                     .help = "Only these",
                                     .choices = {"issued", "revoked"}}},
                        .run = done},
                       {.path = "role",
                        .summary = "Give a role",
                        .positionals = {{.name = "NAME", .help = "Whom"},
                                        {.name = "ROLE", .help = "Which", .choices = {"operator", "auditor"}}},
                        .run = [](const Arguments&, Terminal&) -> Status { return conflict("\"x\" has\none"); }},
                       {.path = "cert revoke",
                        .summary = "Revoke one",
                        .positionals = {{.name = "SERIAL", .help = "Which"}},
                        .options = {{.name = "reason", .value_name = "REASON", .help = "Why"}},
                        .run = done},
                       {.path = "status", .summary = "How it is", .run = done}},
          .groups = {{"cert", "Certificates"}}};
}

// Keeps what is written into it.
class TextBuffer : public std::streambuf {
 public:
  std::string text;

 private:
  int_type overflow(int_type letter) override {
    if (letter != traits_type::eof()) text.push_back(static_cast<char>(letter));
    return 0;
  }
};

struct Said {
  int code = 0;
  std::string out, err;
};

Said say(std::vector<const char*> words) {
  words.insert(words.begin(), "tool");
  TextBuffer out_text, err_text;
  std::ostream out(&out_text), err(&err_text);
  const int code = run(program(), static_cast<int>(words.size()), words.data(), {out, err, false});
  return {code, out_text.text, err_text.text};
}

TEST(Commands, AMistypedWordIsAskedBack) {
  const struct {
    std::vector<const char*> words;
    const char* expect;
  } rows[] = {
      {{"crt", "list"}, "tool: there is no command 'crt'; did you mean 'cert'?"},
      {{"--socket", "x", "statsu"}, "tool: there is no command 'statsu'; did you mean 'status'?"},
      {{"cert", "revok", "1"}, "tool: there is no command 'cert revok'; did you mean 'revoke'?"},
      {{"cert", "frobnicate"}, "tool: there is no command 'cert frobnicate': 'tool cert --help' lists them"},
      {{"frobnicate"}, "tool: there is no command 'frobnicate': 'tool --help' lists them"},
      {{"cert", "revoke", "1", "--raeson", "x"}, "tool: there is no option --raeson; did you mean '--reason'?"},
      {{"cert", "revoke", "1", "--sokcet=x"}, "tool: there is no option --sokcet; did you mean '--socket'?"},
      {{"status", "--frobnicate"}, "tool: there is no option --frobnicate: 'tool status --help' lists them"},
      {{"status", "extra"}, "tool: the word 'extra' is one too many: see 'tool status --help'"},
      {{"cert"}, "tool: a command is missing: 'tool cert --help' lists them"},
      {{}, "tool: a command is missing: 'tool --help' lists them"},
  };
  for (const auto& row : rows) {
    const Said said = say(row.words);
    EXPECT_EQ(said.code, 2) << row.expect;
    EXPECT_EQ(said.err, std::string(row.expect) + "\n");
    EXPECT_EQ(said.out, "");
  }
}

TEST(Commands, GroupsAreDescribed) {
  const Said said = say({"--help"});
  EXPECT_EQ(said.code, 0);
  EXPECT_NE(said.out.find("Certificates: list, revoke"), std::string::npos) << said.out;
  EXPECT_EQ(say({"cert", "list"}).out, "done");
}

TEST(Commands, WhatIsMissingOrWrongIsTold) {
  const struct {
    std::vector<const char*> words;
    const char* expect;
  } rows[] = {
      {{"cert", "revoke"}, "SERIAL is missing: see 'tool cert revoke --help'"},
      {{"cert", "revoke", "1", "--reason"}, "--reason: its value is missing: see 'tool cert revoke --help'"},
      {{"cert", "revoke", "1", "--reason", "a", "--reason", "b"},
       "--reason: may be given only once: see 'tool cert revoke --help'"},
      {{"cert", "list", "--state", "bogus"}, "--state: expected one of issued, revoked, found bogus"},
      {{"cert", "list", "--state=revokd"},
       "--state: expected one of issued, revoked, found revokd; did you mean 'revoked'?"},
      {{"role", "anna", "king"}, "ROLE: expected one of operator, auditor, found king"},
      {{"role", "anna", "auditor"}, "\"x\" has\none"},
  };
  for (const auto& row : rows) EXPECT_EQ(say(row.words).err, std::string("tool: ") + row.expect + "\n");
}

TEST(Commands, ErrorsAreJsonWhereAnswersAre) {
  const struct {
    std::vector<const char*> words;
    int code;
    const char* expect;
  } rows[] = {
      {{"--json", "role", "anna", "auditor"}, 1, R"({"error":{"code":"conflict","text":"\"x\" has\none"}})"},
      {{"statsu", "--json"},
       2,
       R"({"error":{"code":"invalid","text":"there is no command 'statsu'; did you mean 'status'?"}})"},
      {{"cert", "revoke", "--json"},
       2,
       R"({"error":{"code":"invalid","text":"SERIAL is missing: see 'tool cert revoke --help'"}})"},
      {{"--json"}, 2, R"({"error":{"code":"invalid","text":"a command is missing: 'tool --help' lists them"}})"},
      {{"statsu", "--", "--json"}, 2, "tool: there is no command 'statsu'; did you mean 'status'?"},
  };
  for (const auto& row : rows) {
    const Said said = say(row.words);
    EXPECT_EQ(said.code, row.code) << row.expect;
    EXPECT_EQ(said.err, std::string(row.expect) + "\n");
    EXPECT_EQ(said.out, "");
  }
}

}  // namespace
}  // namespace chancery::cli
