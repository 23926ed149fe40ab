#include "fleet/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/check.h"

namespace chancery::fleet {
namespace {

constexpr std::array<std::string_view, 6> state_names = {"queued", "delivered", "done",
                                                         "failed", "expired",   "cancelled"};

std::unexpected<Error> is_over(OrderState state) {
  return conflict(fmt::format("the order is {} already", to_string(state)));
}

}  // namespace

std::string_view to_string(OrderState state) { return state_names[static_cast<std::size_t>(state)]; }

std::optional<OrderState> order_state_from_text(std::string_view text) {
  const auto place = std::ranges::find(state_names, text);
  if (place == state_names.end()) return std::nullopt;
  return static_cast<OrderState>(place - state_names.begin());
}

Result<OrderState> after_delivery(OrderState state) {
  if (!is_open(state)) return is_over(state);
  return OrderState::delivered;
}

Result<OrderState> after_result(OrderState state, OrderState result) {
  CHECK(result == OrderState::done || result == OrderState::failed || result == OrderState::expired);
  if (state == OrderState::done || state == OrderState::failed) return is_over(state);
  return result;
}

Result<OrderState> after_cancelling(OrderState state) {
  if (!is_open(state)) return is_over(state);
  return OrderState::cancelled;
}

bool has_expired(const Order& order, Timestamp now) {
  if (order.state == OrderState::queued) return order.deadline < now;
  return order.state == OrderState::delivered && order.deadline + result_grace < now;
}

}  // namespace chancery::fleet
