// What devices are asked to do.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/fleet_json.h"
#include "api/json_views.h"
#include "pki/pem.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

std::int64_t id_of(const Input& input) { return input.integer("id").value_or(0); }

Result<http::Response> list_node_orders(const Call& call) {
  const int limit = limit_of(call.input);
  TRY(std::vector<fleet::Order> orders,
      call.services.orders.list(id_of(call.input), call.input.integer("after").value_or(0), limit + 1));
  const bool more = std::ssize(orders) > limit;
  if (more) orders.resize(static_cast<std::size_t>(limit));
  json::array rows;
  for (const fleet::Order& order : orders) rows.push_back(to_json(order));
  return list_response("orders", std::move(rows), more ? orders.back().id : 0);
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
  return json_response(200, to_json(order));
}

Result<http::Response> cancel_order(const Call& call) {
  TRY(const fleet::Order order, call.services.orders.cancel(id_of(call.input), call.caller));
  return json_response(200, to_json(order));
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
                        {.name = "verb",
                         .help = "What to do",
                         .required = true,
                         .choices = {"read_inventory", "renew_slot", "generate_csr", "install_certificate", "add_trust",
                                     "remove_trust", "reload", "restart"}},
                        {.name = "slot", .help = "To which slot"},
                        {.name = "parameters",
                         .type = FieldType::text_map,
                         .help = "store of add_trust and remove_trust; sha256 of remove_trust"},
                        {.name = "certificates",
                         .type = FieldType::text_list,
                         .help = "Of install_certificate and add_trust: DER in base64"},
                        {.name = "lifetime",
                         .type = FieldType::duration,
                         .help = "It is not begun later than this; a day if not given"}},
             .answer = {.status = 201, .shape = &order_shape()},
             .handler = create_order});
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
}

}  // namespace chancery::api
