#pragma once

// The API as one table: routing, permission, input checks and the OpenAPI description all come from it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/admin_api.h"
#include "api/input.h"
#include "api/shape.h"

namespace chancery::api {

// What a caller must be allowed to.
enum class Permission : std::uint8_t { administer };

struct Call {
  AdminServices& services;
  const Input& input;
  const hub::Caller& caller;
};
using RouteHandler = Result<http::Response> (*)(const Call& call);

// What comes back when all went well.
struct Answer {
  unsigned status = 200;
  const Shape* shape = nullptr;   // of the JSON object; nothing when it is no JSON, or nothing at all (204)
  std::string_view content_type;  // where it is no JSON
};

struct Route {
  std::string_view method;  // "GET"
  std::string_view path;    // "/v1/requests/{id}/approve"; a field describes each {parameter}
  std::string_view name;    // "approve_request": unique, for clients made from the description
  Permission permission = Permission::administer;
  std::string_view summary;
  std::vector<Field> fields;
  Answer answer;
  RouteHandler handler;
};

// What a method and a path lead to.
struct RouteMatch {
  const Route* route = nullptr;  // nothing: the path is unknown, or takes other methods only
  PathParameters parameters;
  std::string allowed;  // the methods that the path takes: "GET, POST"; empty: the path is unknown
};

class RouteTable {
 public:
  // REQUIRES: no route of that method and path, or of that name, was added before; each {parameter} has a field.
  void add(Route route);
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  // HEAD is as GET. `path` must outlive the match.
  [[nodiscard]] RouteMatch find(std::string_view method, std::string_view path) const;
  // 404, 405 and 400 as JSON; else what the route's handler says.
  [[nodiscard]] http::Response handle(AdminServices& services, const http::Request& request,
                                      const hub::Caller& caller) const;

 private:
  std::vector<Route> routes_;
};

// Every route of the administrators' API (admin_api.cc).
[[nodiscard]] const RouteTable& admin_routes();

// The table as OpenAPI 3.1, in JSON with line breaks, the same on every machine.
[[nodiscard]] std::string open_api_document();

}  // namespace chancery::api
