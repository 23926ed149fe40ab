// Nodes, their events and challenges.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/fleet_json.h"
#include "api/json_views.h"
#include "api/minted_challenge.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

NodeView view_of(const Call& call, const fleet::Node& node) {
  // A blocked node's link has ended, however lately it was here.
  const bool online = node.state != fleet::NodeState::blocked && call.services.nodes.online(node.id);
  return {.node = node, .online = online, .now = call.services.context.clock.now()};
}

http::Response node_response(const Call& call, const fleet::Node& node) {
  return json_response(200, to_json(view_of(call, node)));
}

fleet::NodeId id_of(const Input& input) { return input.integer("id").value_or(0); }

fleet::NodeSort sort_of(std::string_view text) {
  if (text == "last_seen") return fleet::NodeSort::last_seen;
  if (text == "product") return fleet::NodeSort::product;
  if (text == "next_expiry") return fleet::NodeSort::next_expiry;
  return fleet::NodeSort::name;
}

// An agent that holds its call is here; one that has not called for that long is missed.
constexpr Seconds unseen_after = std::chrono::hours(1);

Result<http::Response> list_nodes(const Call& call) {
  const Input& input = call.input;
  const Timestamp now = call.services.context.clock.now();
  fleet::NodeFilter filter{.text = input.text("text"),
                           .name = input.text("name"),
                           .state = fleet::node_state_from_text(input.text("state")),
                           .product = input.optional_text("product"),
                           .cluster_id = input.integer("cluster"),
                           .sort = sort_of(input.text("sort")),
                           .descending = input.flag("descending")};
  const std::string problem = input.text("problem");
  if (problem == "failed") filter.failed_slots = true;
  if (problem == "revoked") filter.revoked_slots = true;
  if (problem == "expiring") filter.expiring_at = now;
  if (problem == "unseen") filter.last_seen_before = now - unseen_after;
  return list_or_table(call, "nodes", node_shape(), [&](std::int64_t after, int limit) -> Result<ListPage> {
    filter.after = after;
    filter.limit = limit;
    TRY(const fleet::NodePage page, call.services.nodes.list(filter));
    ListPage rows{.rows = {}, .next = page.next};
    for (const fleet::Node& node : page.rows) rows.rows.push_back(to_json(view_of(call, node)));
    return rows;
  });
}

hub::ChallengeOrder challenge_of(const Input& input) {
  return {.endpoint = input.text("endpoint"),
          .binding = {.subject = input.optional_text("subject"), .alternative_names = input.texts("alternative_names")},
          .lifetime = input.duration("lifetime"),
          .note = {}};
}

Result<http::Response> add_node(const Call& call) {
  const Input& input = call.input;
  hub::NodeOrder order{.name = input.text("name"),
                       .product = input.text("product"),
                       .cluster_id = input.integer("cluster").value_or(0),
                       .challenge = {}};
  if (input.optional_text("endpoint"))
    order.challenge = hub::NodeChallengeOrder{.slot = input.text("slot"), .challenge = challenge_of(input)};
  TRY(const hub::AddedNode added, call.services.nodes.add(order, call.caller));
  json::object body{{"node", to_json(view_of(call, added.node))}};
  if (added.challenge) body["challenge"] = minted_challenge_json(call.services, *added.challenge);
  return json_response(201, body);
}

Result<http::Response> show_node(const Call& call) {
  TRY(const hub::NodeDetails details, call.services.nodes.details(id_of(call.input)));
  return json_response(200, to_detailed_json(details, view_of(call, details.node)));
}

Result<http::Response> change_node(const Call& call) {
  const Input& input = call.input;
  TRY(const fleet::Node node, call.services.nodes.change(id_of(input),
                                                         {.name = input.optional_text("name"),
                                                          .product = input.optional_text("product"),
                                                          .cluster_id = input.integer("cluster")},
                                                         call.caller));
  return node_response(call, node);
}

Result<http::Response> remove_node(const Call& call) {
  TRY_STATUS(call.services.nodes.remove(id_of(call.input), call.caller));
  return http::Response{.status = 204};
}

Result<http::Response> admit_node(const Call& call) {
  TRY(const fleet::Node node, call.services.nodes.admit(id_of(call.input), call.caller));
  return node_response(call, node);
}

Result<http::Response> block_node(const Call& call) {
  TRY(const fleet::Node node, call.services.nodes.block(id_of(call.input), call.caller));
  return node_response(call, node);
}

Result<http::Response> mint_node_challenge(const Call& call) {
  TRY(const ca::MintedChallenge minted,
      call.services.nodes.challenge(
          id_of(call.input), {.slot = call.input.text("slot"), .challenge = challenge_of(call.input)}, call.caller));
  return json_response(201, minted_challenge_json(call.services, minted));
}

Result<http::Response> list_node_events(const Call& call) {
  const int limit = limit_of(call.input);
  TRY(std::vector<fleet::NodeEvent> events,
      call.services.nodes.events(id_of(call.input), call.input.integer("after").value_or(0), limit + 1));
  const bool more = std::ssize(events) > limit;
  if (more) events.resize(static_cast<std::size_t>(limit));
  json::array rows;
  for (const fleet::NodeEvent& event : events) rows.push_back(to_json(event));
  return list_response("events", std::move(rows), more ? events.back().number : 0);
}

const Shape& node_list_shape() {
  static const Shape shape = list_shape("NodeList", "nodes", node_shape(), true);
  return shape;
}

const Shape& node_event_list_shape() {
  static const Shape shape = list_shape("NodeEventList", "events", node_event_shape(), true);
  return shape;
}

const Shape& added_node_shape() {
  static const Shape shape{
      .name = "AddedNode",
      .fields = {
          {.name = "node", .type = FieldType::object, .help = "The node", .required = true, .shape = &node_shape()},
          {.name = "challenge",
           .type = FieldType::object,
           .help = "With what its device enrols; where an endpoint was named",
           .shape = &minted_challenge_shape()}}};
  return shape;
}

Field cluster_field() {
  return {.name = "cluster", .type = FieldType::integer, .help = "The id of its cluster; 0: none"};
}

// What a challenge for a node is good for.
std::vector<Field> challenge_fields(bool required) {
  return {{.name = "slot", .help = "Which slot the device enrols with it", .required = required},
          {.name = "endpoint", .help = "Where it is good", .required = required},
          {.name = "subject", .help = "The subject that the request must have, RFC 4514"},
          {.name = "alternative_names",
           .type = FieldType::text_list,
           .help = "Names that the request must have, such as dns:host.example or ip:192.0.2.7"},
          {.name = "lifetime",
           .type = FieldType::duration,
           .help = "How long the challenge is good, such as 12h; the endpoint's if not given"}};
}

std::vector<Field> joined(std::vector<Field> fields, const std::vector<Field>& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

}  // namespace

void add_node_routes(RouteTable& table) {
  const Field id{.name = "id", .type = FieldType::integer, .help = "Of the node", .required = true, .least = 1};
  table.add(
      {.method = "GET",
       .path = "/v1/nodes",
       .name = "list_nodes",
       .permission = Permission::view,
       .summary = "Devices with an agent",
       .fields = {{.name = "text", .help = "In name, product or address"},
                  {.name = "name", .help = "Only the one of exactly this name"},
                  {.name = "state", .help = "Only those", .choices = {"expected", "waiting", "admitted", "blocked"}},
                  {.name = "product", .help = "Only of this kind"},
                  {.name = "cluster", .type = FieldType::integer, .help = "Only of the cluster with this id"},
                  {.name = "problem",
                   .help = "Only with a slot that failed, with a certificate that should have been renewed, not "
                           "here for an hour, or not blocked though the certificate of a slot is revoked",
                   .choices = {"failed", "expiring", "unseen", "revoked"}},
                  {.name = "sort",
                   .help = "The order; by name if not given",
                   .choices = {"name", "last_seen", "product", "next_expiry"}},
                  {.name = "descending", .type = FieldType::flag, .help = "Last or latest first"},
                  after_field(),
                  limit_field(),
                  format_field()},
       .answer = {.shape = &node_list_shape(), .table = true},
       .handler = list_nodes});
  table.add({.method = "POST",
             .path = "/v1/nodes",
             .name = "add_node",
             .permission = Permission::operate,
             .summary = "Announces a device, and mints the challenge with which it enrols",
             .fields = joined({{.name = "name", .help = "For people; unique", .required = true},
                               {.name = "product", .help = "What kind of device it is, such as printer"},
                               cluster_field()},
                              challenge_fields(false)),
             .answer = {.status = 201, .shape = &added_node_shape()},
             .handler = add_node});
  table.add({.method = "GET",
             .path = "/v1/nodes/{id}",
             .name = "show_node",
             .permission = Permission::view,
             .summary = "A device, with what it said about itself",
             .fields = {id},
             .answer = {.shape = &node_details_shape()},
             .handler = show_node});
  table.add({.method = "PATCH",
             .path = "/v1/nodes/{id}",
             .name = "change_node",
             .permission = Permission::operate,
             .summary = "Changes what is given",
             .fields = {id,
                        {.name = "name", .help = "The new name"},
                        {.name = "product", .help = "What kind of device it is"},
                        cluster_field()},
             .answer = {.shape = &node_shape()},
             .handler = change_node});
  table.add({.method = "DELETE",
             .path = "/v1/nodes/{id}",
             .name = "remove_node",
             .permission = Permission::operate,
             .summary = "Forgets a device; one whose certificate is still good comes back as an unknown one",
             .fields = {id},
             .answer = {.status = 204},
             .handler = remove_node});
  table.add({.method = "POST",
             .path = "/v1/nodes/{id}/admit",
             .name = "admit_node",
             .permission = Permission::operate,
             .summary = "Lets an unknown or blocked device in",
             .fields = {id},
             .answer = {.shape = &node_shape()},
             .handler = admit_node});
  table.add({.method = "POST",
             .path = "/v1/nodes/{id}/block",
             .name = "block_node",
             .permission = Permission::operate,
             .summary = "Shuts a device out; its certificates stay valid until they are revoked",
             .fields = {id},
             .answer = {.shape = &node_shape()},
             .handler = block_node});
  table.add({.method = "POST",
             .path = "/v1/nodes/{id}/challenges",
             .name = "mint_node_challenge",
             .permission = Permission::operate,
             .summary = "Mints a challenge for a slot of the device, in place of one that was not used",
             .fields = joined({id}, challenge_fields(true)),
             .answer = {.status = 201, .shape = &minted_challenge_shape()},
             .handler = mint_node_challenge});
  table.add({.method = "GET",
             .path = "/v1/nodes/{id}/events",
             .name = "list_node_events",
             .permission = Permission::view,
             .summary = "What the device reported, newest first",
             .fields = {id, after_field(), limit_field()},
             .answer = {.shape = &node_event_list_shape()},
             .handler = list_node_events});
}

}  // namespace chancery::api
