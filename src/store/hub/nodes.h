#pragma once

// The node table, and which certificates and challenges lead to which node.

#include "fleet/registry.h"
#include "store/hub/session.h"

namespace chancery::store {

class Nodes final : public fleet::Nodes {
 public:
  explicit Nodes(Session& session) : session_(session) {}

  Result<fleet::NodeId> add(const fleet::Node& node) override;
  Result<std::optional<fleet::Node>> find(fleet::NodeId id) override;
  Result<std::optional<fleet::Node>> find_by_name(std::string_view name) override;
  Status update(const fleet::Node& node) override;
  Result<bool> remove(fleet::NodeId id) override;
  Result<fleet::NodePage> list(const fleet::NodeFilter& filter) override;
  Result<std::int64_t> count() override;
  Result<std::int64_t> count(fleet::NodeState state) override;
  Result<std::int64_t> count_unseen(Timestamp since) override;
  Status seen(const std::vector<fleet::Sighting>& sightings) override;
  Result<std::optional<fleet::Place>> place_of(std::string_view serial) override;
  Status set_place(std::string_view serial, const fleet::Place& place) override;
  Status add_challenge(std::string_view challenge, const fleet::Place& place) override;
  Result<std::vector<std::string>> challenges(const fleet::Place& place) override;
  Result<std::vector<std::pair<std::string, std::string>>> challenges(fleet::NodeId node) override;
  Result<std::optional<fleet::Place>> place_by_challenge(std::string_view serial) override;

 private:
  Session& session_;
};

// The statement of a list of nodes, put together from the parts that the filter asks for. Takes eleven parameters,
// whatever the filter: state, name, product, cluster, expiring at, last seen before, three times the text pattern, and
// the limit; and, where `filter.after` is set, the number or text and the id after which to go on.
[[nodiscard]] std::string node_list_sql(const fleet::NodeFilter& filter);

}  // namespace chancery::store
