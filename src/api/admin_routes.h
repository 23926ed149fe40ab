#pragma once

// The rows of the API's table, by subject; admin_api.cc puts them together.

#include "api/csv.h"
#include "api/route_table.h"

namespace chancery::api {

void add_status_routes(RouteTable& table);       // status, doctor
void add_endpoint_routes(RouteTable& table);     // endpoints and their settings
void add_challenge_routes(RouteTable& table);    // one-time challenges
void add_request_routes(RouteTable& table);      // requests that wait for a person
void add_certificate_routes(RouteTable& table);  // certificates of devices
void add_authority_routes(RouteTable& table);    // generations and CRLs
void add_audit_routes(RouteTable& table);        // the audit trail
void add_session_routes(RouteTable& table);      // signing in and out
void add_user_routes(RouteTable& table);         // who may sign in
void add_node_routes(RouteTable& table);         // devices with an agent
void add_cluster_routes(RouteTable& table);      // groups of them
void add_slot_routes(RouteTable& table);         // what they hold
void add_trust_routes(RouteTable& table);        // what they trust
void add_order_routes(RouteTable& table);        // what they are asked to do
void add_overview_routes(RouteTable& table);     // what needs a person, and what changed
void add_timeline_routes(RouteTable& table);     // what ends when

// Fields that several subjects share.
[[nodiscard]] Field limit_field(std::int64_t most = 1000);
[[nodiscard]] Field after_field();
[[nodiscard]] Field own_password_field();
// administrator, operator, auditor: for `choices`.
[[nodiscard]] std::vector<std::string_view> role_names();
// For what nobody may do who finds somebody else's screen unlocked: on the web, the field own_password is checked as at
// the sign-in. What to answer where it is missing or wrong; on the Unix socket there is nothing to ask for.
Result<std::optional<http::Response>> refuse_without_own_password(const Call& call);
// `limit` as sent, or 100.
[[nodiscard]] int limit_of(const Input& input);

}  // namespace chancery::api
