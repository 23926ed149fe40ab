#include "store/hub/clusters.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "store/hub/statements.h"

namespace chancery::store {

namespace statements_of = statements::clusters;

namespace {

fleet::Cluster cluster_from(const sql::Row& row) { return {row.integer(0), std::string(row.text(1)), row.time(2)}; }

// Nodes without certificates have the last of all times, so that they are in order with the others.
std::optional<Timestamp> end_from(std::int64_t seconds) {
  if (seconds == std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return Timestamp(Seconds(seconds));
}

fleet::ClusterSummary summary_from(const sql::Row& row) {
  return {.cluster_id = row.integer(0),
          .nodes = row.integer(1),
          .slots = row.integer(2),
          .failed_slots = row.integer(3),
          .next_expiry = end_from(row.integer(4)),
          .expiring_from = end_from(row.integer(5))};
}

}  // namespace

Result<std::int64_t> Clusters::add(const fleet::Cluster& cluster) {
  TRY([[maybe_unused]] const auto next, session_.change(statements_of::next_id));
  TRY(const std::int64_t added, session_.change(statements_of::add, cluster.name, cluster.created));
  if (added == 0) return conflict(fmt::format("there is a cluster '{}' already", cluster.name));
  TRY(const auto id, session_.value<std::int64_t>(statements_of::id_of, cluster.name));
  if (!id) return internal("a cluster just added is not there");
  return *id;
}

Result<std::optional<fleet::Cluster>> Clusters::find(std::int64_t id) {
  TRY(sql::Rows rows, session_.query(statements_of::find, id));
  return rows.one(cluster_from);
}

Result<std::vector<fleet::Cluster>> Clusters::list() {
  TRY(sql::Rows rows, session_.query(statements_of::list));
  return rows.all(cluster_from);
}

Result<std::vector<fleet::ClusterSummary>> Clusters::summaries() {
  TRY(sql::Rows rows, session_.query(statements::cluster_nodes::summaries));
  TRY(std::vector<fleet::ClusterSummary> found, rows.all(summary_from));
  TRY(sql::Rows revoked, session_.query(statements::cluster_nodes::revoked_slots));
  TRY_STATUS(revoked.each([&](const sql::Row& row) {
    const auto place = std::ranges::lower_bound(found, row.integer(0), {}, &fleet::ClusterSummary::cluster_id);
    if (place != found.end() && place->cluster_id == row.integer(0)) ++place->revoked_slots;
  }));
  return found;
}

Result<fleet::ClusterSummary> Clusters::summary(std::int64_t id) {
  TRY(sql::Rows rows, session_.query(statements::cluster_nodes::summary, id));
  TRY(auto found, rows.one(summary_from));
  if (!found) return fleet::ClusterSummary{.cluster_id = id};
  TRY(const auto revoked, session_.value<std::int64_t>(statements::cluster_nodes::count_revoked_slots, id));
  found->revoked_slots = revoked.value_or(0);
  return *found;
}

Status Clusters::rename(std::int64_t id, std::string_view name) {
  TRY(const auto holder, session_.value<std::int64_t>(statements_of::id_of, name));
  if (holder && *holder != id) return conflict(fmt::format("there is a cluster '{}' already", name));
  TRY(const std::int64_t changed, session_.change(statements_of::rename, name, id));
  if (changed == 0) return not_found(fmt::format("there is no cluster {}", id));
  return {};
}

Result<bool> Clusters::remove(std::int64_t id) {
  TRY(const std::int64_t removed, session_.change(statements_of::remove, id));
  if (removed == 0) return false;
  TRY([[maybe_unused]] const auto released, session_.change(statements_of::release_nodes, id));
  return true;
}

}  // namespace chancery::store
