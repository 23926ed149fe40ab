#pragma once

// What the hub keeps of its fleet, and the narrow interfaces by which it reaches it. They are granted by store/hub;
// each object is a view inside one database transaction and must not outlive it.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fleet/inventory.h"
#include "fleet/node.h"
#include "fleet/order.h"

namespace chancery::fleet {

enum class NodeSort : std::uint8_t { name, last_seen, product, next_expiry };
// A page of a list of nodes. Lists cost the rows that they look at; a filter that is seldom true may look at all.
struct NodeFilter {
  std::string text;  // in name, product or address, any case
  std::string name;  // exactly this one; empty: any
  std::optional<NodeState> state;
  std::optional<std::string> product;
  std::optional<std::int64_t> cluster_id;
  std::optional<bool> failed_slots;           // true: has some
  bool revoked_slots = false;                 // is not blocked, and the certificate of some slot is revoked
  std::optional<Timestamp> expiring_at;       // an active certificate should have been renewed by then, or has ended
  std::optional<Timestamp> last_seen_before;  // was here, but not since
  NodeSort sort = NodeSort::name;
  bool descending = false;
  NodeId after = 0;  // the last node of the page before; 0: first page
  int limit = 100;
};
struct NodePage {
  std::vector<Node> rows;
  NodeId next = 0;  // 0: no more
};

// A node was here.
struct Sighting {
  NodeId node_id = 0;
  Timestamp at;
  std::string remote_address;
};

class Nodes {
 public:
  virtual ~Nodes() = default;
  // Gives the id, which no other node ever has. A name that is taken is ErrorCode::conflict.
  virtual Result<NodeId> add(const Node& node) = 0;
  virtual Result<std::optional<Node>> find(NodeId id) = 0;
  virtual Result<std::optional<Node>> find_by_name(std::string_view name) = 0;
  // All but id, created and what is counted when it is read. ErrorCode::not_found; conflict when the name is taken.
  virtual Status update(const Node& node) = 0;
  // With all that is known of it but its orders, which are no node's then. False: there is none.
  virtual Result<bool> remove(NodeId id) = 0;
  // ErrorCode::not_found when the node of `filter.after` is gone.
  virtual Result<NodePage> list(const NodeFilter& filter) = 0;
  virtual Result<std::int64_t> count() = 0;
  virtual Result<std::int64_t> count(NodeState state) = 0;
  // Admitted, and not here since then.
  virtual Result<std::int64_t> count_unseen(Timestamp since) = 0;
  // Moves last_seen forward, never back. Nodes that are gone are skipped.
  virtual Status seen(const std::vector<Sighting>& sightings) = 0;

  // Whose certificate that is, by its serial (hex).
  virtual Result<std::optional<Place>> place_of(std::string_view serial) = 0;
  virtual Status set_place(std::string_view serial, const Place& place) = 0;
  // The challenge was minted for that place; it leads from the certificate that used it up.
  virtual Status add_challenge(std::string_view challenge, const Place& place) = 0;
  virtual Result<std::vector<std::string>> challenges(const Place& place) = 0;
  virtual Result<std::vector<std::pair<std::string, std::string>>> challenges(NodeId node) = 0;  // with their slots
  virtual Result<std::optional<Place>> place_by_challenge(std::string_view serial) = 0;
};

// A certificate that a slot uses now, and in which cluster.
struct HeldEnd {
  std::string serial;
  Timestamp not_after;
  std::int64_t cluster_id = 0;  // 0: its node is in none

  bool operator==(const HeldEnd&) const = default;
};
struct NodeTrust {
  NodeId node_id = 0;
  TrustEntry entry;
};

class Inventories {
 public:
  virtual ~Inventories() = default;
  // In place of what was there.
  virtual Status put(NodeId node, const Inventory& inventory) = 0;
  virtual Result<Inventory> of(NodeId node) = 0;                   // each list in the order of its names
  virtual Result<std::vector<SlotStatus>> slots(NodeId node) = 0;  // by name
  // Of certificates that were issued here, are neither revoked nor superseded and end in [from, before): each slot that
  // uses one now, in the order of their ends. Those of one certificate stand together.
  virtual Result<std::vector<HeldEnd>> ends(Timestamp from, Timestamp before) = 0;
  virtual Result<std::vector<NodeTrust>> trust_of_cluster(std::int64_t cluster_id) = 0;
  virtual Result<std::optional<ForeignCertificate>> foreign(std::string_view sha256) = 0;
  virtual Status add_foreign(const ForeignCertificate& certificate) = 0;  // once; again is no error
  // Notes that what `limit` nodes after that id report is reported now; up to an hour's difference does not matter.
  // Gives the last of them; 0: there are none.
  virtual Result<NodeId> note_reported(NodeId after, int limit, Timestamp now) = 0;
  // Forgets some of those that were not reported since then, at most `limit`. Gives how many.
  virtual Result<std::int64_t> forget_foreign(Timestamp reported_before, int limit) = 0;
  virtual Result<std::int64_t> count_slots() = 0;
  virtual Result<std::int64_t> count_failed_slots() = 0;
  // Whose certificate is revoked, of nodes that are not blocked.
  virtual Result<std::int64_t> count_revoked_slots() = 0;

  // Only the newest kept_events stay. An event of a number that is there already is skipped.
  virtual Status add_events(NodeId node, const std::vector<NodeEvent>& events) = 0;
  // Newest first, before that number; 0: the newest.
  virtual Result<std::vector<NodeEvent>> events(NodeId node, std::int64_t before, int limit) = 0;
  virtual Status forget_events(NodeId node) = 0;
};

// The nodes of a cluster taken together. Nobody waits for blocked ones: nodes and slots are all that is counted there.
struct ClusterSummary {
  std::int64_t cluster_id = 0;
  std::int64_t nodes = 0;
  std::int64_t slots = 0, failed_slots = 0, revoked_slots = 0;
  std::optional<Timestamp> next_expiry, expiring_from;  // the earliest, as of a node

  bool operator==(const ClusterSummary&) const = default;
};

class Clusters {
 public:
  virtual ~Clusters() = default;
  // Gives the id, which no other cluster ever has. A name that is taken is ErrorCode::conflict.
  virtual Result<std::int64_t> add(const Cluster& cluster) = 0;
  virtual Result<std::optional<Cluster>> find(std::int64_t id) = 0;
  virtual Result<std::vector<Cluster>> list() = 0;              // by name
  virtual Result<std::vector<ClusterSummary>> summaries() = 0;  // of those that have nodes, by id
  virtual Result<ClusterSummary> summary(std::int64_t id) = 0;  // zeros where there are no nodes
  virtual Status rename(std::int64_t id, std::string_view name) = 0;
  virtual Result<bool> remove(std::int64_t id) = 0;  // its nodes are in none then
};

// A page of a list of orders, newest first. What is set must hold.
struct OrderFilter {
  std::optional<NodeId> node_id;
  std::optional<std::int64_t> cluster_id;  // of a node that is in it now
  std::optional<OrderState> state;
  std::optional<std::string> verb;
  std::optional<Timestamp> finished_after;  // or then
  OrderId before = 0;                       // 0: the newest
  int limit = 100;
};

class Orders {
 public:
  virtual ~Orders() = default;
  virtual Result<OrderId> add(const Order& order) = 0;
  virtual Result<std::optional<Order>> find(OrderId id) = 0;
  virtual Result<std::optional<Order>> find_by_token(std::string_view token) = 0;
  // Those that are queued or delivered, oldest first.
  virtual Result<std::vector<Order>> open(NodeId node, int limit) = 0;
  virtual Result<std::int64_t> count_open(NodeId node) = 0;
  virtual Result<std::vector<Order>> list(const OrderFilter& filter) = 0;  // without their certificates
  // State, finished, text and data. The caller has asked a transition of order.h.
  virtual Status update(const Order& order) = 0;
  // Those that have expired (has_expired of order.h), a few hundred at a time.
  virtual Result<std::vector<Order>> overdue(Timestamp now) = 0;
  virtual Result<std::int64_t> count_failed(Timestamp finished_after) = 0;
  // Finished before then. The highest id stays, so that none is given twice.
  virtual Status forget(Timestamp finished_before) = 0;
};

}  // namespace chancery::fleet
