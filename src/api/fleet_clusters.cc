// Clusters of nodes.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/fleet_json.h"
#include "api/json_views.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

std::int64_t id_of(const Input& input) { return input.integer("id").value_or(0); }

Result<http::Response> list_clusters(const Call& call) {
  json::array rows;
  if (call.input.flag("with_nodes")) {
    TRY(const std::vector<hub::ClusterView> views, call.services.clusters.list_with_nodes());
    for (const hub::ClusterView& view : views) rows.push_back(to_json(view, call.services.context.clock.now()));
    return list_response("clusters", std::move(rows));
  }
  TRY(const std::vector<fleet::Cluster> clusters, call.services.clusters.list());
  for (const fleet::Cluster& cluster : clusters) rows.push_back(to_json(cluster));
  return list_response("clusters", std::move(rows));
}

Result<http::Response> add_cluster(const Call& call) {
  TRY(const fleet::Cluster cluster, call.services.clusters.add(call.input.text("name"), call.caller));
  return json_response(201, to_json(cluster));
}

Result<http::Response> show_cluster(const Call& call) {
  TRY(const hub::ClusterView view, call.services.clusters.find(id_of(call.input)));
  return json_response(200, to_json(view, call.services.context.clock.now()));
}

Result<http::Response> rename_cluster(const Call& call) {
  TRY(const fleet::Cluster cluster,
      call.services.clusters.rename(id_of(call.input), call.input.text("name"), call.caller));
  return json_response(200, to_json(cluster));
}

Result<http::Response> remove_cluster(const Call& call) {
  TRY_STATUS(call.services.clusters.remove(id_of(call.input), call.caller));
  return http::Response{.status = 204};
}

const Shape& cluster_list_shape() {
  static const Shape shape = list_shape("ClusterList", "clusters", cluster_shape(), false);
  return shape;
}

}  // namespace

void add_cluster_routes(RouteTable& table) {
  const Field id{.name = "id", .type = FieldType::integer, .help = "Of the cluster", .required = true, .least = 1};
  table.add({.method = "GET",
             .path = "/v1/clusters",
             .name = "list_clusters",
             .permission = Permission::view,
             .summary = "Groups of nodes, by name",
             .fields = {{.name = "with_nodes", .type = FieldType::flag, .help = "Also how the nodes of each are"}},
             .answer = {.shape = &cluster_list_shape()},
             .handler = list_clusters});
  table.add({.method = "POST",
             .path = "/v1/clusters",
             .name = "add_cluster",
             .permission = Permission::operate,
             .summary = "Makes a cluster",
             .fields = {{.name = "name", .help = "For people; unique", .required = true}},
             .answer = {.status = 201, .shape = &cluster_shape()},
             .handler = add_cluster});
  table.add({.method = "GET",
             .path = "/v1/clusters/{id}",
             .name = "show_cluster",
             .permission = Permission::view,
             .summary = "One cluster, and how its nodes are",
             .fields = {id},
             .answer = {.shape = &cluster_shape()},
             .handler = show_cluster});
  table.add({.method = "PATCH",
             .path = "/v1/clusters/{id}",
             .name = "rename_cluster",
             .permission = Permission::operate,
             .summary = "Renames a cluster",
             .fields = {id, {.name = "name", .help = "The new name", .required = true}},
             .answer = {.shape = &cluster_shape()},
             .handler = rename_cluster});
  table.add({.method = "DELETE",
             .path = "/v1/clusters/{id}",
             .name = "remove_cluster",
             .permission = Permission::operate,
             .summary = "Removes a cluster; its nodes stay, in none",
             .fields = {id},
             .answer = {.status = 204},
             .handler = remove_cluster});
}

}  // namespace chancery::api
