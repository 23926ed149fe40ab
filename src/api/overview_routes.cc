// What needs a person, and what changed: the page that everybody opens first, and what keeps pages up to date.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/json_views.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

// An agent that holds its call is here; one that has not called for that long is missed.
constexpr Seconds unseen_after = std::chrono::hours(1);
constexpr Seconds failures_shown = std::chrono::days(7);

Status count_fleet(hub::Books& books, Timestamp now, json::object& body) {
  TRY(body["nodes"], books.nodes().count());
  TRY(body["waiting_nodes"], books.nodes().count(fleet::NodeState::waiting));
  TRY(body["unseen_nodes"], books.nodes().count_unseen(now - unseen_after));
  TRY(body["slots"], books.inventories().count_slots());
  TRY(body["failed_slots"], books.inventories().count_failed_slots());
  TRY(body["revoked_slots"], books.inventories().count_revoked_slots());
  TRY(body["failed_orders"], books.orders().count_failed(now - failures_shown));
  return {};
}

Result<http::Response> show_overview(const Call& call) {
  const Timestamp now = call.services.context.clock.now();
  constexpr Timestamp never{std::chrono::days(4'000'000)};
  json::object body;
  TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
    TRY(body["expired"], books.certificates().count_current(Timestamp(), now));
    TRY(body["expiring_7_days"], books.certificates().count_expiring(now, now + std::chrono::days(7)));
    TRY(body["expiring_30_days"], books.certificates().count_expiring(now, now + std::chrono::days(30)));
    TRY(body["certificates"], books.certificates().count_current(now, never));
    TRY(body["pending_requests"], books.transactions().count(hub::TransactionRecord::State::pending));
    return count_fleet(books, now, body);
  }));
  body["refused_requests"] = call.services.refusals.list(now - std::chrono::days(1)).size();
  return json_response(200, body);
}

Result<http::Response> list_changes(const Call& call) {
  return changes_response(call.services.changes.since(call.input.integer("since").value_or(0)));
}

void hold_changes(const Call& call, http::Reply reply) {
  call.services.changes_door.hold(call.input.integer("since").value_or(0), std::move(reply));
}

Field count_field(std::string_view name, std::string_view help) {
  return {.name = name, .type = FieldType::integer, .help = help, .required = true};
}

const Shape& overview_shape() {
  static const Shape shape{
      .name = "Overview",
      .fields = {
          count_field("expired", "Certificates that ended and were neither renewed nor revoked"),
          count_field("expiring_7_days",
                      "Certificates that end within 7 days and are in the last fifth of their life, not renewed yet"),
          count_field("expiring_30_days", "The same within 30 days"),
          count_field("failed_slots", "Slots whose last attempt failed"),
          count_field("revoked_slots", "Slots whose certificate is revoked, of nodes that are not blocked"),
          count_field("waiting_nodes", "Nodes that wait to be admitted"),
          count_field("unseen_nodes", "Admitted nodes that were not here for an hour"),
          count_field("pending_requests", "Requests that wait for a decision"),
          count_field("refused_requests", "Devices that were refused within a day, at most 200"),
          count_field("failed_orders", "Orders that failed within 7 days"),
          count_field("nodes", "All nodes"),
          count_field("slots", "All slots of all nodes"),
          count_field("certificates", "Certificates in use: valid, not revoked, not replaced by another"),
      }};
  return shape;
}

const Shape& changes_shape() {
  static const Shape shape{
      .name = "Changes",
      .fields = {{.name = "sequence", .type = FieldType::integer, .help = "`since` of the next call", .required = true},
                 {.name = "topics",
                  .type = FieldType::text_list,
                  .help = "What changed: nodes, certificates, requests, authority, audit, orders, users",
                  .required = true}}};
  return shape;
}

}  // namespace

void add_overview_routes(RouteTable& table) {
  table.add({.method = "GET",
             .path = "/v1/overview",
             .name = "show_overview",
             .permission = Permission::view,
             .summary = "What needs a person, in numbers",
             .answer = {.shape = &overview_shape()},
             .handler = show_overview});
  table.add({.method = "GET",
             .path = "/v1/changes",
             .name = "list_changes",
             .permission = Permission::view,
             .summary = "What changed since; held for up to 25 s until something does",
             .fields = {{.name = "since", .type = FieldType::integer, .help = "`sequence` of the call before"}},
             .answer = {.shape = &changes_shape()},
             .handler = list_changes,
             .holding_handler = hold_changes});
}

}  // namespace chancery::api
