#pragma once

// The rows of the API's table, by subject; admin_api.cc puts them together.

#include "api/route_table.h"

namespace chancery::api {

void add_status_routes(RouteTable& table);       // status, doctor
void add_endpoint_routes(RouteTable& table);     // endpoints and their settings
void add_challenge_routes(RouteTable& table);    // one-time challenges
void add_request_routes(RouteTable& table);      // requests that wait for a person
void add_certificate_routes(RouteTable& table);  // certificates of devices
void add_authority_routes(RouteTable& table);    // generations and CRLs
void add_audit_routes(RouteTable& table);        // the audit trail

// Fields that several subjects share.
[[nodiscard]] Field limit_field(std::int64_t most = 1000);
[[nodiscard]] Field after_field();
// `limit` as sent, or 100.
[[nodiscard]] int limit_of(const Input& input);

}  // namespace chancery::api
