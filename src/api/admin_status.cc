// How the server is: status and doctor.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/doctor.h"
#include "api/json_views.h"
#include "api/readiness.h"
#include "api/sentence.h"

namespace chancery::api {
namespace {

namespace json = boost::json;
using State = hub::TransactionRecord::State;

Result<http::Response> show_status(const Call& call) {
  hub::Context& context = call.services.context;
  json::array generations;
  for (const GenerationView& view : generations_of(context.keyring)) generations.push_back(to_json(view));
  json::object body{
      {"version", call.services.version},        {"base_url", call.services.base_url},
      {"time", to_rfc3339(context.clock.now())}, {"root", authority_certificate_json(context.keyring.root())},
      {"generations", std::move(generations)},   {"endpoints", context.endpoints.all().size()}};
  if (!call.services.link_url.empty()) body["link_url"] = call.services.link_url;
  std::int64_t pending = 0, issued = 0, rejected = 0;
  const Status counted = context.ledger.read([&](hub::Books& books) -> Status {
    TRY(pending, books.transactions().count(State::pending));
    TRY(issued, books.transactions().count(State::issued));
    TRY(rejected, books.transactions().count(State::rejected));
    return {};
  });
  const Status ready = counted ? check_readiness(context) : counted;
  body["ready"] = ready.has_value();
  if (!ready) body["problem"] = ready.error().text();
  if (!counted) return json_response(200, body);
  body["pending_requests"] = pending;
  body["issued_requests"] = issued;
  body["rejected_requests"] = rejected;
  return json_response(200, body);
}

json::object to_json(const Finding& finding) {
  json::object row{{"severity", to_string(finding.severity)},
                   {"what", finding.what()},
                   {"fix", finding.fix()},
                   {"rule", finding.rule}};
  json::object values;
  for (const auto& [name, value] : finding.values)
    if (name == "cause")
      row["cause"] = sentence_json(value);
    else
      values[name] = value;
  row["values"] = std::move(values);
  return row;
}

Result<http::Response> run_doctor(const Call& call) {
  json::array rows;
  for (const Finding& finding : examine(call.services)) rows.push_back(to_json(finding));
  return list_response("findings", std::move(rows));
}

const Shape& status_shape() {
  static const Shape shape{
      .name = "Status",
      .fields = {
          {.name = "version", .help = "Of the program", .required = true},
          {.name = "base_url", .help = "How devices reach the server", .required = true},
          {.name = "link_url", .help = "How agents reach the hub; missing where it does not listen for them"},
          {.name = "time", .type = FieldType::time, .help = "The server's clock", .required = true},
          {.name = "ready", .type = FieldType::flag, .help = "As /readyz says", .required = true},
          {.name = "problem", .help = "Why it is not ready"},
          {.name = "root",
           .type = FieldType::object,
           .help = "What everyone trusts",
           .required = true,
           .shape = &authority_certificate_shape()},
          {.name = "generations",
           .type = FieldType::object_list,
           .help = "In order of their numbers",
           .required = true,
           .shape = &generation_shape()},
          {.name = "endpoints", .type = FieldType::integer, .help = "How many can serve", .required = true},
          {.name = "pending_requests", .type = FieldType::integer, .help = "That wait for a person"},
          {.name = "issued_requests", .type = FieldType::integer, .help = "That got a certificate"},
          {.name = "rejected_requests", .type = FieldType::integer, .help = "That got none"},
      }};
  return shape;
}

const Shape& finding_list_shape() {
  static const Shape finding{
      .name = "Finding",
      .fields = {
          {.name = "severity", .help = "How bad it is", .required = true, .choices = {"error", "warning", "info"}},
          {.name = "what", .help = "What was found", .required = true},
          {.name = "fix", .help = "What to do about it", .required = true},
          {.name = "rule",
           .help = "What it is, by a name that does not change",
           .required = true,
           .choices = finding_names()},
          {.name = "values",
           .type = FieldType::text_map,
           .help = "What is filled in, by the names that x-texts has in braces",
           .required = true},
          sentence_field("cause", "What stands for {cause}"),
      }};
  static const Shape shape = list_shape("FindingList", "findings", finding, false);
  return shape;
}

}  // namespace

void add_status_routes(RouteTable& table) {
  table.add({.method = "GET",
             .path = "/v1/status",
             .name = "show_status",
             .permission = Permission::view,
             .summary = "What runs here, and whether it can do its work",
             .answer = {.shape = &status_shape()},
             .handler = show_status});
  table.add({.method = "GET",
             .path = "/v1/doctor",
             .name = "run_doctor",
             .permission = Permission::view,
             .summary = "Looks for what is wrong or soon will be, the worst first",
             .answer = {.shape = &finding_list_shape()},
             .handler = run_doctor});
}

}  // namespace chancery::api
