#include "store/hub/nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/ascii.h"
#include "store/hub/any_value.h"
#include "store/hub/row_enum.h"
#include "store/hub/statements.h"

namespace chancery::store {

using fleet::Node;
using fleet::NodeFilter;
using fleet::NodeSort;

namespace statements_of = statements::nodes;

namespace {

constexpr int most_rows = 1000;
// In place of a time that a node does not have, so that it is the last in order.
constexpr std::int64_t never_ends = std::numeric_limits<std::int64_t>::max();

std::int64_t seconds_of(Timestamp time) { return time.time_since_epoch().count(); }

std::int64_t end_of(const std::optional<Timestamp>& time) { return time ? seconds_of(*time) : never_ends; }

std::optional<Timestamp> end_from(std::int64_t seconds) {
  if (seconds == never_ends) return std::nullopt;
  return Timestamp(Seconds(seconds));
}

std::int64_t moment_of(const std::optional<Timestamp>& time) { return time ? seconds_of(*time) : 0; }

Result<Node> node_from(const sql::Row& row) {
  Node node;
  node.id = row.integer(0);
  node.name = row.text(1);
  node.cluster_id = row.integer(2);
  node.product = row.text(3);
  const std::string name = fmt::format("node {}", node.id);
  TRY(node.state, enumerator_from(row.integer(4), fleet::NodeState::blocked, name, "state"));
  node.created = row.time(5);
  node.first_seen = row.get<std::optional<Timestamp>>(6);
  if (row.integer(7) != 0) node.last_seen = row.time(7);
  node.remote_address = row.text(8);
  node.agent_version = row.text(9);
  node.clock_offset_seconds = row.get<std::optional<std::int64_t>>(10);
  TRY(node.clock_synchronised, enumerator_from(row.integer(11), fleet::ClockSync::no, name, "clock_synchronised"));
  node.certificate = row.text(12);
  node.inventory_hash = row.text(13);
  node.acknowledged_event = row.integer(14);
  node.slots = row.integer(15);
  node.failed_slots = row.integer(16);
  node.next_expiry = end_from(row.integer(17));
  node.expiring_from = end_from(row.integer(18));
  node.revoked_slots = row.integer(19);
  return node;
}

fleet::Place place_from(const sql::Row& row) { return {row.integer(0), std::string(row.text(1))}; }

// The pattern of LIKE that finds `text` anywhere, in lower case, with `!` as the escape character.
std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char character : text) {
    if (character == '%' || character == '_' || character == '!') pattern += '!';
    pattern += ascii::lower(character);
  }
  pattern += '%';
  return pattern;
}

std::string_view column_of(NodeSort sort) {
  switch (sort) {
    case NodeSort::name: return "name";
    case NodeSort::last_seen: return "last_seen";
    case NodeSort::product: return "product";
    case NodeSort::next_expiry: return "next_expiry";
  }
  return {};
}

// The slots of a node of the query around it whose certificate is revoked.
constexpr std::string_view revoked_slots =
    "FROM node_slot CROSS JOIN certificate WHERE certificate.serial = node_slot.serial "
    "AND node_slot.node = node.id AND certificate.state + 0 = 2";

}  // namespace

std::string node_list_sql(const NodeFilter& filter) {
  // What is an expression is looked up in no index, so the one that has the order is left: nothing is sorted.
  std::string where = filter.state ? "state + 0 = ?" : std::string(any_number);
  where.append(" AND ").append(filter.name.empty() ? any_text : "name = ?");
  where.append(" AND ").append(filter.product ? "product || '' = ?" : any_text);
  where.append(" AND ").append(filter.cluster_id ? "cluster + 0 = ?" : any_number);
  where.append(" AND ").append(filter.expiring_at ? "expiring_from + 0 <= ?" : any_number);
  where.append(" AND ").append(filter.last_seen_before ? "last_seen + 0 > 0 AND last_seen + 0 < ?" : any_number);
  if (filter.failed_slots) where.append(*filter.failed_slots ? " AND failed_slots > 0" : " AND failed_slots = 0");
  if (filter.revoked_slots) where.append(fmt::format(" AND state + 0 <> 3 AND EXISTS (SELECT 1 {})", revoked_slots));
  const std::string text = filter.text.empty()
                               ? fmt::format("{0} AND {0} AND {0}", any_text)
                               : "(lower(name || '') LIKE ? ESCAPE '!' OR lower(product || '') LIKE ? ESCAPE '!' OR "
                                 "remote_address LIKE ? ESCAPE '!')";
  const std::string_view column = column_of(filter.sort);
  const char beyond = filter.descending ? '<' : '>';
  const std::string_view direction = filter.descending ? " DESC" : "";
  // Names are unique, so their index needs no id behind it.
  std::string order = fmt::format("{}{}", column, direction);
  if (filter.sort != NodeSort::name) order += fmt::format(", id{}", direction);
  std::string place;
  if (filter.after != 0)
    place = filter.sort == NodeSort::name ? fmt::format(" AND name {} ? AND CAST(? AS INTEGER) IS NOT NULL", beyond)
                                          : fmt::format(" AND ({}, id) {} (?, ?)", column, beyond);
  return fmt::format(
      "SELECT id, name, cluster, product, state, created, first_seen, last_seen, remote_address, agent_version, "
      "clock_offset, clock_synchronised, certificate, inventory_hash, acknowledged_event, slots, failed_slots, "
      "next_expiry, expiring_from, (SELECT count(*) {}) FROM node WHERE {} AND {}{} ORDER BY {} LIMIT ?",
      revoked_slots, where, text, place, order);
}

Result<fleet::NodeId> Nodes::add(const Node& node) {
  TRY([[maybe_unused]] const auto next, session_.change(statements_of::next_id));
  TRY(const std::int64_t added,
      session_.change(statements_of::add, node.name, node.cluster_id, node.product, static_cast<int>(node.state),
                      node.created, node.first_seen, moment_of(node.last_seen), node.remote_address, node.agent_version,
                      node.clock_offset_seconds, static_cast<int>(node.clock_synchronised), node.certificate,
                      node.inventory_hash, node.acknowledged_event, node.slots, node.failed_slots,
                      end_of(node.next_expiry), end_of(node.expiring_from)));
  if (added == 0) return conflict(fmt::format("there is a node '{}' already", node.name));
  TRY(const auto id, session_.value<std::int64_t>(statements_of::id_of, node.name));
  if (!id) return internal("a node just added is not there");
  return *id;
}

Result<std::optional<Node>> Nodes::find(fleet::NodeId id) {
  TRY(sql::Rows rows, session_.query(statements_of::find, id));
  return rows.one(node_from);
}

Result<std::optional<Node>> Nodes::find_by_name(std::string_view name) {
  TRY(sql::Rows rows, session_.query(statements_of::find_by_name, name));
  return rows.one(node_from);
}

Status Nodes::update(const Node& node) {
  TRY(const auto holder, session_.value<std::int64_t>(statements_of::id_of, node.name));
  if (holder && *holder != node.id) return conflict(fmt::format("there is a node '{}' already", node.name));
  TRY(const std::int64_t changed,
      session_.change(statements_of::update, node.name, node.cluster_id, node.product, static_cast<int>(node.state),
                      node.first_seen, moment_of(node.last_seen), node.remote_address, node.agent_version,
                      node.clock_offset_seconds, static_cast<int>(node.clock_synchronised), node.certificate,
                      node.inventory_hash, node.acknowledged_event, node.slots, node.failed_slots,
                      end_of(node.next_expiry), end_of(node.expiring_from), node.id));
  if (changed == 0) return not_found(fmt::format("there is no node {}", node.id));
  return {};
}

Result<bool> Nodes::remove(fleet::NodeId id) {
  TRY(const std::int64_t removed, session_.change(statements_of::remove, id));
  if (removed == 0) return false;
  for (const std::string_view statement :
       {statements_of::remove_certificates, statements_of::remove_challenges, statements_of::remove_slots,
        statements_of::remove_held, statements_of::remove_trust, statements_of::remove_events,
        statements_of::release_open_orders, statements_of::release_orders}) {
    TRY([[maybe_unused]] const auto gone, session_.change(statement, id));
  }
  return true;
}

Result<fleet::NodePage> Nodes::list(const NodeFilter& filter) {
  const int limit = std::clamp(filter.limit, 0, most_rows);
  const std::optional<std::int64_t> state =
      filter.state ? std::optional<std::int64_t>(static_cast<int>(*filter.state)) : std::nullopt;
  std::optional<std::string> filter_name;
  if (!filter.name.empty()) filter_name = filter.name;
  std::optional<std::string> pattern;
  if (!filter.text.empty()) pattern = like_pattern(filter.text);
  const std::string sql = node_list_sql(filter);
  const auto read = [&](const auto&... place) {
    // One more than asked for tells whether there is another page.
    return session_.query(sql, state, filter_name, filter.product, filter.cluster_id, filter.expiring_at,
                          filter.last_seen_before, pattern, pattern, pattern, place..., std::int64_t{limit} + 1);
  };
  const auto page_from = [&](Result<sql::Rows> rows) -> Result<fleet::NodePage> {
    if (!rows) return std::unexpected(std::move(rows).error());
    fleet::NodePage page;
    TRY(page.rows, rows->all(node_from));
    if (std::ssize(page.rows) > limit) {
      page.rows.resize(static_cast<std::size_t>(limit));
      if (!page.rows.empty()) page.next = page.rows.back().id;
    }
    return page;
  };
  if (filter.after == 0) return page_from(read());
  TRY(const auto last, find(filter.after));
  if (!last) return not_found("the node that the page before ended with is gone: read the list from its beginning");
  switch (filter.sort) {
    case NodeSort::name: return page_from(read(last->name, last->id));
    case NodeSort::product: return page_from(read(last->product, last->id));
    case NodeSort::last_seen: return page_from(read(moment_of(last->last_seen), last->id));
    case NodeSort::next_expiry: return page_from(read(end_of(last->next_expiry), last->id));
  }
  return fleet::NodePage();
}

Result<std::int64_t> Nodes::count() {
  TRY(const auto count, session_.value<std::int64_t>(statements_of::count));
  return count.value_or(0);
}

Result<std::int64_t> Nodes::count(fleet::NodeState state) {
  TRY(const auto count, session_.value<std::int64_t>(statements_of::count_state, static_cast<int>(state)));
  return count.value_or(0);
}

Result<std::int64_t> Nodes::count_unseen(Timestamp since) {
  TRY(const auto count, session_.value<std::int64_t>(statements_of::count_unseen, since));
  return count.value_or(0);
}

Status Nodes::seen(const std::vector<fleet::Sighting>& sightings) {
  for (const fleet::Sighting& sighting : sightings) {
    TRY([[maybe_unused]] const auto changed,
        session_.change(statements_of::seen, sighting.at, sighting.remote_address, sighting.node_id, sighting.at));
  }
  return {};
}

Result<std::optional<fleet::Place>> Nodes::place_of(std::string_view serial) {
  TRY(sql::Rows rows, session_.query(statements_of::place_of, serial));
  return rows.one(place_from);
}

Status Nodes::set_place(std::string_view serial, const fleet::Place& place) {
  TRY([[maybe_unused]] const auto set, session_.change(statements_of::set_place, serial, place.node_id, place.slot));
  return {};
}

Status Nodes::add_challenge(std::string_view challenge, const fleet::Place& place) {
  TRY(const std::int64_t added, session_.change(statements_of::add_challenge, challenge, place.node_id, place.slot));
  if (added == 0) return conflict("the challenge is a node's already");
  return {};
}

Result<std::vector<std::string>> Nodes::challenges(const fleet::Place& place) {
  TRY(sql::Rows rows, session_.query(statements_of::challenges, place.node_id, place.slot));
  return rows.all([](const sql::Row& row) { return std::string(row.text(0)); });
}

Result<std::vector<std::pair<std::string, std::string>>> Nodes::challenges(fleet::NodeId node) {
  TRY(sql::Rows rows, session_.query(statements_of::challenges_of_node, node));
  return rows.all([](const sql::Row& row) { return std::pair(std::string(row.text(0)), std::string(row.text(1))); });
}

Result<std::optional<fleet::Place>> Nodes::place_by_challenge(std::string_view serial) {
  {
    TRY(sql::Rows rows, session_.query(statements_of::place_by_challenge, serial));
    TRY(auto place, rows.one(place_from));
    if (place) return place;
  }
  TRY(sql::Rows rows, session_.query(statements_of::place_by_request, serial));
  return rows.one(place_from);
}

}  // namespace chancery::store
