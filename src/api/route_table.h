#pragma once

// The API as one table: routing, permission, input checks and the OpenAPI description all come from it. Two doors lead
// to it: the Unix socket (admin_api.h) and the web pages' listener (web_site.h).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/admin_api.h"
#include "api/input.h"
#include "api/shape.h"
#include "http/reply.h"
#include "hub/sign_in.h"

namespace chancery::api {

// What a caller must be allowed to.
enum class Permission : std::uint8_t {
  administer,  // administrators
  operate,     // and operators
  view,        // and auditors
  self,        // everybody who is signed in, also with a password that is to be changed first
  anyone,      // also who is not signed in
};
// "administer", "operate", "view", "self", "anyone".
[[nodiscard]] std::string_view to_string(Permission permission);
// Whether a user of that role, whose password is in order, has that permission.
[[nodiscard]] bool allows(hub::Role role, Permission permission);

// Who asks, and through which door.
struct Visitor {
  hub::Caller caller;
  std::optional<hub::Role> role;              // nothing: not signed in
  const hub::SessionView* session = nullptr;  // on the web
};

struct Call {
  AdminServices& services;
  const Input& input;
  const hub::Caller& caller;
  const Visitor& visitor;
  const http::Request& request;
};
using RouteHandler = Result<http::Response> (*)(const Call& call);
// Answers later: the call is gone when it returns.
using HoldingHandler = void (*)(const Call& call, http::Reply reply);

// What comes back when all went well.
struct Answer {
  unsigned status = 200;
  const Shape* shape = nullptr;   // of the JSON object; nothing when it is no JSON, or nothing at all (204)
  std::string_view content_type;  // where it is no JSON
  bool table = false;             // a list that is also given as CSV (csv.h)
};

struct Route {
  std::string_view method;  // "GET"
  std::string_view path;    // "/v1/requests/{id}/approve"; a field describes each {parameter}
  std::string_view name;    // "approve_request": unique, for clients made from the description
  // REQUIRES: said for each route; what is forgotten is the administrators'.
  Permission permission = Permission::administer;
  std::string_view summary;
  std::vector<Field> fields;
  Answer answer;
  RouteHandler handler;
  HoldingHandler holding_handler = nullptr;  // instead of `handler`, where the door can wait
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
  // 404, 405, 401, 403 and 400 as JSON; else what the route's handler says. `path` is that of the table, whatever
  // prefix the door has.
  [[nodiscard]] http::Response handle(AdminServices& services, std::string_view path, const http::Request& request,
                                      const Visitor& visitor) const;
  // The same, for doors that can wait.
  void answer(AdminServices& services, std::string_view path, const http::Request& request, const Visitor& visitor,
              http::Reply reply) const;

 private:
  // What `visitor` may do there; or the answer that says why not.
  struct Admission;
  [[nodiscard]] Admission admit(std::string_view path, const http::Request& request, const Visitor& visitor) const;

  std::vector<Route> routes_;
};

// 401: nobody is signed in.
[[nodiscard]] http::Response sign_in_first();

// Every route of the API (admin_api.cc).
[[nodiscard]] const RouteTable& admin_routes();

// The table as OpenAPI 3.1, in JSON with line breaks, the same on every machine.
[[nodiscard]] std::string open_api_document();

}  // namespace chancery::api
