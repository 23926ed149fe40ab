#pragma once

// Between what the fleet calls things and what the messages say.

#include "fleet/inventory.h"
#include "fleet/order.h"
#include "wire/inventory.h"
#include "wire/order.h"

namespace chancery::hub {

// Its id is the order's token.
[[nodiscard]] wire::Order message_of(const fleet::Order& order);
[[nodiscard]] fleet::OrderState state_of(wire::Outcome outcome);
[[nodiscard]] fleet::Inventory inventory_from(const wire::Inventory& inventory);

}  // namespace chancery::hub
