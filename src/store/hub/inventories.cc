#include "store/hub/inventories.h"

#include <limits>
#include <unordered_map>

#include "store/hub/statements.h"

namespace chancery::store {

namespace statements_of = statements::inventories;

namespace {

fleet::SlotStatus slot_from(const sql::Row& row) {
  fleet::SlotStatus slot;
  slot.name = row.text(0);
  slot.service = row.text(1);
  slot.stage = row.text(2);
  slot.active = row.text(3);
  slot.subject = row.text(4);
  slot.serial = row.text(5);
  slot.not_before = row.get<std::optional<Timestamp>>(6);
  slot.not_after = row.get<std::optional<Timestamp>>(7);
  slot.renew_at = row.get<std::optional<Timestamp>>(8);
  slot.next_attempt = row.get<std::optional<Timestamp>>(9);
  slot.last_error = row.text(10);
  slot.csr = row.text(11);
  return slot;
}

}  // namespace

Status Inventories::put(fleet::NodeId node, const fleet::Inventory& inventory) {
  for (const std::string_view statement :
       {statements::nodes::remove_slots, statements::nodes::remove_held, statements::nodes::remove_trust}) {
    TRY([[maybe_unused]] const auto gone, session_.change(statement, node));
  }
  for (const fleet::SlotStatus& slot : inventory.slots) {
    TRY([[maybe_unused]] const auto added,
        session_.change(statements_of::add_slot, node, slot.name, slot.service, slot.stage, slot.active, slot.subject,
                        slot.serial, slot.not_before, slot.not_after, slot.renew_at, slot.next_attempt, slot.last_error,
                        slot.csr, fleet::slot_has_failed(slot)));
  }
  for (const fleet::HeldCertificate& held : inventory.held) {
    TRY([[maybe_unused]] const auto added,
        session_.change(statements_of::add_held, node, held.slot, held.sha256, held.installed_at));
  }
  for (const fleet::TrustEntry& entry : inventory.trust) {
    TRY([[maybe_unused]] const auto added, session_.change(statements_of::add_trust, node, entry.store, entry.sha256));
  }
  return {};
}

Result<fleet::Inventory> Inventories::of(fleet::NodeId node) {
  fleet::Inventory inventory;
  TRY(inventory.slots, slots(node));
  TRY(sql::Rows held, session_.query(statements_of::held, node));
  TRY(inventory.held, held.all([](const sql::Row& row) {
    return fleet::HeldCertificate{std::string(row.text(0)), std::string(row.text(1)),
                                  row.get<std::optional<Timestamp>>(2)};
  }));
  TRY(sql::Rows trust, session_.query(statements_of::trust, node));
  TRY(inventory.trust, trust.all([](const sql::Row& row) {
    return fleet::TrustEntry{std::string(row.text(0)), std::string(row.text(1))};
  }));
  return inventory;
}

Result<std::vector<fleet::SlotStatus>> Inventories::slots(fleet::NodeId node) {
  TRY(sql::Rows rows, session_.query(statements_of::slots, node));
  return rows.all(slot_from);
}

Result<std::vector<fleet::HeldEnd>> Inventories::ends(Timestamp from, Timestamp before) {
  // Looked up one by one, the nodes of all slots would cost half of it.
  std::unordered_map<fleet::NodeId, std::int64_t> clusters;
  TRY(sql::Rows nodes, session_.query(statements::cluster_nodes::nodes));
  TRY_STATUS(nodes.each([&](const sql::Row& row) { clusters.emplace(row.integer(0), row.integer(1)); }));
  TRY(sql::Rows rows, session_.query(statements::cluster_nodes::ends, from, before));
  return rows.all([&](const sql::Row& row) {
    const auto cluster = clusters.find(row.integer(2));
    return fleet::HeldEnd{.serial = std::string(row.text(0)),
                          .not_after = row.time(1),
                          .cluster_id = cluster == clusters.end() ? 0 : cluster->second};
  });
}

Result<std::vector<fleet::NodeTrust>> Inventories::trust_of_cluster(std::int64_t cluster_id) {
  TRY(sql::Rows rows, session_.query(statements::cluster_nodes::trust, cluster_id));
  return rows.all([](const sql::Row& row) {
    return fleet::NodeTrust{.node_id = row.integer(0),
                            .entry = {.store = std::string(row.text(1)), .sha256 = std::string(row.text(2))}};
  });
}

Result<std::optional<fleet::ForeignCertificate>> Inventories::foreign(std::string_view sha256) {
  TRY(sql::Rows rows, session_.query(statements_of::foreign_of, sha256));
  return rows.one([](const sql::Row& row) {
    return fleet::ForeignCertificate{std::string(row.text(0)),
                                     std::string(row.text(1)),
                                     std::string(row.text(2)),
                                     row.time(3),
                                     row.time(4),
                                     row.get<Bytes>(5),
                                     row.time(6)};
  });
}

Status Inventories::add_foreign(const fleet::ForeignCertificate& certificate) {
  TRY([[maybe_unused]] const auto added,
      session_.change(statements_of::add_foreign, certificate.sha256, certificate.subject, certificate.issuer,
                      certificate.not_before, certificate.not_after, certificate.der, certificate.reported));
  return {};
}

Result<fleet::NodeId> Inventories::note_reported(fleet::NodeId after, int limit, Timestamp now) {
  TRY(sql::Rows rows, session_.query(statements_of::nodes_after, after, limit));
  TRY(const std::vector<fleet::NodeId> nodes, rows.all([](const sql::Row& row) { return row.integer(0); }));
  if (nodes.empty()) return fleet::NodeId(0);
  const fleet::NodeId last = nodes.back();
  TRY([[maybe_unused]] const auto noted, session_.change(statements_of::note_reported, now, now - std::chrono::hours(1),
                                                         after, last, after, last, after, last));
  return last;
}

Result<std::int64_t> Inventories::forget_foreign(Timestamp reported_before, int limit) {
  return session_.change(statements_of::forget_foreign, reported_before, limit);
}

Result<std::int64_t> Inventories::count_slots() {
  TRY(const auto count, session_.value<std::int64_t>(statements_of::count_slots));
  return count.value_or(0);
}

Result<std::int64_t> Inventories::count_failed_slots() {
  TRY(const auto count, session_.value<std::int64_t>(statements_of::count_failed_slots));
  return count.value_or(0);
}

Result<std::int64_t> Inventories::count_revoked_slots() {
  TRY(const auto count, session_.value<std::int64_t>(statements_of::count_revoked_slots));
  return count.value_or(0);
}

Status Inventories::add_events(fleet::NodeId node, const std::vector<fleet::NodeEvent>& events) {
  if (events.empty()) return {};
  for (const fleet::NodeEvent& event : events) {
    TRY([[maybe_unused]] const auto added,
        session_.change(statements_of::add_event, node, event.number, event.at, event.slot, event.what, event.text));
  }
  TRY(const auto newest, session_.value<std::int64_t>(statements_of::newest_event, node));
  TRY([[maybe_unused]] const auto forgotten,
      session_.change(statements_of::forget_events, node, newest.value_or(0) - fleet::kept_events));
  return {};
}

Status Inventories::forget_events(fleet::NodeId node) {
  TRY([[maybe_unused]] const auto gone, session_.change(statements::nodes::remove_events, node));
  return {};
}

Result<std::vector<fleet::NodeEvent>> Inventories::events(fleet::NodeId node, std::int64_t before, int limit) {
  const std::int64_t below = before == 0 ? std::numeric_limits<std::int64_t>::max() : before;
  TRY(sql::Rows rows, session_.query(statements_of::events, node, below, limit));
  return rows.all([](const sql::Row& row) {
    return fleet::NodeEvent{row.integer(0), row.time(1), std::string(row.text(2)), std::string(row.text(3)),
                            std::string(row.text(4))};
  });
}

}  // namespace chancery::store
