#pragma once

// Between what the fleet calls things and what the messages say.

#include <optional>
#include <string_view>

#include "fleet/inventory.h"
#include "fleet/order.h"
#include "wire/inventory.h"
#include "wire/order.h"

namespace chancery::hub {

[[nodiscard]] wire::Order message_of(const fleet::Order& order);
// The number in the id of a message; nothing for one that this hub did not give.
[[nodiscard]] std::optional<fleet::OrderId> order_id_from(std::string_view id);
[[nodiscard]] fleet::OrderState state_of(wire::Outcome outcome);
[[nodiscard]] fleet::Inventory inventory_from(const wire::Inventory& inventory);

}  // namespace chancery::hub
