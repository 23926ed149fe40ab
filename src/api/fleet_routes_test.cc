// Nodes, clusters and orders through the API.

#include "api/hub_testing.h"
#include "api/link_site.h"
#include "wire/limits.h"

namespace chancery::api::example {
namespace {

namespace json = boost::json;

class FleetRoutes : public HubTest {
 protected:
  FleetRoutes() {
    const json::object made =
        post("/v1/endpoints",
             R"({"name": "printers", "settings": {"authorisers": "challenge", "alternative_names": "dns"}})");
    EXPECT_EQ(made.at("name"), "printers");
  }

  // Announced, and its challenge.
  json::object added(std::string_view name) {
    return post("/v1/nodes", json::serialize(json::object{{"name", name},
                                                          {"product", "printer"},
                                                          {"slot", "ipps"},
                                                          {"endpoint", "printers"},
                                                          {"subject", "CN=" + std::string(name)},
                                                          {"alternative_names", {"dns:" + std::string(name)}}}));
  }
  std::string node(std::string_view name) {
    return "/v1/nodes/" + std::to_string(added(name).at("node").at("id").as_int64());
  }

  hub::CheckIn check_in_{context_, presence_, changes_};
};

TEST_F(FleetRoutes, ANodeIsAnnouncedWithItsChallenge) {
  const json::object made = added("printer-7");
  EXPECT_EQ(made.at("node").at("state"), "expected");
  EXPECT_EQ(made.at("node").at("worst"), "empty");
  EXPECT_EQ(made.at("challenge").at("url"), "http://pki.example:8080/scep/printers");
  const json::object shown = get("/v1/nodes/" + std::to_string(made.at("node").at("id").as_int64()));
  ASSERT_EQ(shown.at("challenges").as_array().size(), 1u);
  EXPECT_EQ(shown.at("challenges").at(0).at("slot"), "ipps");
  EXPECT_EQ(shown.at("challenges").at(0).at("id"), made.at("challenge").at("id"));
  // The challenge lets that device in, and nobody else.
  const std::string challenge(made.at("challenge").at("challenge").as_string());
  enrol("printers", enrolment("printer-8", challenge));
  EXPECT_EQ(get("/v1/certificates").at("certificates").as_array().size(), 0u);
  enrol("printers", enrolment("printer-7", challenge));
  EXPECT_EQ(get("/v1/certificates").at("certificates").as_array().size(), 1u);
}

TEST_F(FleetRoutes, ADeviceThatCallsIsSeen) {
  const json::object made = added("printer-7");
  enrol("printers", enrolment("printer-7", std::string(made.at("challenge").at("challenge").as_string())));
  const ca::CertificateRecord record = ledger_.contents().certificates.begin()->second.record;
  const auto said = check_in_.answer(
      {.certificate = record.der,
       .remote_address = "192.0.2.7",
       .message = {
           .agent_version = "0.1.0",
           .inventory_hash = std::string(64, 'a'),
           .inventory =
               wire::Inventory{
                   .slots = {{.name = "ipps", .stage = wire::SlotStage::valid, .active = to_hex(record.fingerprint)}},
                   .stored = {{.sha256 = to_hex(record.fingerprint), .slot = "ipps", .installed_at = clock_.now()}}},
           .events = {
               {.number = 1, .at = clock_.now(), .slot = "ipps", .what = "installed", .text = "the first one"}}}});
  ASSERT_TRUE(said) << said.error().text();
  const json::object listed = get("/v1/nodes?state=admitted");
  ASSERT_EQ(listed.at("nodes").as_array().size(), 1u);
  const json::object row = listed.at("nodes").at(0).as_object();
  EXPECT_EQ(row.at("online"), true);
  EXPECT_EQ(row.at("worst"), "ok");
  EXPECT_EQ(row.at("slot_count"), 1);
  EXPECT_EQ(row.at("remote_address"), "192.0.2.7");
  EXPECT_EQ(text_in(row, "next_expiry"), to_rfc3339(record.validity.not_after));
  const json::object shown = get("/v1/nodes/" + std::to_string(row.at("id").as_int64()));
  EXPECT_EQ(shown.at("slots").at(0).at("subject"), "CN=printer-7");
  EXPECT_EQ(text_in(shown.at("slots").at(0).as_object(), "serial"), record.serial.hex());
  EXPECT_EQ(shown.at("stored").at(0).at("active"), true);
  EXPECT_EQ(shown.at("stored").at(0).at("ours"), true);
  EXPECT_EQ(shown.at("challenges").as_array().size(), 0u);
  const json::object events = get("/v1/nodes/" + std::to_string(row.at("id").as_int64()) + "/events");
  EXPECT_EQ(events.at("events").at(0).at("text"), "the first one");

  // What it said was true then.
  const auto now = [&] {
    const json::object node = get("/v1/nodes/" + std::to_string(row.at("id").as_int64()));
    const json::object slot = node.at("slots").at(0).as_object();
    return text_in(slot, "stage") + " " + text_in(slot, "certificate_status") + ", " + text_in(node, "worst");
  };
  EXPECT_EQ(now(), "valid valid, ok");
  EXPECT_EQ(get("/v1/overview").at("revoked_slots"), 0);
  EXPECT_EQ(get("/v1/nodes?problem=revoked").at("nodes").as_array().size(), 0u);
  const Timestamp issued = clock_.now();
  clock_.advance(record.validity.not_after - issued + Seconds(1));
  EXPECT_EQ(now(), "valid expired, expired");
  post("/v1/certificates/" + record.serial.hex() + "/revoke", R"({"reason": "keyCompromise"})");
  EXPECT_EQ(now(), "valid revoked, revoked");
  EXPECT_EQ(get("/v1/nodes").at("nodes").at(0).at("worst"), "revoked");
  EXPECT_EQ(get("/v1/overview").at("revoked_slots"), 1);
  EXPECT_EQ(get("/v1/nodes?problem=revoked").at("nodes").as_array().size(), 1u);
}

TEST_F(FleetRoutes, NodesAreListedPageByPage) {
  for (const char* name : {"c", "a", "b"}) added(name);
  const json::object first = get("/v1/nodes?limit=2&descending=true");
  EXPECT_EQ(first.at("nodes").at(0).at("name"), "c");
  const json::object second =
      get("/v1/nodes?limit=2&descending=true&after=" + std::to_string(first.at("next").as_int64()));
  ASSERT_EQ(second.at("nodes").as_array().size(), 1u);
  EXPECT_EQ(second.at("nodes").at(0).at("name"), "a");
  EXPECT_FALSE(second.contains("next"));
  EXPECT_EQ(get("/v1/nodes?text=B").at("nodes").as_array().size(), 1u);
  EXPECT_EQ(get("/v1/nodes?problem=failed").at("nodes").as_array().size(), 0u);
}

TEST_F(FleetRoutes, ANodeIsChangedBlockedAdmittedAndRemoved) {
  const std::string path = node("printer-7");
  const std::int64_t cluster = post("/v1/clusters", R"({"name": "west"})").at("id").as_int64();
  const json::object changed =
      body_of(send("PATCH", path, json::serialize(json::object{{"name", "printer-8"}, {"cluster", cluster}})));
  EXPECT_EQ(changed.at("name"), "printer-8");
  EXPECT_EQ(changed.at("cluster_id"), cluster);
  EXPECT_EQ(get("/v1/nodes?cluster=" + std::to_string(cluster)).at("nodes").as_array().size(), 1u);
  presence_.seen(changed.at("id").as_int64(), "192.0.2.7", "41");
  EXPECT_EQ(get(path).at("online"), true);
  const json::object blocked = post(path + "/block");
  EXPECT_EQ(blocked.at("state"), "blocked");
  EXPECT_EQ(blocked.at("online"), false);
  EXPECT_EQ(post(path + "/admit").at("state"), "admitted");
  EXPECT_EQ(send("DELETE", "/v1/clusters/" + std::to_string(cluster)).status, 204u);
  EXPECT_FALSE(get(path).contains("cluster_id"));
  EXPECT_EQ(send("DELETE", path).status, 204u);
  EXPECT_EQ(problem_of(send("GET", path)).substr(0, 13), "404 not_found");
}

TEST_F(FleetRoutes, AnOrderIsGivenShownAndCancelled) {
  const std::string path = node("printer-7");
  const json::object order = post(path + "/orders", R"({"verb": "renew_slot", "slot": "ipps", "lifetime": "2h"})");
  EXPECT_EQ(order.at("state"), "queued");
  EXPECT_EQ(text_in(order, "deadline"), to_rfc3339(clock_.now() + std::chrono::hours(2)));
  EXPECT_EQ(text_in(order, "created_by").substr(0, 11), "admin uid 0");
  const std::string order_path = "/v1/orders/" + std::to_string(order.at("id").as_int64());
  EXPECT_EQ(get(order_path).at("verb"), "renew_slot");
  EXPECT_EQ(get(path + "/orders").at("orders").as_array().size(), 1u);
  EXPECT_EQ(post(order_path + "/cancel").at("state"), "cancelled");
  const json::object trust =
      post(path + "/orders", json::serialize(json::object{{"verb", "add_trust"},
                                                          {"parameters", {{"store", "system"}}},
                                                          {"certificates", {to_base64(keyring_.root().der())}}}));
  EXPECT_EQ(trust.at("parameters").at("store"), "system");
}

TEST_F(FleetRoutes, OrdersOfAllNodesAreListedAndOneIsRepeated) {
  const std::string first = node("printer-7"), second = node("printer-8");
  const auto id = [](const json::object& order) { return std::to_string(order.at("id").as_int64()); };
  const std::string trust =
      id(post(first + "/orders", json::serialize(json::object{{"verb", "add_trust"},
                                                              {"lifetime", "2h"},
                                                              {"parameters", {{"store", "system"}}},
                                                              {"certificates", {to_base64(keyring_.root().der())}}})));
  const std::string reload = id(post(second + "/orders", R"({"verb": "reload", "slot": "ipps"})"));
  EXPECT_EQ(problem_of(send("POST", "/v1/orders/" + trust + "/repeat")),
            "409 conflict: the order is queued: wait, or cancel it");
  ledger_.contents().orders.at(std::stoll(trust)).state = fleet::OrderState::failed;
  ledger_.contents().orders.at(std::stoll(trust)).finished = clock_.now();
  const auto listed = [&](std::string_view query) {
    std::string found;
    const json::object list = get("/v1/orders" + std::string(query));
    for (const json::value& row : list.at("orders").as_array())
      found += text_in(row.as_object(), "node") + " " + text_in(row.as_object(), "verb") + ",";
    return found;
  };
  EXPECT_EQ(listed(""), "printer-8 reload,printer-7 add_trust,");
  EXPECT_EQ(listed("?state=failed"), "printer-7 add_trust,");
  EXPECT_EQ(listed("?verb=reload"), "printer-8 reload,");
  EXPECT_EQ(listed("?node=" + first.substr(first.rfind('/') + 1)), "printer-7 add_trust,");
  EXPECT_EQ(listed("?finished_after=" + to_rfc3339(clock_.now() + Seconds(1))), "");
  EXPECT_EQ(get("/v1/orders/" + trust).at("node"), "printer-7");
  const json::object page = get("/v1/orders?limit=1");
  EXPECT_EQ(page.at("next").as_int64(), std::stoll(reload));
  EXPECT_EQ(listed("?limit=1&after=" + reload), "printer-7 add_trust,");

  const json::object again = post("/v1/orders/" + trust + "/repeat");
  EXPECT_EQ(again.at("state"), "queued");
  EXPECT_EQ(text_in(again, "deadline"), to_rfc3339(clock_.now() + std::chrono::hours(2)));
  EXPECT_EQ(again.at("parameters").at("store"), "system");
  EXPECT_EQ(ledger_.contents().orders.at(again.at("id").as_int64()).certificates.at(0),
            to_bytes(keyring_.root().der()));
  EXPECT_EQ(problem_of(send("POST", "/v1/orders/99/repeat")), "404 not_found: there is no order 99");
  ledger_.contents().orders.at(std::stoll(reload)).state = fleet::OrderState::done;
  EXPECT_EQ(problem_of(send("POST", "/v1/orders/" + reload + "/repeat")), "409 conflict: the order was done");
  EXPECT_EQ(send("DELETE", first).status, 204u);
  EXPECT_EQ(problem_of(send("POST", "/v1/orders/" + trust + "/repeat")), "409 conflict: the order's node was removed");
}

// The pages say a sentence in the reader's language, as the hub's own word.
TEST_F(FleetRoutes, OnlyWhatTheHubSaidOfAnOrderIsASentence) {
  const std::string path = node("printer-7");
  const std::int64_t id = post(path + "/orders", R"({"verb": "read_inventory"})").at("id").as_int64();
  const auto rule = [&](fleet::OrderState state, const char* text) {
    fleet::Order& order = ledger_.contents().orders.at(id);
    order.state = state;
    order.finished = clock_.now();
    order.text = text;
    const json::object shown = get("/v1/orders/" + std::to_string(id));
    EXPECT_EQ(text_in(shown, "text"), text);
    return shown.contains("sentence") ? text_in(shown.at("sentence").as_object(), "rule") : "";
  };
  using enum fleet::OrderState;
  EXPECT_EQ(rule(expired, "the node was not here in time"), "order_not_here");
  EXPECT_EQ(rule(expired, "the node took it and sent no result in time"), "order_no_result");
  EXPECT_EQ(rule(failed, "the agent does not know this order: it is too old"), "order_agent_too_old");
  EXPECT_EQ(rule(failed, "the certificate to renew is revoked"), "");
  EXPECT_EQ(rule(failed, "the node was not here in time"), "");
  EXPECT_EQ(rule(expired, "there is no user 'anna'"), "");
  EXPECT_EQ(rule(done, "the order was done"), "");
}

TEST_F(FleetRoutes, ANodeIsFoundByItsWholeName) {
  node("printer-70");
  const std::string path = node("printer-7");
  const json::object found = get("/v1/nodes?name=printer-7");
  ASSERT_EQ(found.at("nodes").as_array().size(), 1u);
  EXPECT_EQ("/v1/nodes/" + std::to_string(found.at("nodes").as_array()[0].at("id").as_int64()), path);
  EXPECT_TRUE(get("/v1/nodes?name=printer").at("nodes").as_array().empty());
}

// Those of new algorithms have 5,000 to 8,000 bytes.
TEST_F(FleetRoutes, AnOrderTakesAsLargeCertificatesAsADeviceDoes) {
  const std::string path = node("printer-7");
  const auto order = [&](std::size_t bytes, std::size_t count) {
    const json::array certificates(count, json::value(to_base64(Bytes(bytes))));
    return problem_of(send("POST", path + "/orders",
                           json::serialize(json::object{{"verb", "add_trust"}, {"certificates", certificates}})));
  };
  const std::string read = "400 invalid: a certificate: ";
  EXPECT_EQ(order(wire::most_der_bytes, 16).substr(0, read.size()), read);
  EXPECT_EQ(order(wire::most_der_bytes + 3, 1), "400 invalid: certificates: longer than 43692 bytes");
  EXPECT_EQ(order(wire::most_der_bytes, 30), "400 invalid: the body is longer than 1048576 bytes");
  EXPECT_EQ(problem_of(send("POST", path + "/orders", R"({"verb": ")" + std::string(5000, 'a') + R"("})")),
            "400 invalid: verb: longer than 4096 bytes");
}

TEST_F(FleetRoutes, WhatIsWrongIsTold) {
  const std::string path = node("printer-7");
  const struct {
    const char* method;
    std::string target;
    const char* body;
    const char* expect;
  } rows[] = {
      {"POST", "/v1/nodes", R"({"name": "printer-7"})", "409 conflict: there is a node of that name already"},
      {"POST", "/v1/nodes", R"({"name": "a/b"})",
       "400 invalid: name: a name holds letters, digits, '-', '_', '.', ':' and blanks"},
      {"POST", "/v1/nodes", R"({"name": "a", "product": "Printer"})",
       "400 invalid: product: a product holds lower-case letters, digits and '-'"},
      {"POST", "/v1/nodes", R"({"name": "a", "cluster": 9})", "404 not_found: there is no cluster 9"},
      {"POST", "/v1/nodes", R"({"name": "a", "slot": "s", "endpoint": "phones"})",
       "404 not_found: there is no endpoint 'phones'"},
      {"POST", "/v1/nodes", R"({"name": "a", "slot": "s/t", "endpoint": "printers"})",
       "400 invalid: slot: a slot's name holds letters, digits, '-', '_' and '.'"},
      {"POST", path + "/admit", "{}",
       "409 conflict: the node is expected: it is admitted by its challenge, when it comes"},
      {"POST", path + "/orders", R"({"verb": "renew_slot"})", "400 invalid: this order is for a slot: name it"},
      {"POST", path + "/orders", R"({"verb": "add_trust", "certificates": ["MAA="]})", "400 invalid: a certificate: "},
      {"POST", path + "/orders", R"({"verb": "add_trust", "certificates": ["!"]})", "400 invalid: certificates: "},
      {"GET", "/v1/nodes/99", "", "404 not_found: there is no node 99"},
      {"GET", "/v1/nodes?after=99", "", "404 not_found: the list has changed"},
      {"GET", "/v1/orders/99", "", "404 not_found: there is no order 99"},
      {"PATCH", "/v1/clusters/99", R"({"name": "a"})", "404 not_found: there is no cluster 99"},
  };
  for (const auto& row : rows) {
    const std::string problem = problem_of(send(row.method, row.target, row.body));
    EXPECT_EQ(problem.substr(0, std::string_view(row.expect).size()), row.expect) << row.target << " " << row.body;
  }
  // A node whose challenge could not be minted is not made.
  EXPECT_EQ(get("/v1/nodes").at("nodes").as_array().size(), 1u);
}

}  // namespace
}  // namespace chancery::api::example
