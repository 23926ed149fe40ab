#pragma once

// Clusters: groups of nodes that are administered together. Which one a node is in, the node's row says (hub/nodes.h).

#include <string>
#include <vector>

#include "fleet/registry.h"
#include "hub/context.h"

namespace chancery::hub {

// A cluster with how its nodes are.
struct ClusterView {
  fleet::Cluster cluster;
  fleet::ClusterSummary summary;
};
// The one word for a list, as for a node that had all of their slots.
[[nodiscard]] fleet::Worst worst_of(const fleet::ClusterSummary& summary, Timestamp now);

// Thread-safe. `context` must outlive it.
class Clusters {
 public:
  explicit Clusters(Context& context) : context_(context) {}

  Result<std::vector<fleet::Cluster>> list();          // by name
  Result<std::vector<ClusterView>> list_with_nodes();  // the same
  Result<ClusterView> find(std::int64_t id);
  // A name that is taken is ErrorCode::conflict.
  Result<fleet::Cluster> add(std::string name, const Caller& caller);
  Result<fleet::Cluster> rename(std::int64_t id, const std::string& name, const Caller& caller);
  // Its nodes stay, in none.
  Status remove(std::int64_t id, const Caller& caller);

 private:
  Context& context_;
};

}  // namespace chancery::hub
