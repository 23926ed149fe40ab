#include "hub/slot_list.h"

#include <algorithm>

namespace chancery::hub {
namespace {

constexpr int most_nodes = 1000;  // that a page looks at
constexpr int nodes_at_once = 100;

// The word for a node that had this slot alone.
fleet::Worst worst_of(const NodeSlot& row, Timestamp now) {
  fleet::Node alone;
  fleet::count_slots(alone, {row.slot});
  alone.revoked_slots = row.facts && row.facts->revoked ? 1 : 0;
  return fleet::worst_of(alone, now);
}

bool matches(const SlotFilter& filter, const NodeSlot& row) {
  if (!filter.worst && !filter.troubled && !filter.failed) return true;
  if (row.node.state == fleet::NodeState::blocked) return false;
  if (filter.failed) return fleet::slot_has_failed(row.slot);
  if (filter.worst && *filter.worst != row.worst) return false;
  return row.worst != fleet::Worst::empty && row.worst != fleet::Worst::ok;
}

Status add_slots(Context& context, Books& books, const fleet::Node& node, const SlotFilter& filter, SlotPage& page) {
  TRY(const std::vector<fleet::SlotStatus> slots, books.inventories().slots(node.id));
  for (const fleet::SlotStatus& slot : slots) {
    NodeSlot row{.node = node, .slot = slot};
    if (!slot.active.empty()) {
      TRY(row.facts, facts_of(context, books, slot.active));
    }
    row.worst = worst_of(row, context.clock.now());
    if (matches(filter, row)) page.rows.push_back(std::move(row));
  }
  return {};
}

}  // namespace

Result<SlotPage> list_slots(Context& context, const SlotFilter& filter) {
  SlotPage page;
  TRY_STATUS(context.ledger.read([&](Books& books) -> Status {
    page = {};
    fleet::NodeFilter nodes{.text = filter.text, .cluster_id = filter.cluster_id, .after = filter.after};
    int visited = 0;
    do {
      nodes.limit = std::clamp(filter.limit - static_cast<int>(page.rows.size()), 1, nodes_at_once);
      TRY(const fleet::NodePage some, books.nodes().list(nodes));
      for (const fleet::Node& node : some.rows) TRY_STATUS(add_slots(context, books, node, filter, page));
      visited += static_cast<int>(some.rows.size());
      nodes.after = page.next = some.next;
    } while (page.next != 0 && std::ssize(page.rows) < filter.limit && visited < most_nodes);
    return {};
  }));
  return page;
}

}  // namespace chancery::hub
