#pragma once

// Clusters: nodes that belong together.

#include "fleet/registry.h"
#include "store/hub/session.h"

namespace chancery::store {

class Clusters final : public fleet::Clusters {
 public:
  explicit Clusters(Session& session) : session_(session) {}

  Result<std::int64_t> add(const fleet::Cluster& cluster) override;
  Result<std::optional<fleet::Cluster>> find(std::int64_t id) override;
  Result<std::vector<fleet::Cluster>> list() override;
  Result<std::vector<fleet::ClusterSummary>> summaries() override;
  Result<fleet::ClusterSummary> summary(std::int64_t id) override;
  Status rename(std::int64_t id, std::string_view name) override;
  Result<bool> remove(std::int64_t id) override;

 private:
  Session& session_;
};

}  // namespace chancery::store
