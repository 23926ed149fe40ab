// A cluster's own page through the API: what its nodes hold, trust and were asked to do.

#include <fmt/format.h>

#include "api/hub_testing.h"

namespace chancery::api::example {
namespace {

namespace json = boost::json;

class ClusterRoutes : public HubTest {
 protected:
  // A node that has said what it has.
  fleet::NodeId add_node(const std::string& name, std::int64_t cluster, const fleet::Inventory& inventory,
                         fleet::NodeState state = fleet::NodeState::admitted) {
    fleet::NodeId id = 0;
    EXPECT_TRUE(ledger_.write([&](hub::Books& books) -> Status {
      fleet::Node node{.name = name,
                       .cluster_id = cluster,
                       .state = state,
                       .created = clock_.now(),
                       .inventory_hash = std::string(64, 'a')};
      fleet::count_slots(node, inventory.slots);
      TRY(id, books.nodes().add(node));
      return books.inventories().put(id, inventory);
    }));
    return id;
  }
  // Issued to the slot of that name, with a life from `from` to `until` days from now.
  fleet::SlotStatus slot(const char* name, std::uint8_t number, int from, int until) {
    const ca::CertificateRecord record{
        .serial = {{0x41, number}},
        .endpoint = "printers",
        .subject = "CN=" + std::string(name),
        .validity = {clock_.now() + std::chrono::days(from), clock_.now() + std::chrono::days(until)},
        .key_fingerprint = Bytes(32, number),
        .created = clock_.now()};
    EXPECT_TRUE(ledger_.write([&](hub::Books& books) -> Status {
      TRY_STATUS(books.certificates().add_intent(record));
      return books.certificates().record_issued(record.serial, Bytes{0x30}, Bytes(32, number));
    }));
    return {.name = name,
            .stage = "valid",
            .active = to_hex(Bytes(32, number)),
            .subject = record.subject,
            .serial = record.serial.hex(),
            .not_before = record.validity.not_before,
            .not_after = record.validity.not_after};
  }
  std::int64_t cluster(const char* name) {
    return post("/v1/clusters", json::serialize(json::object{{"name", name}})).at("id").as_int64();
  }
};

TEST_F(ClusterRoutes, AClusterIsShownWithHowItsNodesAre) {
  const std::int64_t west = cluster("west"), east = cluster("east");
  add_node("a", west, {.slots = {slot("x", 1, -90, 5), slot("y", 2, -1, 300)}});
  add_node("b", west, {.slots = {{.name = "x", .stage = "failed"}}});
  add_node("c", west, {.slots = {slot("x", 3, -90, 1)}}, fleet::NodeState::blocked);
  const json::object shown = get("/v1/clusters/" + std::to_string(west));
  const std::pair<const char*, std::int64_t> counts[] = {
      {"node_count", 3}, {"slot_count", 4}, {"failed_slots", 1}, {"revoked_slots", 0}};
  for (const auto& [name, count] : counts) EXPECT_EQ(shown.at(name).as_int64(), count) << name;
  EXPECT_EQ(text_in(shown, "worst"), "failed");
  EXPECT_EQ(text_in(shown, "next_expiry"), to_rfc3339(clock_.now() + std::chrono::days(5)));
  post("/v1/certificates/4102/revoke", R"({"reason": "keyCompromise"})");
  const json::object list = get("/v1/clusters?with_nodes=true");
  EXPECT_EQ(list.at("clusters").at(0).at("id").as_int64(), east);
  EXPECT_EQ(list.at("clusters").at(0).at("worst"), "empty");
  EXPECT_FALSE(list.at("clusters").at(0).as_object().contains("next_expiry"));
  EXPECT_EQ(list.at("clusters").at(1).at("worst"), "revoked");
  EXPECT_FALSE(get("/v1/clusters").at("clusters").at(0).as_object().contains("worst"));
  EXPECT_EQ(problem_of(send("GET", "/v1/clusters/77")), "404 not_found: there is no cluster 77");
}

TEST_F(ClusterRoutes, SlotsAreListedByWhatIsWrongWithThem) {
  const std::int64_t west = cluster("west");
  fleet::SlotStatus gone = slot("gone", 1, -90, -1), shut = slot("shut", 3, -1, 9);
  gone.stage = "expired";
  shut.stage = "failed";
  add_node("b", west, {.slots = {gone, slot("late", 2, -90, 5), shut, slot("well", 4, -1, 300)}});
  add_node("a", west, {.slots = {{.name = "bad", .stage = "failed", .last_error = "no answer"}, {.name = "new"}}});
  add_node("c", 0, {.slots = {slot("other", 5, -90, 5)}});
  add_node("d", 0, {.slots = {slot("blocked", 6, -90, 5)}}, fleet::NodeState::blocked);
  post("/v1/certificates/4103/revoke", R"({"reason": "keyCompromise"})");
  const auto listed = [&](const std::string& query) {
    std::string found;
    const json::object list = get("/v1/slots" + query);
    for (const json::value& row : list.at("slots").as_array()) {
      const json::object& slot = row.as_object();
      found += text_in(slot, "node") + "/" + text_in(slot, "name") + " " + text_in(slot, "worst") + ", ";
    }
    if (list.contains("next")) found += "…";
    return found;
  };
  const std::string of_west = "?cluster=" + std::to_string(west);
  EXPECT_EQ(listed(of_west), "a/bad failed, a/new empty, b/gone expired, b/late expiring, b/shut revoked, b/well ok, ");
  EXPECT_EQ(listed(of_west + "&problem=any"), "a/bad failed, b/gone expired, b/late expiring, b/shut revoked, ");
  EXPECT_EQ(listed(of_west + "&problem=expiring"), "b/late expiring, ");
  EXPECT_EQ(listed(of_west + "&problem=failed"), "a/bad failed, ");
  // As many as the cluster's number says, whatever else is wrong with them.
  EXPECT_EQ(listed(of_west + "&problem=failed_stage"), "a/bad failed, b/gone expired, b/shut revoked, ");
  EXPECT_EQ(get("/v1/clusters/" + std::to_string(west)).at("failed_slots").as_int64(), 3);
  EXPECT_EQ(listed("?problem=expiring"), "b/late expiring, c/other expiring, ");
  EXPECT_EQ(listed("?text=C"), "c/other expiring, ");
  // The slots of a node stay together.
  EXPECT_EQ(listed(of_west + "&limit=1"), "a/bad failed, a/new empty, …");
  const json::object first = get("/v1/slots" + of_west + "&problem=revoked").at("slots").at(0).as_object();
  EXPECT_EQ(text_in(first, "issuer"), keyring_.current().keys().issuing.subject().to_text());
  EXPECT_EQ(text_in(first, "certificate_status"), "revoked");
  EXPECT_EQ(text_in(first, "serial"), "4103");
}

TEST_F(ClusterRoutes, TellsWhichNodesLackACaCertificate) {
  const std::int64_t west = cluster("west");
  const std::string root = to_hex(keyring_.root().fingerprint()), other(64, 'b'), unknown(64, 'c');
  EXPECT_TRUE(ledger_.write([&](hub::Books& books) {
    return books.inventories().add_foreign({.sha256 = other,
                                            .subject = "CN=Another",
                                            .issuer = "CN=Another",
                                            .not_before = clock_.now(),
                                            .not_after = clock_.now() + std::chrono::days(9),
                                            .der = {0x30, 0x00}});
  }));
  const std::string path = "/v1/clusters/" + std::to_string(west) + "/trust";
  EXPECT_EQ(get(path).at("certificates").as_array().size(), 0u) << "nobody has said anything";
  add_node("a", west, {.trust = {{.store = "default", .sha256 = other}, {.store = "wifi", .sha256 = other}}});
  add_node("b", west, {.trust = {{.store = "default", .sha256 = other}}});
  add_node("c", west, {.trust = {{.store = "default", .sha256 = unknown}}}, fleet::NodeState::blocked);
  const auto told = [&] {
    std::string found;
    const json::object trust = get(path);
    const auto names = [](const json::value& nodes) {
      std::string text;
      for (const json::value& node : nodes.as_array()) text += text_in(node.as_object(), "name");
      return text;
    };
    for (const json::value& row : trust.at("certificates").as_array())
      found += text_in(row.as_object(), "store") + " " + text_in(row.as_object(), "subject") + " on " +
               names(row.at("holders")) + " not on " + names(row.at("missing")) + "; ";
    return found + "silent: " + std::to_string(trust.at("silent_nodes").as_int64());
  };
  const std::string own = keyring_.root().subject().to_text();
  const std::string others = "default CN=Another on ab not on ; wifi CN=Another on a not on b; ";
  EXPECT_EQ(told(), others + "default " + own + " on  not on ab; silent: 1");
  add_node("d", west, {.trust = {{.store = "wifi", .sha256 = root}}});
  EXPECT_EQ(told(), "default CN=Another on ab not on d; wifi CN=Another on a not on bd; wifi " + own +
                        " on d not on ab; silent: 1");
  const json::object trust = get(path);
  EXPECT_EQ(text_in(trust.at("certificates").at(0).as_object(), "certificate"), to_base64(Bytes{0x30, 0x00}));
  EXPECT_EQ(text_in(trust.at("certificates").at(2).as_object(), "certificate"), to_base64(keyring_.root().der()));
  EXPECT_EQ(problem_of(send("GET", "/v1/clusters/77/trust")), "404 not_found: there is no cluster 77");
}

TEST_F(ClusterRoutes, OfManyNodesAllOfTheFewerAreNamedAndAllThatAreSilent) {
  const std::int64_t west = cluster("west");
  const std::string path = "/v1/clusters/" + std::to_string(west) + "/trust";
  const std::string common(64, 'b');
  const auto add_nodes = [&](char first, int number, const fleet::Inventory& inventory) {
    for (int each = 0; each < number; ++each) add_node(fmt::format("{}{:03}", first, each), west, inventory);
  };
  add_nodes('h', 204, {.trust = {{.store = "default", .sha256 = common}}});
  add_nodes('m', 203, {});
  add_node("shut", west, {}, fleet::NodeState::blocked);
  const auto told = [&] {
    const json::object trust = get(path);
    EXPECT_EQ(trust.at("nodes").as_array().size(), 200u);
    EXPECT_EQ(trust.at("silent").as_array().size(), 1u);
    EXPECT_EQ(trust.at("silent").at(0).at("name"), "shut");
    for (const json::value& row : trust.at("certificates").as_array())
      if (text_in(row.as_object(), "sha256") == common)
        return fmt::format("{} of {} hold it, {} of {} do not", row.at("holders").as_array().size(),
                           row.at("holder_count").as_int64(), row.at("missing").as_array().size(),
                           row.at("missing_count").as_int64());
    return std::string("nobody holds it");
  };
  EXPECT_EQ(told(), "200 of 204 hold it, 203 of 203 do not");
  add_nodes('n', 2, {});
  EXPECT_EQ(told(), "204 of 204 hold it, 200 of 205 do not");
}

TEST_F(ClusterRoutes, OrdersAreListedByCluster) {
  const std::int64_t west = cluster("west");
  const fleet::NodeId a = add_node("a", west, {}), b = add_node("b", 0, {});
  for (const fleet::NodeId id : {a, b})
    post("/v1/nodes/" + std::to_string(id) + "/orders", R"({"verb": "read_inventory"})");
  const json::object list = get("/v1/orders?cluster=" + std::to_string(west));
  ASSERT_EQ(list.at("orders").as_array().size(), 1u);
  EXPECT_EQ(list.at("orders").at(0).at("node"), "a");
  EXPECT_EQ(problem_of(send("GET", "/v1/orders?cluster=77")), "404 not_found: there is no cluster 77");
}

}  // namespace
}  // namespace chancery::api::example
