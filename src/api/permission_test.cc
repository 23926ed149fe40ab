// Who may do what: every route, for every role. A route that is not in the table here fails the test, so that nobody
// adds one without a thought.

#include <gmock/gmock.h>

#include <set>

#include "api/hub_testing.h"

namespace chancery::api {
namespace {

class PermissionTest : public example::HubTest {
 protected:
  // The answer's status for somebody of that role, or nobody.
  unsigned status_for(const Route& route, std::optional<hub::Role> role, bool must_change_password = false) {
    const std::string path = example_path(route.path);
    const hub::SessionView session{.user = "anna", .must_change_password = must_change_password};
    const Visitor visitor{.caller = {.name = "user anna"}, .role = role, .session = role ? &session : nullptr};
    // A field that no route has: whoever is let in gets 400, and nothing happens.
    http::Request request{.method = std::string(route.method), .target = path, .remote_address = "192.0.2.1"};
    if (request.method == "POST" || request.method == "PATCH")
      request.body = to_bytes(as_bytes(R"({"no such field": 1})"));
    else
      request.target += "?no_such_field=1";
    return admin_routes().handle(services_, path, request, visitor).status;
  }

 private:
  // With 1 for each {parameter}.
  static std::string example_path(std::string_view pattern) {
    std::string path(pattern);
    for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{'))
      path.replace(open, path.find('}') - open + 1, "1");
    return path;
  }
};

TEST_F(PermissionTest, EachRouteLetsInWhomItShould) {
  const std::map<std::string_view, std::set<std::string_view>> expected = {
      {"anyone", {"sign_in"}},
      {"self", {"show_session", "sign_out", "change_own_password"}},
      {"view",
       {"show_status",
        "run_doctor",
        "list_endpoints",
        "show_endpoint",
        "describe_endpoint_settings",
        "list_challenges",
        "list_requests",
        "list_refusals",
        "show_request",
        "list_certificates",
        "show_certificate",
        "export_certificate_pem",
        "export_certificate_der",
        "export_certificate_chain",
        "export_certificate_p7b",
        "show_authority",
        "export_authority_chain",
        "list_crls",
        "export_crl",
        "list_audit_events",
        "show_audit_event",
        "verify_audit_trail",
        "list_users",
        "show_overview",
        "list_changes",
        "list_nodes",
        "show_node",
        "list_node_events",
        "list_node_orders",
        "list_orders",
        "show_order",
        "list_clusters",
        "show_cluster",
        "show_cluster_trust",
        "list_slots",
        "show_timeline"}},
      {"operate",
       {"mint_challenge", "remove_challenge", "approve_request", "reject_request", "release_certificate",
        "revoke_certificate", "add_node", "change_node", "remove_node", "admit_node", "block_node",
        "mint_node_challenge", "add_cluster", "rename_cluster", "remove_cluster", "create_order", "cancel_order",
        "repeat_order"}},
      {"administer",
       {"add_endpoint", "change_endpoint", "remove_endpoint", "announce_generation", "activate_generation",
        "publish_crls", "add_user", "change_user", "remove_user"}},
  };
  std::size_t count = 0;
  for (const auto& [permission, names] : expected) count += names.size();
  EXPECT_EQ(admin_routes().routes().size(), count);
  for (const Route& route : admin_routes().routes())
    EXPECT_TRUE(expected.at(to_string(route.permission)).contains(route.name))
        << route.name << " is open to those who may " << to_string(route.permission);
}

TEST_F(PermissionTest, EveryRouteAsksEveryRole) {
  constexpr unsigned let_in = 400, not_signed_in = 401, not_allowed = 403;
  for (const Route& route : admin_routes().routes()) {
    SCOPED_TRACE(route.name);
    const Permission needs = route.permission;
    const bool open = needs == Permission::anyone;
    const bool for_all = open || needs == Permission::self;
    const bool for_auditors = for_all || needs == Permission::view;
    const bool for_operators = for_auditors || needs == Permission::operate;
    EXPECT_EQ(status_for(route, std::nullopt), open ? let_in : not_signed_in);
    EXPECT_EQ(status_for(route, hub::Role::auditor), for_auditors ? let_in : not_allowed);
    EXPECT_EQ(status_for(route, hub::Role::operator_), for_operators ? let_in : not_allowed);
    EXPECT_EQ(status_for(route, hub::Role::administrator), let_in);
    EXPECT_EQ(status_for(route, hub::Role::administrator, true), for_all ? let_in : not_allowed)
        << "the password is to be changed first";
  }
}

TEST_F(PermissionTest, WhatChangesSomethingIsNotForAuditors) {
  // Walking through the audit trail changes nothing, but takes long: so it is no GET.
  const std::set<std::string_view> harmless = {"verify_audit_trail"};
  for (const Route& route : admin_routes().routes())
    EXPECT_FALSE(route.method != "GET" && route.permission == Permission::view && !harmless.contains(route.name))
        << route.name;
}

TEST_F(PermissionTest, WhatIsForgottenIsTheAdministrators) {
  EXPECT_EQ(Route{}.permission, Permission::administer);
  EXPECT_FALSE(allows(hub::Role::administrator, static_cast<Permission>(99)));
}

}  // namespace
}  // namespace chancery::api
