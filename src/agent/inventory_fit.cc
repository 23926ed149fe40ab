#include "agent/inventory_fit.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/limits.h"

namespace chancery::agent {
namespace {

void tell(std::string& left_out, const std::string& what) {
  if (!left_out.empty()) left_out += ", ";
  left_out += what;
}

// No less than it takes in JSON, where a character takes six at most, and a line break of a PEM two: most inventories
// need not be written down to know that they fit.
std::size_t at_most_bytes(const wire::Inventory& inventory) {
  std::size_t bytes = 200;
  for (const wire::Slot& slot : inventory.slots)
    bytes += 500 + 6 * (slot.name.size() + slot.service.size() + slot.last_error.size()) + 2 * slot.csr.size();
  for (const wire::TrustEntry& entry : inventory.trust) bytes += 150 + 6 * entry.store.size();
  for (const wire::StoredCertificate& stored : inventory.stored) bytes += 200 + 6 * stored.slot.size();
  return bytes;
}

// False: there is none.
bool leave_longest_request_out(wire::Inventory& inventory, std::string& left_out) {
  const auto longest = std::ranges::max_element(inventory.slots, {}, [](const auto& slot) { return slot.csr.size(); });
  if (longest == inventory.slots.end() || longest->csr.empty()) return false;
  longest->csr.clear();
  longest->last_error = "the request is too large to be told to the hub";
  tell(left_out, "the request of slot " + longest->name);
  return true;
}

}  // namespace

FittedInventory fit_into_message(wire::Inventory inventory) {
  FittedInventory fitted{.inventory = std::move(inventory), .left_out = {}};
  std::vector<wire::StoredCertificate>& stored = fitted.inventory.stored;
  std::vector<wire::TrustEntry>& trust = fitted.inventory.trust;
  const std::size_t all = stored.size();
  // Stable: the same certificates stay while nothing changes, or the hub would be told anew for ever.
  if (all > wire::most_stored_certificates) {
    std::ranges::stable_sort(stored, std::ranges::greater(), &wire::StoredCertificate::installed_at);
    stored.resize(wire::most_stored_certificates);
  }
  if (trust.size() > wire::most_trust_entries) {
    tell(fitted.left_out, fmt::format("{} trusted authorities", trust.size() - wire::most_trust_entries));
    trust.resize(wire::most_trust_entries);
  }
  while (at_most_bytes(fitted.inventory) > most_inventory_bytes &&
         wire::to_json(fitted.inventory).size() > most_inventory_bytes) {
    if (leave_longest_request_out(fitted.inventory, fitted.left_out)) continue;
    if (stored.empty()) break;
    std::ranges::stable_sort(stored, std::ranges::greater(), &wire::StoredCertificate::installed_at);
    stored.resize(stored.size() / 2);
  }
  if (stored.size() < all) tell(fitted.left_out, fmt::format("{} stored certificates", all - stored.size()));
  return fitted;
}

}  // namespace chancery::agent
