#pragma once

// The orders to nodes.

#include "fleet/registry.h"
#include "store/hub/session.h"

namespace chancery::store {

class Orders final : public fleet::Orders {
 public:
  explicit Orders(Session& session) : session_(session) {}

  Result<fleet::OrderId> add(const fleet::Order& order) override;
  Result<std::optional<fleet::Order>> find(fleet::OrderId id) override;
  Result<std::optional<fleet::Order>> find_by_token(std::string_view token) override;
  Result<std::vector<fleet::Order>> open(fleet::NodeId node, int limit) override;
  Result<std::int64_t> count_open(fleet::NodeId node) override;
  Result<std::vector<fleet::Order>> list(const fleet::OrderFilter& filter) override;
  Status update(const fleet::Order& order) override;
  Result<std::vector<fleet::Order>> overdue(Timestamp now) override;
  Result<std::int64_t> count_failed(Timestamp finished_after) override;
  Status forget(Timestamp finished_before) override;

 private:
  Session& session_;
};

// What finds the orders of a list: their own order, or the nodes of the cluster that is asked for, where these have
// few.
enum class OrderPlan : std::uint8_t { usual, by_cluster };

// The statement of a list of orders, put together from the parts that the filter asks for. Takes seven parameters,
// whatever the filter: node, cluster, state, verb, finished after, the id to go on before, and the limit.
[[nodiscard]] std::string order_list_sql(const fleet::OrderFilter& filter, OrderPlan plan = OrderPlan::usual);

}  // namespace chancery::store
