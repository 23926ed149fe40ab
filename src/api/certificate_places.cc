#include "api/certificate_places.h"

namespace chancery::api {

Result<const CertificatePlaces::NodeFacts*> CertificatePlaces::facts_of(fleet::NodeId node, hub::Books& books) {
  const auto [place, added] = nodes_.try_emplace(node);
  NodeFacts& facts = place->second;
  if (!added) return &facts;
  TRY(const auto found, books.nodes().find(node));
  if (!found) return &facts;
  facts.name = found->name;
  if (!with_active_) return &facts;
  TRY(const fleet::Inventory inventory, books.inventories().of(node));
  for (const fleet::SlotStatus& slot : inventory.slots) facts.active[slot.name] = slot.active;
  return &facts;
}

Status CertificatePlaces::add_to(boost::json::object& row, const ca::CertificateRecord& record, hub::Books& books) {
  TRY(const auto place, books.nodes().place_of(record.serial.hex()));
  if (!place) return {};
  TRY(const NodeFacts* facts, facts_of(place->node_id, books));
  if (facts->name.empty()) return {};
  row["node_id"] = place->node_id;
  row["node"] = facts->name;
  if (!place->slot.empty()) row["slot"] = place->slot;
  if (!with_active_) return {};
  const auto active = facts->active.find(place->slot);
  row["active"] =
      active != facts->active.end() && !record.fingerprint.empty() && active->second == to_hex(record.fingerprint);
  return {};
}

std::vector<Field> certificate_place_fields() {
  return {{.name = "node_id", .type = FieldType::integer, .help = "The node that it was issued for"},
          {.name = "node", .help = "That node's name"},
          {.name = "slot", .help = "And its slot"},
          {.name = "active", .type = FieldType::flag, .help = "Whether the node said that it uses this one now"}};
}

}  // namespace chancery::api
