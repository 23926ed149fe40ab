#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <ostream>

#include "http/url_query.h"
#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/listing.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

// {"name": …, "value": …} pairs as "name=value".
std::string details_text(const json::value& event) {
  std::string text;
  for (const json::value& detail : event.at("details").as_array())
    text += fmt::format(" {}={}", field_text(detail, "name"), field_text(detail, "value"));
  return text;
}

Status run_list(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  std::string path = "/v1/audit?limit=" + http::percent_encode(arguments.text("limit", "100"));
  for (const char* field : {"action", "actor", "subject", "text", "since", "until"})
    if (arguments.has(field)) path += fmt::format("&{}={}", field, http::percent_encode(arguments.text(field)));
  path += arguments.has("after") ? "&after=" + http::percent_encode(arguments.text("after")) : "&newest=true";
  TRY(const json::value answer, client.get(path));
  if (arguments.flag("json")) {
    print_fields(arguments, terminal, answer, {});
    return {};
  }
  for (const json::value& event : answer.at("events").as_array())
    terminal.out << fmt::format("{:>6}  {}  {:<22} {}  by {}{}\n", field_text(event, "sequence"),
                                field_text(event, "at"), field_text(event, "action"), field_text(event, "subject"),
                                field_text(event, "actor"), details_text(event));
  return {};
}

Status run_verify(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.post("/v1/audit/verify", json::object()));
  print_done(arguments, terminal, answer,
             fmt::format("The audit trail is whole: {} events.", field_text(answer, "events")));
  return {};
}

Status run_status(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.get("/v1/status"));
  print_fields(arguments, terminal, answer,
               {{"version", "version"},
                {"address", "base_url"},
                {"ready", "ready"},
                {"problem", "problem"},
                {"server's time", "time"},
                {"root", "root.subject"},
                {"root SHA-256", "root.sha256"},
                {"endpoints", "endpoints"},
                {"waiting requests", "pending_requests"},
                {"granted requests", "issued_requests"},
                {"rejected requests", "rejected_requests"}});
  return {};
}

}  // namespace

std::vector<cli::Command> audit_commands() {
  return {
      {.path = "audit list",
       .summary = "List the audit trail, newest first",
       .options = {{.name = "action", .value_name = "ACTION", .help = "Only of this kind, such as certificate.revoked"},
                   {.name = "actor", .value_name = "WHO", .help = "Only by exactly that one, such as 'user anna'"},
                   {.name = "subject",
                    .value_name = "WHAT",
                    .help = "Only what was done to exactly this, such as a serial"},
                   {.name = "text",
                    .value_name = "TEXT",
                    .help = "Only with exactly this as the subject, or a name that did it"},
                   {.name = "since", .value_name = "TIME", .help = "Only from then on, such as 2026-11-21T08:00:00Z"},
                   {.name = "until", .value_name = "TIME", .help = "Only before then"},
                   {.name = "limit", .value_name = "N", .help = "At most so many", .default_text = "100"},
                   {.name = "after", .value_name = "N", .help = "Oldest first, from the event after this number"}},
       .examples = {"chancery audit list --text printer-7",
                    "chancery audit list --action user.added --since 2026-11-01T00:00:00Z"},
       .run = run_list},
      {.path = "audit verify",
       .summary = "Check that no event of the audit trail was changed, removed or added",
       .run = run_verify},
      {.path = "status", .summary = "Show how the server is", .run = run_status},
  };
}

}  // namespace chancery::program
