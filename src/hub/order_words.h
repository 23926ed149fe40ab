#pragma once

// Who speaks in the text of an order: mostly the device, and the hub where it heard nothing of it.

#include <string>

#include "fleet/order.h"
#include "wire/order.h"

namespace chancery::hub {

// For an order that is given up. REQUIRES: `state`, what it was until then, is open.
[[nodiscard]] std::string words_of_expiry(fleet::OrderState state);

// For one that ended with `result`: the device's words. Those that read like the hub's own stand in quotation marks.
[[nodiscard]] std::string words_of_result(const wire::OrderResult& result);

// Whether the hub wrote order.text. No device can make this true of its own words.
[[nodiscard]] bool is_told_by_hub(const fleet::Order& order);

}  // namespace chancery::hub
