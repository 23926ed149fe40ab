#include "hub/clusters.h"

#include <fmt/format.h>

namespace chancery::hub {
namespace {

std::unexpected<Error> no_cluster(std::int64_t id) { return not_found(fmt::format("there is no cluster {}", id)); }

}  // namespace

Result<std::vector<fleet::Cluster>> Clusters::list() {
  std::vector<fleet::Cluster> clusters;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(clusters, books.clusters().list());
    return {};
  }));
  return clusters;
}

Result<fleet::Cluster> Clusters::add(std::string name, const Caller& caller) {
  TRY_STATUS_IN("name", fleet::check_node_name(name));
  fleet::Cluster cluster{.name = std::move(name), .created = context_.clock.now()};
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY(cluster.id, books.clusters().add(cluster));
    return books.audit().append(
        {.at = cluster.created, .actor = caller.name, .action = "cluster.added", .subject = cluster.name});
  }));
  return cluster;
}

Result<fleet::Cluster> Clusters::rename(std::int64_t id, const std::string& name, const Caller& caller) {
  TRY_STATUS_IN("name", fleet::check_node_name(name));
  std::optional<fleet::Cluster> cluster;
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY(cluster, books.clusters().find(id));
    if (!cluster) return no_cluster(id);
    TRY_STATUS(books.clusters().rename(id, name));
    return books.audit().append({.at = context_.clock.now(),
                                 .actor = caller.name,
                                 .action = "cluster.renamed",
                                 .subject = cluster->name,
                                 .details = {{"name", name}}});
  }));
  cluster->name = name;
  return *std::move(cluster);
}

Status Clusters::remove(std::int64_t id, const Caller& caller) {
  return context_.ledger.write([&](Books& books) -> Status {
    TRY(const auto cluster, books.clusters().find(id));
    if (!cluster) return no_cluster(id);
    TRY([[maybe_unused]] const bool removed, books.clusters().remove(id));
    return books.audit().append(
        {.at = context_.clock.now(), .actor = caller.name, .action = "cluster.removed", .subject = cluster->name});
  });
}

}  // namespace chancery::hub
