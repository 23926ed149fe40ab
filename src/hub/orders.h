#pragma once

// Asking nodes to do something, and giving that up. What nodes answer is check_in.h's business.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/registry.h"
#include "hub/changes.h"
#include "hub/context.h"
#include "hub/presence.h"

namespace chancery::hub {

struct OrderRequest {
  fleet::NodeId node_id = 0;
  std::string verb;  // as wire/order.h has them: "renew_slot"
  std::string slot;
  fleet::Texts parameters;
  std::vector<Bytes> certificates;  // DER
  std::optional<Seconds> lifetime;  // not begun after it; nothing: a day
};

// A page of a list.
struct OrderPage {
  std::vector<fleet::Order> rows;
  std::map<fleet::NodeId, std::string> names;  // of their nodes
  fleet::OrderId next = 0;                     // `before` of the next page; 0: no more
};

class Orders {
 public:
  Orders(Context& context, Presence& presence, Changes& changes)
      : context_(context), presence_(presence), changes_(changes) {}

  // Reaches a node that holds a request at once. ErrorCode::invalid when it could never be done; conflict when the node
  // is not admitted, or has too many open orders.
  Result<fleet::Order> create(OrderRequest request, const Caller& caller);
  // A node that has it already may do it nevertheless, and then its result counts.
  Result<fleet::Order> cancel(fleet::OrderId id, const Caller& caller);
  Result<fleet::Order> find(fleet::OrderId id);
  // The same again, for one that failed, expired or was cancelled. ErrorCode::conflict while something may still come
  // of it, when it was done, and when its node is gone; else as create().
  Result<fleet::Order> repeat(fleet::OrderId id, const Caller& caller);
  // ErrorCode::not_found when there is no such node or cluster.
  Result<OrderPage> list(fleet::OrderFilter filter);
  // Ends those that nobody waits for any more, and forgets those that ended 90 days ago.
  Status expire();

 private:
  Context& context_;
  Presence& presence_;
  Changes& changes_;
};

}  // namespace chancery::hub
