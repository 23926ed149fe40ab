#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <ostream>

#include "http/url_query.h"
#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/listing.h"
#include "programs/chancery/passphrase.h"
#include "programs/chancery/private_file.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

std::string path_of(const cli::Arguments& arguments) {
  return "/v1/users/" + http::percent_encode(arguments.text("NAME"));
}

// The password of --password-file or of a prompt; empty: the server makes one.
Result<SecretBytes> password_from(const cli::Arguments& arguments, cli::Terminal& terminal) {
  if (arguments.has("password-file") && arguments.flag("prompt"))
    return invalid("--password-file does not go together with --prompt");
  SecretBytes password;
  if (arguments.has("password-file")) {
    TRY_IN("the password", password, read_private_file(arguments.text("password-file")));
  } else if (arguments.flag("prompt")) {
    TRY(password, prompt_secret({.question = "Password: ", .differ = "the two passwords differ"}, terminal));
  } else {
    return password;
  }
  if (password.empty()) return invalid("the password is empty");
  return password;
}

// What the server answered; with the password, where it made one.
void print_changed(const cli::Arguments& arguments, cli::Terminal& terminal, const json::value& answer) {
  const std::string password = field_text(answer, "password");
  if (arguments.flag("quiet")) {
    if (!password.empty()) terminal.out << password << "\n";
    return;
  }
  print_fields(arguments, terminal, answer, {{"user", "name"}, {"role", "role"}, {"password", "password"}});
  if (!arguments.flag("json") && !password.empty())
    terminal.err << "The password is shown this once"
                 << (field_text(answer, "must_change_password") == "yes"
                         ? ", and is to be changed at the first sign-in.\n"
                         : ".\n");
}

Status run_add(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(const SecretBytes password, password_from(arguments, terminal));
  TRY(AdminClient client, AdminClient::from(arguments));
  json::object order{{"name", arguments.text("NAME")},
                     {"role", arguments.text("role", "administrator")},
                     {"must_change_password", !arguments.flag("keep")}};
  if (!password.empty()) order["password"] = as_text(password.view());
  TRY(const json::value answer, client.post("/v1/users", order));
  print_changed(arguments, terminal, answer);
  return {};
}

Status run_list(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.get("/v1/users"));
  print_list(arguments, terminal, answer, "users",
             {{"NAME", "name"},
              {"ROLE", "role"},
              {"LAST SIGN-IN", "last_sign_in"},
              {"LOCKED UNTIL", "locked_until"},
              {"DISABLED", "disabled"},
              {"CREATED", "created"}},
             "Nobody can sign in to the web pages yet: chancery user add NAME");
  return {};
}

Status run_role(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.patch(path_of(arguments), json::object{{"role", arguments.text("ROLE")}}));
  print_done(arguments, terminal, answer,
             fmt::format("{} is an {} now.", arguments.text("NAME"), arguments.text("ROLE")));
  return {};
}

Status run_password(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(const SecretBytes password, password_from(arguments, terminal));
  TRY(AdminClient client, AdminClient::from(arguments));
  json::object order{{"must_change_password", !arguments.flag("keep")}};
  if (password.empty())
    order["generate_password"] = true;
  else
    order["password"] = as_text(password.view());
  TRY(const json::value answer, client.patch(path_of(arguments), order));
  print_changed(arguments, terminal, answer);
  return {};
}

Status run_patch(const cli::Arguments& arguments, cli::Terminal& terminal, const json::object& change,
                 std::string_view sentence) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.patch(path_of(arguments), change));
  print_done(arguments, terminal, answer, fmt::format(fmt::runtime(sentence), arguments.text("NAME")));
  return {};
}

Status run_remove(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.remove(path_of(arguments)));
  print_done(arguments, terminal, answer, "The user is removed.");
  return {};
}

const cli::Positional name{.name = "NAME", .help = "The user"};
const std::vector<cli::Option> password_options = {
    {.name = "password-file", .value_name = "FILE", .help = "File with the password, readable by its owner only"},
    {.name = "prompt", .value_name = "", .help = "Ask for the password", .flag = true},
    {.name = "keep", .value_name = "", .help = "The password need not be changed at the first sign-in", .flag = true},
    {.name = "quiet", .value_name = "", .help = "Print a generated password and nothing else", .flag = true}};

}  // namespace

std::vector<cli::Command> user_commands() {
  const std::vector<std::string> roles = {"administrator", "operator", "auditor"};
  std::vector<cli::Option> add_options = {{.name = "role",
                                           .value_name = "ROLE",
                                           .help =
                                               "What the user may do: an auditor looks, an operator lets devices in "
                                               "and revokes, an administrator changes everything",
                                           .choices = roles,
                                           .default_text = "administrator"}};
  add_options.insert(add_options.end(), password_options.begin(), password_options.end());
  return {
      {.path = "user add",
       .summary = "Let somebody sign in to the web pages",
       .description = "Without --password-file and --prompt a password is made, and printed once.",
       .positionals = {name},
       .options = add_options,
       .examples = {"chancery user add anna", "chancery user add oskar --role operator --prompt"},
       .run = run_add},
      {.path = "user list", .summary = "List who may sign in", .run = run_list},
      {.path = "user role",
       .summary = "Change what a user may do; ends the user's sessions",
       .positionals = {name, {.name = "ROLE", .help = "administrator, operator or auditor", .choices = roles}},
       .run = run_role},
      {.path = "user password",
       .summary = "Give a user another password; ends the user's sessions",
       .description = "Without --password-file and --prompt a password is made, and printed once.",
       .positionals = {name},
       .options = password_options,
       .run = run_password},
      {.path = "user disable",
       .summary = "Keep a user from signing in; ends the user's sessions",
       .positionals = {name},
       .run =
           [](const cli::Arguments& arguments, cli::Terminal& terminal) {
             return run_patch(arguments, terminal, {{"disabled", true}}, "{} cannot sign in any more.");
           }},
      {.path = "user enable",
       .summary = "Let a disabled user sign in again",
       .positionals = {name},
       .run =
           [](const cli::Arguments& arguments, cli::Terminal& terminal) {
             return run_patch(arguments, terminal, {{"disabled", false}}, "{} can sign in again.");
           }},
      {.path = "user unlock",
       .summary = "Let a user try at once who failed too often",
       .positionals = {name},
       .run =
           [](const cli::Arguments& arguments, cli::Terminal& terminal) {
             return run_patch(arguments, terminal, {{"unlock", true}}, "{} may try again at once.");
           }},
      {.path = "user remove", .summary = "Remove a user", .positionals = {name}, .run = run_remove},
  };
}

}  // namespace chancery::program
