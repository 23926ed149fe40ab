// What the nodes of a cluster trust.

#include <algorithm>
#include <boost/json/array.hpp>
#include <span>

#include "api/admin_routes.h"
#include "api/fleet_json.h"
#include "api/json_views.h"
#include "hub/cluster_trust.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

json::array names_json(std::span<const hub::NodeName> nodes) {
  json::array names;
  for (const hub::NodeName& node : nodes) names.push_back(json::object{{"id", node.id}, {"name", node.name}});
  return names;
}

Result<http::Response> show_cluster_trust(const Call& call) {
  TRY(const hub::ClusterTrust trust,
      hub::read_cluster_trust(call.services.context, call.input.integer("id").value_or(0)));
  json::array certificates;
  for (const hub::TrustedCertificate& each : trust.certificates) {
    json::object row = certificate_json(each.facts, each.sha256);
    row["store"] = each.store;
    if (!each.der.empty()) row["certificate"] = to_base64(each.der);
    row["holder_count"] = each.holders.count;
    row["missing_count"] = each.missing.count;
    row["holders"] = names_json(each.holders.named);
    row["missing"] = names_json(each.missing.named);
    certificates.push_back(std::move(row));
  }
  const std::span<const hub::NodeName> nodes(trust.nodes);
  return json_response(200, {{"node_count", nodes.size()},
                             {"silent_nodes", trust.silent.size()},
                             {"nodes", names_json(nodes.first(std::min(nodes.size(), hub::most_named)))},
                             {"silent", names_json(trust.silent)},
                             {"certificates", std::move(certificates)}});
}

const Shape& cluster_trust_shape() {
  static const Shape name{
      .name = "NodeName",
      .fields = {{.name = "id", .type = FieldType::integer, .help = "Of the node", .required = true},
                 {.name = "name", .help = "Its name", .required = true}}};
  const auto names = [](std::string_view field, std::string_view help) {
    return Field{.name = field, .type = FieldType::object_list, .help = help, .required = true, .shape = &name};
  };
  const auto count = [](std::string_view field, std::string_view help) {
    return Field{.name = field, .type = FieldType::integer, .help = help, .required = true};
  };
  static const Shape row = [&] {
    Shape made{.name = "ClusterTrustCertificate", .fields = certificate_fields()};
    made.fields.push_back({.name = "store", .help = "In which store of the devices", .required = true});
    made.fields.push_back({.name = "certificate", .help = "DER in base64, where the hub has it"});
    made.fields.push_back(count("holder_count", "How many nodes trust it"));
    made.fields.push_back(count("missing_count", "How many do not"));
    made.fields.push_back(
        names("holders", "Who does, by name; where these are more than those that do not, at most 200"));
    made.fields.push_back(
        names("missing", "Who does not, by name; where these are more than those that do, at most 200"));
    return made;
  }();
  static const Shape shape{
      .name = "ClusterTrust",
      .fields = {
          count("node_count", "Nodes that have said what they trust"),
          count("silent_nodes", "Nodes that have not, or are blocked; of the lists only the one named silent has them"),
          names("nodes", "Those that have, by name, at most 200"),
          names("silent", "Those that have not, or are blocked, by name: all of them"),
          {.name = "certificates",
           .type = FieldType::object_list,
           .help = "Each with the store that has it; the authority's root even where no node trusts it",
           .required = true,
           .shape = &row}}};
  return shape;
}

}  // namespace

void add_trust_routes(RouteTable& table) {
  table.add(
      {.method = "GET",
       .path = "/v1/clusters/{id}/trust",
       .name = "show_cluster_trust",
       .permission = Permission::view,
       .summary = "Which CA certificates the nodes of a cluster trust, and which nodes lack one",
       .fields = {{.name = "id", .type = FieldType::integer, .help = "Of the cluster", .required = true, .least = 1}},
       .answer = {.shape = &cluster_trust_shape()},
       .handler = show_cluster_trust});
}

}  // namespace chancery::api
