// The audit trail.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/json_views.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

Result<http::Response> list_audit(const Call& call) {
  const std::int64_t before = call.input.integer("before").value_or(0);
  const bool newest = call.input.flag("newest") || before != 0;
  if (newest && call.input.integer("after").value_or(0) != 0)
    return invalid("newest: does not go together with after; before does");
  return list_or_table(call, "events", audit_event_shape(), [&](std::int64_t after, int limit) -> Result<ListPage> {
    std::vector<hub::AuditEvent> events;
    TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
      TRY(events,
          newest ? books.audit().newest(after != 0 ? after : before, limit + 1) : books.audit().list(after, limit + 1));
      return {};
    }));
    const bool more = std::ssize(events) > limit;
    if (more) events.resize(static_cast<std::size_t>(limit));
    ListPage page{.next = more ? events.back().sequence : 0};
    for (const hub::AuditEvent& event : events) page.rows.push_back(to_json(event));
    return page;
  });
}

Result<http::Response> verify_audit(const Call& call) {
  TRY(const hub::AuditProof proof, call.services.audit_check.run());
  json::object body{{"events", proof.events}};
  if (proof.events != 0) body["hash"] = to_hex(proof.hash);
  return json_response(200, body);
}

const Shape& audit_list_shape() {
  static const Shape shape = list_shape("AuditEventList", "events", audit_event_shape(), true);
  return shape;
}

const Shape& audit_check_shape() {
  static const Shape shape{
      .name = "AuditCheck",
      .fields = {
          {.name = "events", .type = FieldType::integer, .help = "How many fit together", .required = true},
          {.name = "hash", .help = "Of the newest event: keep it elsewhere, and a rewritten trail can be told"},
      }};
  return shape;
}

}  // namespace

void add_audit_routes(RouteTable& table) {
  table.add({.method = "GET",
             .path = "/v1/audit",
             .name = "list_audit_events",
             .permission = Permission::view,
             .summary = "The audit trail, oldest first; or its newest events, newest first",
             .fields = {{.name = "after", .type = FieldType::integer, .help = "Only events with a higher sequence"},
                        {.name = "newest",
                         .type = FieldType::flag,
                         .help = "Newest first; `next` is then `before` of the next page"},
                        {.name = "before",
                         .type = FieldType::integer,
                         .help = "Newest first, only events with a lower sequence"},
                        limit_field(),
                        format_field()},
             .answer = {.shape = &audit_list_shape(), .table = true},
             .handler = list_audit});
  table.add({.method = "POST",
             .path = "/v1/audit/verify",
             .name = "verify_audit_trail",
             .permission = Permission::view,
             .summary = "Walks the whole chain; 409 names the first event that does not fit",
             .answer = {.shape = &audit_check_shape()},
             .handler = verify_audit});
}

}  // namespace chancery::api
