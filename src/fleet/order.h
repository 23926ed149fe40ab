#pragma once

// What an administrator asks of a node, from the request to the result.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "fleet/node.h"

namespace chancery::fleet {

using OrderId = std::int64_t;
using Texts = std::map<std::string, std::string>;

// The first two are open: something may still come of it.
enum class OrderState : std::uint8_t { queued, delivered, done, failed, expired, cancelled };
[[nodiscard]] std::string_view to_string(OrderState state);
[[nodiscard]] std::optional<OrderState> order_state_from_text(std::string_view text);
[[nodiscard]] constexpr bool is_open(OrderState state) {
  return state == OrderState::queued || state == OrderState::delivered;
}

struct Order {
  OrderId id = 0;  // given by the store: for people
  // Random, and how the device knows it: a device that has done an order answers one of the same token with its result,
  // so none may come again, not even from a ledger that was restored from a copy.
  std::string token;
  NodeId node_id = 0;
  std::string verb;  // as the message says it: "renew_slot"
  std::string slot;
  Texts parameters;
  std::vector<Bytes> certificates;  // DER
  OrderState state = OrderState::queued;
  Timestamp created;
  std::string created_by;
  Timestamp deadline;
  std::optional<Timestamp> finished;
  std::string text;  // what the node said of it
  Texts data;

  bool operator==(const Order&) const = default;
};

// Legal transitions; ErrorCode::conflict says why not.
Result<OrderState> after_delivery(OrderState state);  // delivered again is delivered
// What the node says counts, also when the order was given up meanwhile: it was done, or not. A second result of the
// same order is a repetition and is refused.
Result<OrderState> after_result(OrderState state, OrderState result);  // REQUIRES: result is done, failed or expired
Result<OrderState> after_cancelling(OrderState state);
// Whether nobody waits for it any more: one that was delivered has a while longer, for its result may be on the way.
[[nodiscard]] bool has_expired(const Order& order, Timestamp now);
inline constexpr Seconds result_grace = std::chrono::hours(1);

}  // namespace chancery::fleet
