// What devices are asked to do.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/fleet_json.h"
#include "api/json_views.h"
#include "pki/pem.h"
#include "wire/limits.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

std::int64_t id_of(const Input& input) { return input.integer("id").value_or(0); }

Result<ListPage> page_of(const Call& call, fleet::OrderFilter filter) {
  TRY(const hub::OrderPage page, call.services.orders.list(std::move(filter)));
  ListPage rows{.rows = {}, .next = page.next};
  for (const fleet::Order& order : page.rows) {
    json::object row = to_json(order);
    if (const std::string& name = page.names.at(order.node_id); !name.empty()) row["node"] = name;
    rows.rows.push_back(std::move(row));
  }
  return rows;
}

Result<http::Response> list_node_orders(const Call& call) {
  TRY(ListPage page, page_of(call, {.node_id = id_of(call.input),
                                    .before = call.input.integer("after").value_or(0),
                                    .limit = limit_of(call.input)}));
  return list_response("orders", std::move(page.rows), page.next);
}

Result<http::Response> list_orders(const Call& call) {
  const Input& input = call.input;
  fleet::OrderFilter filter{.node_id = input.integer("node"),
                            .cluster_id = input.integer("cluster"),
                            .state = fleet::order_state_from_text(input.text("state")),
                            .verb = input.optional_text("verb"),
                            .finished_after = input.time("finished_after")};
  return list_or_table(call, "orders", order_shape(), [&](std::int64_t after, int limit) {
    filter.before = after;
    filter.limit = limit;
    return page_of(call, filter);
  });
}

Result<http::Response> create_order(const Call& call) {
  const Input& input = call.input;
  hub::OrderRequest request{.node_id = id_of(input),
                            .verb = input.text("verb"),
                            .slot = input.text("slot"),
                            .parameters = {},
                            .certificates = {},
                            .lifetime = input.duration("lifetime")};
  for (const config::Setting& parameter : input.settings("parameters"))
    request.parameters[parameter.key] = parameter.value;
  for (const std::string& text : input.texts("certificates")) {
    TRY_IN("certificates", request.certificates.emplace_back(), from_base64(text));
  }
  TRY(const fleet::Order order, call.services.orders.create(std::move(request), call.caller));
  return json_response(201, to_json(order));
}

Result<http::Response> show_order(const Call& call) {
  TRY(const fleet::Order order, call.services.orders.find(id_of(call.input)));
  json::object body = to_json(order);
  TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
    TRY(const auto node, books.nodes().find(order.node_id));
    if (node) body["node"] = node->name;
    return {};
  }));
  return json_response(200, body);
}

Result<http::Response> cancel_order(const Call& call) {
  TRY(const fleet::Order order, call.services.orders.cancel(id_of(call.input), call.caller));
  return json_response(200, to_json(order));
}

Result<http::Response> repeat_order(const Call& call) {
  TRY(const fleet::Order order, call.services.orders.repeat(id_of(call.input), call.caller));
  return json_response(201, to_json(order));
}

std::vector<std::string_view> verb_names() {
  return {"read_inventory", "renew_slot",   "generate_csr", "install_certificate",
          "add_trust",      "remove_trust", "reload",       "restart"};
}

const Shape& order_list_shape() {
  static const Shape shape = list_shape("OrderList", "orders", order_shape(), true);
  return shape;
}

}  // namespace

void add_order_routes(RouteTable& table) {
  const Field node_id{.name = "id", .type = FieldType::integer, .help = "Of the node", .required = true, .least = 1};
  const Field id{.name = "id", .type = FieldType::integer, .help = "Of the order", .required = true, .least = 1};
  table.add({.method = "GET",
             .path = "/v1/nodes/{id}/orders",
             .name = "list_node_orders",
             .permission = Permission::view,
             .summary = "What a device was asked to do, newest first",
             .fields = {node_id, after_field(), limit_field()},
             .answer = {.shape = &order_list_shape()},
             .handler = list_node_orders});
  table.add({.method = "POST",
             .path = "/v1/nodes/{id}/orders",
             .name = "create_order",
             .permission = Permission::operate,
             .summary = "Asks a device to do something: at once if it is online, else when it comes",
             .fields = {node_id,
                        {.name = "verb", .help = "What to do", .required = true, .choices = verb_names()},
                        {.name = "slot", .help = "To which slot"},
                        {.name = "parameters",
                         .type = FieldType::text_map,
                         .help = "store of add_trust and remove_trust; sha256 of remove_trust; subject, names (of an "
                                 "alternative name the kind, a colon and the name, with commas between them) and key "
                                 "of generate_csr"},
                        {.name = "certificates",
                         .type = FieldType::text_list,
                         .help = "Of install_certificate and add_trust: DER in base64",
                         .most_bytes = (wire::most_der_bytes + 2) / 3 * 4},
                        {.name = "lifetime",
                         .type = FieldType::duration,
                         .help = "It is not begun later than this; a day if not given"}},
             .answer = {.status = 201, .shape = &order_shape()},
             .handler = create_order});
  table.add({.method = "GET",
             .path = "/v1/orders",
             .name = "list_orders",
             .permission = Permission::view,
             .summary = "What all devices were asked to do, newest first",
             .fields = {{.name = "state",
                         .help = "Only those in this state",
                         .choices = {"queued", "delivered", "done", "failed", "expired", "cancelled"}},
                        {.name = "node", .type = FieldType::integer, .help = "Only of the node of this id", .least = 1},
                        {.name = "cluster",
                         .type = FieldType::integer,
                         .help = "Only of nodes that are in the cluster of this id now",
                         .least = 1},
                        {.name = "verb", .help = "Only those that ask for this", .choices = verb_names()},
                        {.name = "finished_after", .type = FieldType::time, .help = "Only if it ended then or later"},
                        after_field(),
                        limit_field(),
                        format_field()},
             .answer = {.shape = &order_list_shape(), .table = true},
             .handler = list_orders});
  table.add({.method = "GET",
             .path = "/v1/orders/{id}",
             .name = "show_order",
             .permission = Permission::view,
             .summary = "What became of an order",
             .fields = {id},
             .answer = {.shape = &order_shape()},
             .handler = show_order});
  table.add({.method = "POST",
             .path = "/v1/orders/{id}/cancel",
             .name = "cancel_order",
             .permission = Permission::operate,
             .summary = "Gives an order up; a device that has it already may do it nevertheless",
             .fields = {id},
             .answer = {.shape = &order_shape()},
             .handler = cancel_order});
  table.add({.method = "POST",
             .path = "/v1/orders/{id}/repeat",
             .name = "repeat_order",
             .permission = Permission::operate,
             .summary = "Asks the same again where an order failed, expired or was cancelled",
             .fields = {id},
             .answer = {.status = 201, .shape = &order_shape()},
             .handler = repeat_order});
}

}  // namespace chancery::api
