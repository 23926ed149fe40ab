#pragma once

// The orders of a ledger in memory. Part of memory_ledger.h.

#include "testing/memory_fleet_books.h"

namespace chancery::testing {

class MemoryOrders final : public fleet::Orders {
 public:
  MemoryOrders(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Result<fleet::OrderId> add(const fleet::Order& order) override {
    TRY_STATUS(undo_.may_write());
    undo_.remember(contents_.last_id);
    for (const auto& [number, there] : contents_.orders)
      if (there.token == order.token) return internal("there is an order of that token already");
    const fleet::OrderId id = ++contents_.last_id;
    undo_.remember(contents_.orders, id);
    contents_.orders[id] = order;
    contents_.orders[id].id = id;
    return id;
  }
  Result<std::optional<fleet::Order>> find(fleet::OrderId id) override {
    const auto found = contents_.orders.find(id);
    if (found == contents_.orders.end()) return std::nullopt;
    return found->second;
  }
  Result<std::optional<fleet::Order>> find_by_token(std::string_view token) override {
    for (const auto& [id, order] : contents_.orders)
      if (order.token == token) return order;
    return std::nullopt;
  }
  Result<std::vector<fleet::Order>> open(fleet::NodeId node, int limit) override {
    std::vector<fleet::Order> orders;
    for (const auto& [id, order] : contents_.orders)
      if (order.node_id == node && fleet::is_open(order.state) && std::ssize(orders) < limit) orders.push_back(order);
    return orders;
  }
  Result<std::int64_t> count_open(fleet::NodeId node) override {
    TRY(const std::vector<fleet::Order> orders, open(node, 1'000'000));
    return std::ssize(orders);
  }
  Result<std::vector<fleet::Order>> list(const fleet::OrderFilter& filter) override {
    std::vector<fleet::Order> orders;
    for (const auto& [id, order] : std::views::reverse(contents_.orders))
      if ((!filter.node_id || order.node_id == *filter.node_id) &&
          (!filter.cluster_id || is_in(order.node_id, *filter.cluster_id)) &&
          (!filter.state || order.state == *filter.state) && (!filter.verb || order.verb == *filter.verb) &&
          (!filter.finished_after || (order.finished && *order.finished >= *filter.finished_after)) &&
          (filter.before == 0 || id < filter.before) && std::ssize(orders) < filter.limit)
        orders.push_back(order);
    for (fleet::Order& order : orders) order.certificates.clear();
    return orders;
  }
  Status update(const fleet::Order& order) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.orders.find(order.id);
    if (found == contents_.orders.end()) return not_found("there is no such order");
    undo_.remember(contents_.orders, order.id);
    found->second.state = order.state;
    found->second.finished = order.finished;
    found->second.text = order.text;
    found->second.data = order.data;
    return {};
  }
  Result<std::vector<fleet::Order>> overdue(Timestamp now) override {
    std::vector<fleet::Order> orders;
    for (const auto& [id, order] : contents_.orders)
      if (fleet::has_expired(order, now)) orders.push_back(order);
    std::ranges::sort(orders, {}, &fleet::Order::deadline);
    if (orders.size() > 500) orders.resize(500);
    return orders;
  }
  Result<std::int64_t> count_failed(Timestamp finished_after) override {
    return std::ranges::count_if(contents_.orders, [&](const auto& entry) {
      return entry.second.state == fleet::OrderState::failed && entry.second.finished &&
             *entry.second.finished >= finished_after;
    });
  }
  Status forget(Timestamp finished_before) override {
    TRY_STATUS(undo_.may_write());
    for (auto entry = contents_.orders.begin(); entry != contents_.orders.end();) {
      const auto here = entry++;
      if (entry == contents_.orders.end() || !here->second.finished || *here->second.finished >= finished_before)
        continue;
      undo_.remember(contents_.orders, here->first);
      contents_.orders.erase(here);
    }
    return {};
  }

 private:
  [[nodiscard]] bool is_in(fleet::NodeId id, std::int64_t cluster_id) const {
    const auto node = contents_.nodes.find(id);
    return node != contents_.nodes.end() && node->second.cluster_id == cluster_id;
  }

  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

}  // namespace chancery::testing
