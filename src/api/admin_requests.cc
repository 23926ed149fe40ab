// Requests that wait for a person.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/json_views.h"
#include "api/sentence.h"

namespace chancery::api {
namespace {

namespace json = boost::json;
using State = hub::TransactionRecord::State;

std::optional<State> state_in(const Input& input) {
  const std::string text = input.text("state");
  if (text == "pending") return State::pending;
  if (text == "issued") return State::issued;
  if (text == "rejected") return State::rejected;
  return std::nullopt;
}

Result<http::Response> list_requests(const Call& call) {
  const int limit = limit_of(call.input);
  std::vector<hub::TransactionRecord> records;
  TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
    // One more than asked for shows whether there is another page.
    TRY(records, books.transactions().list(state_in(call.input), call.input.integer("after").value_or(0), limit + 1));
    return {};
  }));
  const bool more = std::ssize(records) > limit;
  if (more) records.resize(static_cast<std::size_t>(limit));
  json::array rows;
  for (const hub::TransactionRecord& record : records) rows.push_back(to_json(record));
  return list_response("requests", std::move(rows), more ? records.back().id : 0);
}

Result<http::Response> show_request(const Call& call) {
  TRY(const hub::RequestView view, call.services.requests.show(*call.input.integer("id")));
  return json_response(200, to_detailed_json(view));
}

Result<http::Response> approve_request(const Call& call) {
  TRY(const pki::Certificate certificate, call.services.requests.approve(*call.input.integer("id"), call.caller));
  std::optional<ca::CertificateRecord> record;
  TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
    TRY(record, books.certificates().find(certificate.serial()));
    return {};
  }));
  if (!record) return internal("the certificate that was just issued is not in the ledger");
  return json_response(200, to_json(*record, call.services.context.clock.now()));
}

Result<http::Response> reject_request(const Call& call) {
  const std::int64_t id = *call.input.integer("id");
  TRY_STATUS(call.services.requests.reject(id, call.input.text("reason"), call.caller));
  TRY(const hub::RequestView view, call.services.requests.show(id));
  return json_response(200, to_json(view.record));
}

Result<http::Response> list_refusals(const Call& call) {
  json::array rows;
  for (const hub::RefusedRequest& refused : call.services.refusals.list(Timestamp())) {
    json::object row{{"subject", refused.subject},         {"endpoint", refused.endpoint},
                     {"source", refused.source},           {"fail_info", scep::to_string(refused.refusal.info)},
                     {"reason", refused.refusal.text},     {"times", refused.times},
                     {"first", to_rfc3339(refused.first)}, {"last", to_rfc3339(refused.last)}};
    row["sentences"] = sentences_json(refused.refusal.text);
    rows.push_back(std::move(row));
  }
  return list_response("refusals", std::move(rows), 0);
}

const Shape& refusal_list_shape() {
  static const Shape refusal{
      .name = "RefusedRequest",
      .fields = {
          {.name = "subject", .help = "What the device calls itself", .required = true},
          {.name = "endpoint", .help = "Where it asked", .required = true},
          {.name = "source", .help = "The address it came from", .required = true},
          {.name = "fail_info", .help = "badRequest, badAlg, badMessageCheck, badTime or badCertId", .required = true},
          {.name = "reason", .help = "What the device was told", .required = true},
          {.name = "sentences",
           .type = FieldType::object_list,
           .help = "`reason`, by its parts",
           .required = true,
           .shape = &sentence_shape()},
          {.name = "times", .type = FieldType::integer, .help = "How often", .required = true},
          {.name = "first", .type = FieldType::time, .help = "When for the first time", .required = true},
          {.name = "last", .type = FieldType::time, .help = "When for the last time", .required = true}}};
  static const Shape shape = list_shape("RefusedRequestList", "refusals", refusal, true);
  return shape;
}

const Shape& request_list_shape() {
  static const Shape shape = list_shape("RequestList", "requests", request_shape(), true);
  return shape;
}

Field id_field() {
  return {.name = "id", .type = FieldType::integer, .help = "Number of the request", .required = true, .least = 1};
}

}  // namespace

void add_request_routes(RouteTable& table) {
  table.add({.method = "GET",
             .path = "/v1/requests",
             .name = "list_requests",
             .permission = Permission::view,
             .summary = "Requests, newest first",
             .fields = {{.name = "state", .help = "Only in this state", .choices = {"pending", "issued", "rejected"}},
                        after_field(),
                        limit_field()},
             .answer = {.shape = &request_list_shape()},
             .handler = list_requests});
  table.add(
      {.method = "GET",
       .path = "/v1/refusals",
       .name = "list_refusals",
       .permission = Permission::view,
       .summary = "SCEP messages that were refused since the start, the last first; at most 200, the same ones merged",
       .fields = {},
       .answer = {.shape = &refusal_list_shape()},
       .handler = list_refusals});
  table.add({.method = "GET",
             .path = "/v1/requests/{id}",
             .name = "show_request",
             .permission = Permission::view,
             .summary = "One request, opened while it waits; never with its challengePassword",
             .fields = {id_field()},
             .answer = {.shape = &request_details_shape()},
             .handler = show_request});
  table.add({.method = "POST",
             .path = "/v1/requests/{id}/approve",
             .name = "approve_request",
             .permission = Permission::operate,
             .summary = "Issues the certificate; the device gets it at its next poll",
             .fields = {id_field()},
             .answer = {.shape = &certificate_shape()},
             .handler = approve_request});
  table.add({.method = "POST",
             .path = "/v1/requests/{id}/reject",
             .name = "reject_request",
             .permission = Permission::operate,
             .summary = "Refuses the request",
             .fields = {id_field(), {.name = "reason", .help = "Told to the device; at most 200 characters"}},
             .answer = {.shape = &request_shape()},
             .handler = reject_request});
}

}  // namespace chancery::api
