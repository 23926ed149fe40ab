#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <ostream>

#include "cli/words.h"
#include "http/url_query.h"
#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/endpoint_names.h"
#include "programs/chancery/listing.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

// --dns a --ip b … as ["dns:a", "ip:b"].
json::array names_from(const cli::Arguments& arguments) {
  json::array names;
  for (const char* kind : {"dns", "ip", "email", "uri"})
    for (const std::string& value : arguments.texts(kind)) names.emplace_back(fmt::format("{}:{}", kind, value));
  return names;
}

// VU#971035: whoever gets hold of such a challenge chooses who to be.
void warn_unbound(const cli::Arguments& arguments, cli::Terminal& terminal) {
  const bool names = !names_from(arguments).empty();
  terminal.err << fmt::format(
      "Warning: whoever has this challenge can ask for any {} that the endpoint's policy allows. Bind it to its "
      "device: chancery challenge add {} --subject CN=…{}\n",
      names ? "subject" : "name", cli::shell_word(arguments.text("ENDPOINT")), names ? " …" : " --dns …");
}

Status run_add(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  json::object order{{"endpoint", arguments.text("ENDPOINT")}, {"alternative_names", names_from(arguments)}};
  for (const char* field : {"subject", "lifetime", "note"})
    if (arguments.has(field)) order[field] = arguments.text(field);
  TRY(const json::value answer,
      or_endpoint_meant(client, client.post("/v1/challenges", order), arguments.text("ENDPOINT")));
  if (!arguments.has("subject")) warn_unbound(arguments, terminal);
  if (arguments.flag("quiet")) {
    terminal.out << field_text(answer, "challenge") << "\n";
    return {};
  }
  print_fields(
      arguments, terminal, answer,
      {{"challenge", "challenge"}, {"good until", "expires"}, {"SCEP URL", "url"}, {"CA SHA-256", "fingerprint"}});
  if (!arguments.flag("json")) terminal.err << "It is shown this once, and lets one device in.\n";
  return {};
}

Status run_list(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  std::string path = "/v1/challenges?limit=" + http::percent_encode(arguments.text("limit", "100"));
  for (const char* name : {"endpoint", "after"})
    if (arguments.has(name)) path += fmt::format("&{}={}", name, http::percent_encode(arguments.text(name)));
  TRY(const json::value answer, client.get(path));
  print_list(arguments, terminal, answer, "challenges",
             {{"ID", "id"},
              {"ENDPOINT", "endpoint"},
              {"STATE", "state"},
              {"SUBJECT", "subject"},
              {"NAMES", "alternative_names", 40},
              {"EXPIRES", "expires"},
              {"USED BY", "used_by"},
              {"NOTE", "note", 30}},
             "There is no challenge. Make one: chancery challenge add ENDPOINT");
  return {};
}

Status run_remove(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.remove("/v1/challenges/" + http::percent_encode(arguments.text("ID"))));
  print_done(arguments, terminal, answer, "The challenge is removed.");
  return {};
}

}  // namespace

std::vector<cli::Command> challenge_commands() {
  return {
      {.path = "challenge add",
       .summary = "Make a one-time challenge for a device",
       .description =
           "Without --subject, whoever has it can ask for any subject that the endpoint's policy allows, and "
           "without alternative names either, for any of these, too: a warning says so, and \"bound\" is "
           "false in JSON.",
       .positionals = {{.name = "ENDPOINT", .help = "Where it is good"}},
       .options =
           {{.name = "subject",
             .value_name = "NAME",
             .help = "The subject that the request must have, for example CN=printer-7"},
            {.name = "dns", .value_name = "HOST", .help = "A DNS name that the request must have", .repeated = true},
            {.name = "ip",
             .value_name = "ADDRESS",
             .help = "An IP address that the request must have",
             .repeated = true},
            {.name = "email",
             .value_name = "ADDRESS",
             .help = "An e-mail address that the request must have",
             .repeated = true},
            {.name = "uri", .value_name = "URI", .help = "A URI that the request must have", .repeated = true},
            {.name = "lifetime",
             .value_name = "DURATION",
             .help = "How long it is good for",
             .default_text = "the endpoint's challenge_lifetime"},
            {.name = "note", .value_name = "TEXT", .help = "A note for the list"},
            {.name = "quiet", .value_name = "", .help = "Print the challenge and nothing else", .flag = true}},
       .examples = {"chancery challenge add printers --subject CN=printer-7 --dns printer-7.example.com"},
       .run = run_add},
      {.path = "challenge list",
       .summary = "List challenges, newest first",
       .options = {{.name = "endpoint", .value_name = "NAME", .help = "Only this endpoint's"},
                   {.name = "limit", .value_name = "N", .help = "At most so many", .default_text = "100"},
                   {.name = "after", .value_name = "N", .help = "Continue a list"}},
       .run = run_list},
      {.path = "challenge remove",
       .summary = "Take a challenge back before it is used",
       .positionals = {{.name = "ID", .help = "Its id: the part before the dot"}},
       .run = run_remove},
  };
}

}  // namespace chancery::program
