#include "store/hub/orders.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "store/hub/any_value.h"
#include "store/hub/json_text.h"
#include "store/hub/row_enum.h"
#include "store/hub/statements.h"

namespace chancery::store {

namespace statements_of = statements::orders;

namespace {

constexpr int most_rows = 10'000;

std::string json_of(const fleet::Texts& texts) { return to_json(TextPairs(texts.begin(), texts.end())); }

Result<fleet::Texts> texts_of(std::string_view json) {
  TRY(const TextPairs pairs, pairs_from_json(json));
  return fleet::Texts(pairs.begin(), pairs.end());
}

std::string json_of(const std::vector<Bytes>& certificates) {
  std::vector<std::string> texts;
  for (const Bytes& certificate : certificates) texts.push_back(to_base64(certificate));
  return to_json(texts);
}

Result<fleet::Order> order_from(const sql::Row& row) {
  fleet::Order order;
  order.id = row.integer(0);
  order.node_id = row.integer(1);
  order.verb = row.text(2);
  order.slot = row.text(3);
  TRY_IN("reading an order", order.parameters, texts_of(row.text(4)));
  TRY_IN("reading an order", const std::vector<std::string> certificates, texts_from_json(row.text(5)));
  for (const std::string& text : certificates) {
    TRY_IN("reading an order", order.certificates.emplace_back(), from_base64(text));
  }
  TRY(order.state,
      enumerator_from(row.integer(6), fleet::OrderState::cancelled, fmt::format("order {}", order.id), "state"));
  order.created = row.time(7);
  order.created_by = row.text(8);
  order.deadline = row.time(9);
  order.finished = row.get<std::optional<Timestamp>>(10);
  order.text = row.text(11);
  TRY_IN("reading an order", order.data, texts_of(row.text(12)));
  order.token = row.text(13);
  return order;
}

}  // namespace

Result<fleet::OrderId> Orders::add(const fleet::Order& order) {
  TRY([[maybe_unused]] const auto added,
      session_.change(statements_of::add, order.node_id, order.verb, order.slot, json_of(order.parameters),
                      json_of(order.certificates), static_cast<int>(order.state), order.created, order.created_by,
                      order.deadline, order.finished, order.text, json_of(order.data), order.token));
  // The highest one is never removed, so what was added last has the highest.
  TRY(const auto id, session_.value<std::int64_t>(statements_of::highest_id));
  if (!id) return internal("an order just added is not there");
  return *id;
}

Result<std::optional<fleet::Order>> Orders::find(fleet::OrderId id) {
  TRY(sql::Rows rows, session_.query(statements_of::find, id));
  return rows.one(order_from);
}

Result<std::optional<fleet::Order>> Orders::find_by_token(std::string_view token) {
  TRY(sql::Rows rows, session_.query(statements_of::find_by_token, token));
  return rows.one(order_from);
}

Result<std::vector<fleet::Order>> Orders::open(fleet::NodeId node, int limit) {
  TRY(sql::Rows rows, session_.query(statements_of::open, node, limit));
  return rows.all(order_from);
}

Result<std::int64_t> Orders::count_open(fleet::NodeId node) {
  TRY(const auto count, session_.value<std::int64_t>(statements_of::count_open, node));
  return count.value_or(0);
}

namespace {

// What more orders have is found sooner on the way than by putting all of those in order.
constexpr std::int64_t most_few = 3000;

std::string_view cluster_condition(const fleet::OrderFilter& filter, OrderPlan plan) {
  if (!filter.cluster_id) return any_number;
  if (plan == OrderPlan::by_cluster) return "node IN (SELECT id FROM node WHERE cluster = ?)";
  return "EXISTS (SELECT 1 FROM node WHERE node.id = node_order.node AND node.cluster + 0 = ?)";
}

}  // namespace

std::string order_list_sql(const fleet::OrderFilter& filter, OrderPlan plan) {
  // What is an expression is looked up in no index, so the one that is meant is left: that of the node, which has few
  // orders, or else that of state and verb as far as they are asked for. Each has its rows in the order of their ids.
  const bool of_nodes = filter.node_id.has_value() || plan == OrderPlan::by_cluster;
  std::string where = filter.node_id ? "node = ?" : std::string(any_number);
  where.append(" AND ").append(cluster_condition(filter, plan));
  where.append(" AND ").append(!filter.state ? any_number : of_nodes ? "state + 0 = ?" : "state = ?");
  where.append(" AND ").append(!filter.verb ? any_text : of_nodes ? "verb || '' = ?" : "verb = ?");
  where.append(" AND ").append(filter.finished_after ? "finished + 0 >= ?" : any_number);
  // The orders of several nodes are put in order afterwards.
  const std::string_view apart = plan == OrderPlan::by_cluster ? " + 0" : "";
  // Without its certificates: nobody shows those of a whole list.
  return fmt::format(
      "SELECT id, node, verb, slot, parameters, '[]', state, created, created_by, deadline, finished, text, data, "
      "token "
      "FROM node_order WHERE {0} AND id{1} < ? ORDER BY id{1} DESC LIMIT ?",
      where, apart);
}

Result<std::vector<fleet::Order>> Orders::list(const fleet::OrderFilter& filter) {
  const std::optional<std::int64_t> state =
      filter.state ? std::optional<std::int64_t>(static_cast<int>(*filter.state)) : std::nullopt;
  const std::int64_t below = filter.before == 0 ? std::numeric_limits<std::int64_t>::max() : filter.before;
  OrderPlan plan = OrderPlan::usual;
  if (filter.cluster_id && !filter.node_id) {
    TRY(const auto count,
        session_.value<std::int64_t>(statements::cluster_nodes::count_orders, *filter.cluster_id, most_few + 1));
    if (count.value_or(0) <= most_few) plan = OrderPlan::by_cluster;
  }
  TRY(sql::Rows rows,
      session_.query(order_list_sql(filter, plan), filter.node_id, filter.cluster_id, state, filter.verb,
                     filter.finished_after, below, std::int64_t{std::clamp(filter.limit, 0, most_rows)}));
  return rows.all(order_from);
}

Status Orders::update(const fleet::Order& order) {
  TRY(const std::int64_t changed, session_.change(statements_of::update, static_cast<int>(order.state), order.finished,
                                                  order.text, json_of(order.data), order.id));
  if (changed == 0) return not_found(fmt::format("there is no order {}", order.id));
  return {};
}

Result<std::vector<fleet::Order>> Orders::overdue(Timestamp now) {
  TRY(sql::Rows rows, session_.query(statements_of::overdue, now, now - fleet::result_grace));
  return rows.all(order_from);
}

Result<std::int64_t> Orders::count_failed(Timestamp finished_after) {
  TRY(const auto count, session_.value<std::int64_t>(statements_of::count_failed, finished_after));
  return count.value_or(0);
}

Status Orders::forget(Timestamp finished_before) {
  using enum fleet::OrderState;
  for (const fleet::OrderState state : {done, failed, expired, cancelled}) {
    TRY([[maybe_unused]] const auto gone,
        session_.change(statements_of::forget, static_cast<int>(state), finished_before));
  }
  return {};
}

}  // namespace chancery::store
