#include "hub/order_messages.h"

namespace chancery::hub {

wire::Order message_of(const fleet::Order& order) {
  return {.id = order.token,
          .verb = wire::verb_from_text(order.verb).value_or(wire::Verb::unknown),
          .slot = order.slot,
          .parameters = order.parameters,
          .certificates = order.certificates,
          .deadline = order.deadline};
}

fleet::OrderState state_of(wire::Outcome outcome) {
  switch (outcome) {
    case wire::Outcome::done: return fleet::OrderState::done;
    case wire::Outcome::expired: return fleet::OrderState::expired;
    case wire::Outcome::failed:
    case wire::Outcome::unsupported: break;
  }
  return fleet::OrderState::failed;
}

fleet::Inventory inventory_from(const wire::Inventory& inventory) {
  fleet::Inventory taken;
  for (const wire::Slot& slot : inventory.slots)
    taken.slots.push_back({.name = slot.name,
                           .service = slot.service,
                           .stage = std::string(to_string(slot.stage)),
                           .active = slot.active,
                           .not_after = slot.not_after,
                           .renew_at = slot.renew_at,
                           .next_attempt = slot.next_attempt,
                           .last_error = slot.last_error,
                           .csr = slot.csr});
  for (const wire::StoredCertificate& stored : inventory.stored)
    taken.held.push_back({.sha256 = stored.sha256, .slot = stored.slot, .installed_at = stored.installed_at});
  for (const wire::TrustEntry& entry : inventory.trust)
    taken.trust.push_back({.store = entry.store, .sha256 = entry.sha256});
  return taken;
}

}  // namespace chancery::hub
