#include "hub/clusters.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::hub {
namespace {

std::unexpected<Error> no_cluster(std::int64_t id) { return not_found(fmt::format("there is no cluster {}", id)); }

}  // namespace

fleet::Worst worst_of(const fleet::ClusterSummary& summary, Timestamp now) {
  fleet::Node all;
  all.failed_slots = summary.failed_slots;
  all.revoked_slots = summary.revoked_slots;
  all.next_expiry = summary.next_expiry;
  all.expiring_from = summary.expiring_from;
  return fleet::worst_of(all, now);
}

Result<std::vector<fleet::Cluster>> Clusters::list() {
  std::vector<fleet::Cluster> clusters;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(clusters, books.clusters().list());
    return {};
  }));
  return clusters;
}

Result<std::vector<ClusterView>> Clusters::list_with_nodes() {
  std::vector<ClusterView> views;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    views.clear();
    TRY(const std::vector<fleet::Cluster> clusters, books.clusters().list());
    TRY(const std::vector<fleet::ClusterSummary> summaries, books.clusters().summaries());
    for (const fleet::Cluster& cluster : clusters) {
      const auto summary = std::ranges::lower_bound(summaries, cluster.id, {}, &fleet::ClusterSummary::cluster_id);
      const bool has_nodes = summary != summaries.end() && summary->cluster_id == cluster.id;
      views.push_back(
          {.cluster = cluster, .summary = has_nodes ? *summary : fleet::ClusterSummary{.cluster_id = cluster.id}});
    }
    return {};
  }));
  return views;
}

Result<ClusterView> Clusters::find(std::int64_t id) {
  ClusterView view;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(auto cluster, books.clusters().find(id));
    if (!cluster) return no_cluster(id);
    view.cluster = *std::move(cluster);
    TRY(view.summary, books.clusters().summary(id));
    return {};
  }));
  return view;
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
