// The audit trail.

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/audit_actions.h"
#include "api/json_views.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

Result<http::Response> list_audit(const Call& call) {
  const std::int64_t before = call.input.integer("before").value_or(0);
  const bool newest = call.input.flag("newest") || before != 0;
  if (newest && call.input.integer("after").value_or(0) != 0)
    return invalid("newest: does not go together with after; before does");
  hub::AuditFilter filter{.action = call.input.text("action"),
                          .actor = call.input.text("actor"),
                          .subject = call.input.text("subject"),
                          .text = call.input.text("text"),
                          .since = call.input.time("since"),
                          .until = call.input.time("until"),
                          .newest_first = newest};
  return list_or_table(call, "events", audit_event_shape(), [&](std::int64_t after, int limit) -> Result<ListPage> {
    std::vector<hub::AuditEvent> events;
    if (filter.is_set()) {
      filter.after = newest && after == 0 ? before : after;
      filter.limit = limit;
      hub::AuditPage found;
      TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
        TRY(found, books.audit().find(filter));
        return {};
      }));
      ListPage page{.rows = {}, .next = found.next};
      for (const hub::AuditEvent& event : found.events) page.rows.push_back(to_json(event));
      return page;
    }
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

Result<http::Response> show_audit_event(const Call& call) {
  const std::int64_t sequence = call.input.integer("sequence").value_or(0);
  // It and the one before, whose hash its own is over.
  std::vector<hub::AuditEvent> events;
  TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
    TRY(events, books.audit().list(std::max<std::int64_t>(sequence - 2, 0), sequence == 1 ? 1 : 2));
    return {};
  }));
  if (events.empty() || events.back().sequence != sequence)
    return not_found(fmt::format("there is no audit event {}", sequence));
  json::object body = to_json(events.back());
  if (events.size() == 2) body["previous_hash"] = to_hex(events.front().hash);
  return json_response(200, body);
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

const Shape& audit_details_shape() {
  static const Shape shape = [] {
    Shape made{.name = "AuditEventDetails", .fields = audit_event_shape().fields};
    made.fields.push_back({.name = "previous_hash", .help = "`hash` of the event before; missing of the first"});
    return made;
  }();
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
             .fields = {{.name = "action", .help = "Only of this kind", .choices = audit_actions()},
                        {.name = "actor", .help = "Only by exactly that one, such as `user anna` or `scep 192.0.2.7`"},
                        {.name = "subject", .help = "Only what was done to exactly this: a serial, a name, a number"},
                        {.name = "text",
                         .help = "Only with exactly this as the subject, or as the actor, with or without the door "
                                 "that stands before a name: `anna` is `user anna`, too"},
                        {.name = "since", .type = FieldType::time, .help = "Only from then on"},
                        {.name = "until", .type = FieldType::time, .help = "Only before then"},
                        {.name = "after",
                         .type = FieldType::integer,
                         .help = "Only events with a higher sequence; behind a filter, the rest of the list"},
                        {.name = "newest",
                         .type = FieldType::flag,
                         .help = "Newest first; `next` is then `before` of the next page"},
                        {.name = "before",
                         .type = FieldType::integer,
                         .help = "Newest first, only events with a lower sequence; behind a filter, the rest"},
                        limit_field(),
                        format_field()},
             .answer = {.shape = &audit_list_shape(), .table = true},
             .handler = list_audit});
  table.add(
      {.method = "GET",
       .path = "/v1/audit/{sequence}",
       .name = "show_audit_event",
       .permission = Permission::view,
       .summary = "An event of the audit trail, with the hash that its own is over",
       .fields =
           {{.name = "sequence", .type = FieldType::integer, .help = "Of the event", .required = true, .least = 1}},
       .answer = {.shape = &audit_details_shape()},
       .handler = show_audit_event});
  table.add({.method = "POST",
             .path = "/v1/audit/verify",
             .name = "verify_audit_trail",
             .permission = Permission::view,
             .summary = "Walks the whole chain; 409 names the first event that does not fit",
             .answer = {.shape = &audit_check_shape()},
             .handler = verify_audit});
}

}  // namespace chancery::api
