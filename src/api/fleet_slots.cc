// The slots of many nodes as one list.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/fleet_json.h"
#include "api/json_views.h"
#include "hub/slot_list.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

std::optional<fleet::Worst> worst_from(std::string_view text) {
  using enum fleet::Worst;
  for (const fleet::Worst worst : {expiring, failed, expired, revoked})
    if (to_string(worst) == text) return worst;
  return std::nullopt;
}

json::object to_json(const Call& call, const hub::NodeSlot& row) {
  const fleet::Node& node = row.node;
  json::object object{{"node_id", node.id},
                      {"node", node.name},
                      {"node_state", to_string(node.state)},
                      {"online", node.state != fleet::NodeState::blocked && call.services.nodes.online(node.id)},
                      {"worst", to_string(row.worst)}};
  if (row.facts && !row.facts->issuer.empty()) object["issuer"] = row.facts->issuer;
  const SlotView view{.slot = row.slot, .facts = row.facts, .now = call.services.context.clock.now()};
  for (auto& member : api::to_json(view)) object.emplace(member.key(), std::move(member.value()));
  return object;
}

const Shape& node_slot_shape() {
  static const Shape shape = [] {
    Shape made{
        .name = "NodeSlot",
        .fields = {
            {.name = "node_id", .type = FieldType::integer, .help = "Whose slot it is", .required = true},
            {.name = "node", .help = "That node's name", .required = true},
            {.name = "node_state",
             .help = "Whether the hub deals with the node",
             .required = true,
             .choices = {"expected", "waiting", "admitted", "blocked"}},
            {.name = "online", .type = FieldType::flag, .help = "Whether the node is connected now", .required = true},
            {.name = "worst",
             .help = "The state of the slot in one word",
             .required = true,
             .choices = {"empty", "ok", "expiring", "failed", "expired", "revoked"}},
            {.name = "issuer", .help = "Of the certificate in use"}}};
    const std::vector<Field> slot = slot_fields();
    made.fields.insert(made.fields.end(), slot.begin(), slot.end());
    return made;
  }();
  return shape;
}

Result<http::Response> list_slots(const Call& call) {
  const Input& input = call.input;
  const std::string problem = input.text("problem");
  hub::SlotFilter filter{.cluster_id = input.integer("cluster"),
                         .text = input.text("text"),
                         .troubled = problem == "any",
                         .worst = worst_from(problem),
                         .failed = problem == "failed_stage"};
  return list_or_table(call, "slots", node_slot_shape(), [&](std::int64_t after, int limit) -> Result<ListPage> {
    filter.after = after;
    filter.limit = limit;
    TRY(const hub::SlotPage page, hub::list_slots(call.services.context, filter));
    ListPage rows{.rows = {}, .next = page.next};
    for (const hub::NodeSlot& row : page.rows) rows.rows.push_back(to_json(call, row));
    return rows;
  });
}

const Shape& slot_list_shape() {
  static const Shape shape = list_shape("SlotList", "slots", node_slot_shape(), true);
  return shape;
}

}  // namespace

void add_slot_routes(RouteTable& table) {
  table.add(
      {.method = "GET",
       .path = "/v1/slots",
       .name = "list_slots",
       .permission = Permission::view,
       .summary = "What the slots of nodes hold, by the names of the nodes; those of one node are on one page",
       .fields = {{.name = "cluster", .type = FieldType::integer, .help = "Only of nodes of the cluster with this id"},
                  {.name = "text", .help = "In the node's name, product or address"},
                  {.name = "problem",
                   .help = "Only those whose state is this, in one word; any: all of these; failed_stage: those that "
                           "failed_slots counts, by the stage they are in. Of nodes that are not blocked",
                   .choices = {"any", "revoked", "expired", "failed", "expiring", "failed_stage"}},
                  after_field(),
                  limit_field(),
                  format_field()},
       .answer = {.shape = &slot_list_shape(), .table = true},
       .handler = list_slots});
}

}  // namespace chancery::api
