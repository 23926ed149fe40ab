#pragma once

// Clusters: groups of nodes that are administered together. Which one a node is in, the node's row says (hub/nodes.h).

#include <string>
#include <vector>

#include "fleet/registry.h"
#include "hub/context.h"

namespace chancery::hub {

// Thread-safe. `context` must outlive it.
class Clusters {
 public:
  explicit Clusters(Context& context) : context_(context) {}

  Result<std::vector<fleet::Cluster>> list();  // by name
  // A name that is taken is ErrorCode::conflict.
  Result<fleet::Cluster> add(std::string name, const Caller& caller);
  Result<fleet::Cluster> rename(std::int64_t id, const std::string& name, const Caller& caller);
  // Its nodes stay, in none.
  Status remove(std::int64_t id, const Caller& caller);

 private:
  Context& context_;
};

}  // namespace chancery::hub
