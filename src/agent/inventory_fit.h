#pragma once

// What of an inventory can be told to the hub: a message has bounds (wire/limits.h), and a device that is beyond them
// must not fall silent.

#include <string>

#include "wire/inventory.h"

namespace chancery::agent {

// Of most_message_bytes: the rest is for what else a message says.
inline constexpr std::size_t most_inventory_bytes = 768 * 1024;

struct FittedInventory {
  wire::Inventory inventory;
  std::string left_out;  // for people; empty: nothing
};

// All of it, if it fits. Else the certificates that were put in use last, and slots without their requests, the longest
// first, which then say so as their last error. REQUIRES: at most wire::most_slots slots.
[[nodiscard]] FittedInventory fit_into_message(wire::Inventory inventory);

}  // namespace chancery::agent
