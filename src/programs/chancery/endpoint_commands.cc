#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <ostream>

#include "http/url_query.h"
#include "hub/endpoint_options.h"
#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/endpoint_names.h"
#include "programs/chancery/listing.h"
#include "programs/chancery/settings.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

std::string endpoint_path(const cli::Arguments& arguments) {
  return "/v1/endpoints/" + http::percent_encode(arguments.text("NAME"));
}

Result<json::object> settings_json(const cli::Arguments& arguments) {
  TRY(const std::vector<config::Setting> settings, settings_from(arguments.texts("SETTING")));
  json::object object;
  if (arguments.has("preset")) object["preset"] = arguments.text("preset");
  for (const config::Setting& setting : settings) object[setting.key] = setting.value;
  return object;
}

// The endpoint, then its warnings where nobody overlooks them.
void print_endpoint(const cli::Arguments& arguments, cli::Terminal& terminal, const json::value& answer) {
  print_fields(arguments, terminal, answer, {{"name", "name"}, {"SCEP URL", "scep_url"}, {"serves", "serves"}});
  if (arguments.flag("json")) return;
  if (const json::object* fields = answer.if_object())
    if (const json::value* settings = fields->if_contains("settings"); settings != nullptr && settings->is_object())
      for (const auto& [key, value] : settings->as_object())
        if (const std::string text = field_text(*settings, key); !text.empty())
          terminal.out << fmt::format("  {} = {}\n", std::string_view(key), text);
  if (const std::string warnings = field_text(answer, "warnings"); !warnings.empty())
    terminal.err << "Warning: " << warnings << "\n";
}

Status run_add(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(json::object settings, settings_json(arguments));
  TRY(const json::value answer,
      client.post("/v1/endpoints", json::object{{"name", arguments.text("NAME")}, {"settings", std::move(settings)}}));
  print_endpoint(arguments, terminal, answer);
  return {};
}

Status run_set(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(json::object settings, settings_json(arguments));
  auto changed = client.patch(endpoint_path(arguments), json::object{{"settings", std::move(settings)}});
  TRY(const json::value answer, or_endpoint_meant(client, std::move(changed), arguments.text("NAME")));
  print_endpoint(arguments, terminal, answer);
  return {};
}

Status run_show(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer,
      or_endpoint_meant(client, client.get(endpoint_path(arguments)), arguments.text("NAME")));
  print_endpoint(arguments, terminal, answer);
  return {};
}

Status run_list(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.get("/v1/endpoints"));
  print_list(arguments, terminal, answer, "endpoints",
             {{"NAME", "name"},
              {"ASKS FOR", "settings.authorisers"},
              {"PRESET", "settings.preset"},
              {"VALIDITY", "settings.validity"},
              {"SERVES", "serves"},
              {"SCEP URL", "scep_url", 100}},
             "There is no endpoint yet. Add one: chancery endpoint add devices authorisers=challenge");
  return {};
}

Status run_remove(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  if (!arguments.flag("yes"))
    return invalid(fmt::format("devices that enrolled at '{}' cannot renew there any more; say --yes if that is meant",
                               arguments.text("NAME")));
  TRY(const json::value answer,
      or_endpoint_meant(client, client.remove(endpoint_path(arguments)), arguments.text("NAME")));
  print_done(arguments, terminal, answer, fmt::format("The endpoint '{}' is removed.", arguments.text("NAME")));
  return {};
}

// The same that GET /v1/endpoint-settings answers, without a server: one wants to read it before there is one.
Status run_settings(const cli::Arguments& arguments, cli::Terminal& terminal) {
  json::array rows;
  for (const config::OptionHelp& row : hub::endpoint_option_set().help())
    rows.push_back(
        json::object{{"key", row.key}, {"type", row.type}, {"default", row.default_value}, {"help", row.help}});
  print_list(arguments, terminal, json::object{{"settings", std::move(rows)}}, "settings",
             {{"SETTING", "key"}, {"DEFAULT", "default", 32}, {"WHAT IT DOES", "help", 110}}, "");
  return {};
}

}  // namespace

std::vector<cli::Command> endpoint_commands() {
  const cli::Positional name{.name = "NAME", .help = "Name of the endpoint: the last part of its URL"};
  const cli::Positional setting{
      .name = "SETTING", .help = "key=value; see 'chancery endpoint settings'", .required = false, .repeated = true};
  const cli::Option preset{.name = "preset",
                           .value_name = "CLIENTS",
                           .help = "Habits of a family of clients",
                           .choices = {"rfc8894", "cisco-ios", "apple", "windows", "mikrotik", "canon", "juniper"}};
  return {
      {.path = "endpoint add",
       .summary = "Add a SCEP endpoint",
       .positionals = {name, setting},
       .options = {preset},
       .examples = {"chancery endpoint add printers --preset canon authorisers=challenge",
                    "chancery endpoint add guests authorisers=manual validity=30d"},
       .run = run_add},
      {.path = "endpoint set",
       .summary = "Change settings of an endpoint",
       .positionals = {name, setting},
       .options = {preset},
       .examples = {"chancery endpoint set printers validity=180d alternative_names=dns,ip"},
       .run = run_set},
      {.path = "endpoint show",
       .summary = "Show an endpoint with all its settings",
       .positionals = {name},
       .run = run_show},
      {.path = "endpoint list", .summary = "List the endpoints", .run = run_list},
      {.path = "endpoint remove",
       .summary = "Remove an endpoint; its certificates stay valid",
       .positionals = {name},
       .options = {{.name = "yes", .value_name = "", .help = "Do it", .flag = true}},
       .run = run_remove},
      {.path = "endpoint settings", .summary = "List what can be set, with defaults", .run = run_settings},
  };
}

}  // namespace chancery::program
