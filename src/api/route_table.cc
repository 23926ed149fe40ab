#include "api/route_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "api/error_status.h"
#include "base/check.h"

namespace chancery::api {
namespace {

std::string_view next_segment(std::string_view& path) {
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), segment.size() + 1));
  return segment;
}

std::optional<std::string_view> parameter_name(std::string_view segment) {
  if (!segment.starts_with('{') || !segment.ends_with('}')) return std::nullopt;
  return segment.substr(1, segment.size() - 2);
}

// The values of the pattern's parameters; nothing when the path is another one. A parameter is never empty.
std::optional<PathParameters> match(std::string_view pattern, std::string_view path) {
  if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return std::nullopt;
  PathParameters parameters;
  while (!pattern.empty()) {
    const std::string_view expected = next_segment(pattern);
    const std::string_view found = next_segment(path);
    if (const auto name = parameter_name(expected); name && !found.empty())
      parameters.emplace_back(*name, found);
    else if (expected != found)
      return std::nullopt;
  }
  return parameters;
}

http::Response problem(unsigned status, ErrorCode code, std::string text) {
  http::Response response = json_error(Error(code, std::move(text)));
  response.status = status;
  return response;
}

// What keeps a visitor from a route.
std::optional<http::Response> refusal(const Route& route, const Visitor& visitor) {
  if (route.permission == Permission::anyone) return std::nullopt;
  if (!visitor.role) return sign_in_first();
  if (route.permission == Permission::self) return std::nullopt;
  if (visitor.session != nullptr && visitor.session->must_change_password)
    return json_error(Error(ErrorCode::refused, "choose a password of your own first"));
  if (allows(*visitor.role, route.permission)) return std::nullopt;
  const hub::Role least = route.permission == Permission::operate ? hub::Role::operator_ : hub::Role::administrator;
  return json_error(Error(ErrorCode::refused, fmt::format("this needs the role {}, and yours is {}",
                                                          hub::to_string(least), hub::to_string(*visitor.role))));
}

}  // namespace

std::string_view to_string(Permission permission) {
  switch (permission) {
    case Permission::administer: return "administer";
    case Permission::operate: return "operate";
    case Permission::view: return "view";
    case Permission::self: return "self";
    case Permission::anyone: return "anyone";
  }
  CHECK(false);
}

bool allows(hub::Role role, Permission permission) {
  switch (permission) {
    case Permission::administer: return role == hub::Role::administrator;
    case Permission::operate: return role == hub::Role::administrator || role == hub::Role::operator_;
    case Permission::view:
    case Permission::self:
    case Permission::anyone: return true;
  }
  return false;
}

http::Response sign_in_first() { return problem(401, ErrorCode::refused, "sign in first"); }

void RouteTable::add(Route route) {
  CHECK(route.handler != nullptr);
  for (const Route& other : routes_)
    CHECK(other.name != route.name && (other.method != route.method || other.path != route.path));
  for (std::string_view path = route.path; !path.empty();)
    if (const auto name = parameter_name(next_segment(path)))
      CHECK(std::ranges::find(route.fields, *name, &Field::name) != route.fields.end());
  routes_.push_back(std::move(route));
}

RouteMatch RouteTable::find(std::string_view method, std::string_view path) const {
  if (method == "HEAD") method = "GET";
  RouteMatch found;
  for (const Route& route : routes_) {
    auto parameters = match(route.path, path);
    if (!parameters) continue;
    found.allowed.append(found.allowed.empty() ? "" : ", ").append(route.method);
    // A word beats a parameter: /v1/crls/publish is no generation.
    if (route.method != method || (found.route != nullptr && parameters->size() >= found.parameters.size())) continue;
    found.route = &route;
    found.parameters = *std::move(parameters);
  }
  return found;
}

struct RouteTable::Admission {
  const Route* route = nullptr;
  Input input;
  http::Response answer;  // where there is no route
};

RouteTable::Admission RouteTable::admit(std::string_view path, const http::Request& request,
                                        const Visitor& visitor) const {
  const RouteMatch found = find(request.method, path);
  if (found.allowed.empty())
    return {.answer = problem(404, ErrorCode::not_found,
                              "there is nothing at this path: 'chancery docs api' lists all paths")};
  if (found.route == nullptr) {
    http::Response response = problem(405, ErrorCode::invalid, fmt::format("this path takes {}", found.allowed));
    response.headers.push_back({"Allow", found.allowed});
    return {.answer = std::move(response)};
  }
  if (auto response = refusal(*found.route, visitor)) return {.answer = *std::move(response)};
  auto input = Input::read(found.route->fields, found.parameters, request);
  if (!input) return {.answer = json_error(input.error())};
  return {.route = found.route, .input = *std::move(input)};
}

http::Response RouteTable::handle(AdminServices& services, std::string_view path, const http::Request& request,
                                  const Visitor& visitor) const {
  Admission admitted = admit(path, request, visitor);
  if (admitted.route == nullptr) return std::move(admitted.answer);
  auto response = admitted.route->handler({.services = services,
                                           .input = admitted.input,
                                           .caller = visitor.caller,
                                           .visitor = visitor,
                                           .request = request});
  return response ? *std::move(response) : json_error(response.error());
}

void RouteTable::answer(AdminServices& services, std::string_view path, const http::Request& request,
                        const Visitor& visitor, http::Reply reply) const {
  Admission admitted = admit(path, request, visitor);
  if (admitted.route == nullptr) return reply.send(std::move(admitted.answer));
  const Call call{
      .services = services, .input = admitted.input, .caller = visitor.caller, .visitor = visitor, .request = request};
  if (admitted.route->holding_handler != nullptr) return admitted.route->holding_handler(call, std::move(reply));
  auto response = admitted.route->handler(call);
  reply.send(response ? *std::move(response) : json_error(response.error()));
}

}  // namespace chancery::api
