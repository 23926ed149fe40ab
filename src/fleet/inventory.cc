#include "fleet/inventory.h"

#include <algorithm>
#include <array>

namespace chancery::fleet {

std::string_view to_string(Worst worst) {
  static constexpr std::array<std::string_view, 6> names = {"empty", "ok", "expiring", "failed", "expired", "revoked"};
  return names[static_cast<std::size_t>(worst)];
}

bool slot_has_failed(const SlotStatus& slot) { return slot.stage == "failed" || slot.stage == "expired"; }

Timestamp expiring_from(std::optional<Timestamp> not_before, Timestamp not_after) {
  constexpr Seconds longest = std::chrono::days(30);
  if (!not_before || *not_before >= not_after) return not_after - longest;
  return not_after - std::min<Seconds>((not_after - *not_before) / 5, longest);
}

void count_slots(Node& node, const std::vector<SlotStatus>& slots) {
  const auto earlier = [](std::optional<Timestamp>& time, Timestamp other) {
    time = std::min(time.value_or(other), other);
  };
  node.slots = std::ssize(slots);
  node.failed_slots = std::ranges::count_if(slots, slot_has_failed);
  node.next_expiry.reset();
  node.expiring_from.reset();
  for (const SlotStatus& slot : slots) {
    if (slot.active.empty() || !slot.not_after) continue;
    earlier(node.next_expiry, *slot.not_after);
    earlier(node.expiring_from, expiring_from(slot.not_before, *slot.not_after));
  }
}

Worst worst_of(const Node& node, Timestamp now) {
  if (node.revoked_slots > 0) return Worst::revoked;
  if (node.next_expiry && *node.next_expiry < now) return Worst::expired;
  if (node.failed_slots > 0) return Worst::failed;
  if (!node.next_expiry) return Worst::empty;
  return node.expiring_from && *node.expiring_from <= now ? Worst::expiring : Worst::ok;
}

}  // namespace chancery::fleet
