#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "http/url_query.h"
#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/listing.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

std::string request_path(const cli::Arguments& arguments) {
  return "/v1/requests/" + http::percent_encode(arguments.text("NUMBER"));
}

Status run_list(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  std::string path = "/v1/requests?limit=" + arguments.text("limit", "100");
  const std::string state = arguments.text("state", "pending");
  if (state != "all") path += "&state=" + state;
  if (arguments.has("after")) path += "&after=" + http::percent_encode(arguments.text("after"));
  TRY(const json::value answer, client.get(path));
  print_list(arguments, terminal, answer, "requests",
             {{"NUMBER", "id"},
              {"STATE", "state"},
              {"ENDPOINT", "endpoint"},
              {"SUBJECT", "subject"},
              {"ALTERNATIVE NAMES", "alternative_names", 40},
              {"KEY", "key_type"},
              {"FROM", "source"},
              {"SINCE", "created"}},
             state == "pending" ? "No request waits for approval." : "There is no such request.");
  return {};
}

Status run_show(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.get(request_path(arguments)));
  print_fields(arguments, terminal, answer,
               {{"number", "id"},
                {"state", "state"},
                {"endpoint", "endpoint"},
                {"renewal", "renewal"},
                {"subject", "subject"},
                {"alternative names", "alternative_names"},
                {"key", "key_type"},
                {"key SHA-256", "key_fingerprint"},
                {"signed with", "signature_algorithm"},
                {"asks for extensions", "extensions"},
                {"from", "source"},
                {"transactionID", "transaction_id"},
                {"since", "created"},
                {"changed", "updated"},
                {"reason", "reason"},
                {"certificate", "serial"},
                {"replaces", "replaces"}});
  return {};
}

Status run_approve(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.post(request_path(arguments) + "/approve", json::object()));
  print_done(arguments, terminal, answer,
             fmt::format("Issued {} for {}. The device gets it at its next poll.", field_text(answer, "serial"),
                         field_text(answer, "subject")));
  return {};
}

Status run_reject(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  json::object body;
  if (arguments.has("reason")) body["reason"] = arguments.text("reason");
  TRY(const json::value answer, client.post(request_path(arguments) + "/reject", body));
  print_done(arguments, terminal, answer, fmt::format("Request {} is rejected.", arguments.text("NUMBER")));
  return {};
}

}  // namespace

std::vector<cli::Command> request_commands() {
  const cli::Positional number{.name = "NUMBER", .help = "Number of the request, as 'chancery request list' shows it"};
  return {
      {.path = "request list",
       .summary = "List requests, those that wait for approval unless told otherwise",
       .options = {{.name = "state",
                    .value_name = "STATE",
                    .help = "Which",
                    .choices = {"pending", "issued", "rejected", "all"},
                    .default_text = "pending"},
                   {.name = "limit", .value_name = "N", .help = "At most so many", .default_text = "100"},
                   {.name = "after", .value_name = "NUMBER", .help = "Continue a list"}},
       .run = run_list},
      {.path = "request show", .summary = "Show what a request asks for", .positionals = {number}, .run = run_show},
      {.path = "request approve", .summary = "Issue the certificate", .positionals = {number}, .run = run_approve},
      {.path = "request reject",
       .summary = "Refuse the request",
       .positionals = {number},
       .options = {{.name = "reason", .value_name = "TEXT", .help = "Told to the device"}},
       .run = run_reject},
  };
}

}  // namespace chancery::program
