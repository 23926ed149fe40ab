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

}  // namespace

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

http::Response RouteTable::handle(AdminServices& services, const http::Request& request,
                                  const hub::Caller& caller) const {
  const RouteMatch found = find(request.method, request.path());
  if (found.allowed.empty())
    return problem(404, ErrorCode::not_found, "there is nothing at this path: 'chancery docs api' lists all paths");
  if (found.route == nullptr) {
    http::Response response = problem(405, ErrorCode::invalid, fmt::format("this path takes {}", found.allowed));
    response.headers.push_back({"Allow", found.allowed});
    return response;
  }
  const auto input = Input::read(found.route->fields, found.parameters, request);
  if (!input) return json_error(input.error());
  auto response = found.route->handler({.services = services, .input = *input, .caller = caller});
  return response ? *std::move(response) : json_error(response.error());
}

}  // namespace chancery::api
