#include "api/admin_api.h"

#include <fmt/format.h>
#include <pwd.h>

#include "api/admin_routes.h"
#include "api/error_status.h"

namespace chancery::api {
namespace {

// "admin uid 0 (root)": the number is what the kernel vouches for, the name is for people.
hub::Caller named_by(unsigned uid) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(16 * 1024);
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return {.name = fmt::format("admin uid {} ({})", uid, found->pw_name)};
  return {.name = fmt::format("admin uid {}", uid)};
}

Visitor visitor_of(unsigned uid) { return {.caller = named_by(uid), .role = hub::Role::administrator}; }

http::Response elsewhere() { return json_error(Error(ErrorCode::refused, "this is open on the Unix socket only")); }

}  // namespace

Field own_password_field() {
  return {.name = "own_password",
          .help =
              "Your own, once more: needed on the web for whatever gives somebody power or takes it, and for where an "
              "endpoint's web hook is and what secret it is sent",
          .only_in_body = true};
}

Field limit_field(std::int64_t most) {
  return {.name = "limit",
          .type = FieldType::integer,
          .help = "How many rows at most; 100 if not given",
          .least = 1,
          .most = most};
}

Field after_field() {
  return {.name = "after", .type = FieldType::integer, .help = "`next` of the page before", .least = 0};
}

int limit_of(const Input& input) { return static_cast<int>(input.integer("limit").value_or(100)); }

const RouteTable& admin_routes() {
  static const RouteTable table = [] {
    RouteTable made;
    add_status_routes(made);
    add_endpoint_routes(made);
    add_challenge_routes(made);
    add_request_routes(made);
    add_certificate_routes(made);
    add_authority_routes(made);
    add_audit_routes(made);
    add_node_routes(made);
    add_cluster_routes(made);
    add_slot_routes(made);
    add_trust_routes(made);
    add_order_routes(made);
    add_session_routes(made);
    add_user_routes(made);
    add_overview_routes(made);
    add_timeline_routes(made);
    return made;
  }();
  return table;
}

http::Response AdminApi::handle(const http::Request& request) {
  if (!request.peer_uid) return elsewhere();
  return admin_routes().handle(services_, request.path(), request, visitor_of(*request.peer_uid));
}

void AdminApi::answer(const http::Request& request, http::Reply reply) {
  if (!request.peer_uid) return reply.send(elsewhere());
  admin_routes().answer(services_, request.path(), request, visitor_of(*request.peer_uid), std::move(reply));
}

}  // namespace chancery::api
