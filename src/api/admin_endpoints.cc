// Endpoints and the settings that they have.

#include <algorithm>
#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/json_views.h"
#include "api/sentence.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

Result<http::Response> list_endpoints(const Call& call) {
  TRY(const std::vector<hub::EndpointView> views, call.services.endpoints.list());
  json::array rows;
  for (const hub::EndpointView& view : views) rows.push_back(to_json(view, call.services));
  return list_response("endpoints", std::move(rows));
}

Result<http::Response> show_endpoint(const Call& call) {
  TRY(const hub::EndpointView view, call.services.endpoints.show(call.input.text("name")));
  return json_response(200, to_json(view, call.services));
}

// Where a secret is read, and where it is sent: with both, whoever finds an administrator's screen unlocked could have
// any file of the server's sent to himself.
Result<std::optional<http::Response>> refuse_unconfirmed_secrets(const Call& call) {
  const auto settings = call.input.settings("settings");
  const auto is_of_web_hook = [](const config::Setting& setting) { return setting.key.starts_with("web_hook_"); };
  if (std::ranges::none_of(settings, is_of_web_hook)) return std::nullopt;
  return refuse_without_own_password(call);
}

Result<http::Response> add_endpoint(const Call& call) {
  TRY(auto stranger, refuse_unconfirmed_secrets(call));
  if (stranger) return *std::move(stranger);
  TRY(const hub::EndpointView view,
      call.services.endpoints.add(call.input.text("name"), call.input.settings("settings"), call.caller));
  return json_response(201, to_json(view, call.services));
}

Result<http::Response> change_endpoint(const Call& call) {
  TRY(auto stranger, refuse_unconfirmed_secrets(call));
  if (stranger) return *std::move(stranger);
  TRY(const hub::EndpointView view,
      call.services.endpoints.change(call.input.text("name"), call.input.settings("settings"), call.caller));
  return json_response(200, to_json(view, call.services));
}

Result<http::Response> remove_endpoint(const Call& call) {
  TRY_STATUS(call.services.endpoints.remove(call.input.text("name"), call.caller));
  return http::Response{.status = 204};
}

Result<http::Response> describe_settings(const Call&) {
  json::array rows;
  for (const config::OptionHelp& row : hub::endpoint_option_set().help()) {
    json::object setting{{"key", row.key}, {"type", row.type}, {"default", row.default_value}, {"help", row.help}};
    put_sentence(setting, "type_sentence", row.type);
    put_sentence(setting, "help_sentence", row.help);
    rows.push_back(std::move(setting));
  }
  return list_response("settings", std::move(rows));
}

const Shape& endpoint_list_shape() {
  static const Shape shape = list_shape("EndpointList", "endpoints", endpoint_shape(), false);
  return shape;
}

const Shape& setting_list_shape() {
  static const Shape setting{
      .name = "EndpointSetting",
      .fields = {{.name = "key", .help = "Its name", .required = true},
                 {.name = "type", .help = "What may stand there", .required = true},
                 {.name = "default", .help = "Its value in the preset rfc8894; empty: none", .required = true},
                 {.name = "help", .help = "What it does", .required = true},
                 sentence_field("type_sentence", "`type`, where it is more than a list or a choice"),
                 sentence_field("help_sentence", "`help`")}};
  static const Shape shape = list_shape("EndpointSettingList", "settings", setting, false);
  return shape;
}

Field name_field() { return {.name = "name", .help = "Name of the endpoint, as in its URL", .required = true}; }

Field settings_field() {
  return {.name = "settings",
          .type = FieldType::text_map,
          .help = "Settings as text, a list with commas between its items; /v1/endpoint-settings describes them",
          .required = true};
}

}  // namespace

void add_endpoint_routes(RouteTable& table) {
  table.add({.method = "GET",
             .path = "/v1/endpoints",
             .name = "list_endpoints",
             .permission = Permission::view,
             .summary = "All endpoints",
             .answer = {.shape = &endpoint_list_shape()},
             .handler = list_endpoints});
  table.add({.method = "POST",
             .path = "/v1/endpoints",
             .name = "add_endpoint",
             .permission = Permission::administer,
             .summary = "Adds an endpoint, which serves at once",
             .fields = {name_field(), settings_field(), own_password_field()},
             .answer = {.status = 201, .shape = &endpoint_shape()},
             .handler = add_endpoint});
  table.add({.method = "GET",
             .path = "/v1/endpoints/{name}",
             .name = "show_endpoint",
             .permission = Permission::view,
             .summary = "One endpoint",
             .fields = {name_field()},
             .answer = {.shape = &endpoint_shape()},
             .handler = show_endpoint});
  table.add({.method = "PATCH",
             .path = "/v1/endpoints/{name}",
             .name = "change_endpoint",
             .permission = Permission::administer,
             .summary = "Changes the settings that are sent; a preset sets the others to its defaults",
             .fields = {name_field(), settings_field(), own_password_field()},
             .answer = {.shape = &endpoint_shape()},
             .handler = change_endpoint});
  table.add({.method = "DELETE",
             .path = "/v1/endpoints/{name}",
             .name = "remove_endpoint",
             .permission = Permission::administer,
             .summary = "Removes an endpoint; its certificates stay, and cannot be renewed there any more",
             .fields = {name_field()},
             .answer = {.status = 204},
             .handler = remove_endpoint});
  table.add({.method = "GET",
             .path = "/v1/endpoint-settings",
             .name = "describe_endpoint_settings",
             .permission = Permission::view,
             .summary = "The settings that an endpoint has",
             .answer = {.shape = &setting_list_shape()},
             .handler = describe_settings});
}

}  // namespace chancery::api
