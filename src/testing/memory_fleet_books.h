#pragma once

// Nodes, inventories and clusters, in memory: the parts of MemoryLedger that fleet/registry.h asks for.

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <vector>

#include "base/ascii.h"
#include "fleet/registry.h"
#include "testing/memory_ledger.h"
#include "testing/memory_undo.h"

namespace chancery::testing {

// Of the node's slots, those whose certificate is revoked.
inline std::int64_t revoked_slots(const MemoryLedger::Contents& contents, fleet::NodeId node) {
  const auto inventory = contents.inventories.find(node);
  if (inventory == contents.inventories.end()) return 0;
  return std::ranges::count_if(inventory->second.slots, [&](const fleet::SlotStatus& slot) {
    return std::ranges::any_of(contents.certificates, [&](const auto& entry) {
      const ca::CertificateRecord& record = entry.second.record;
      return record.serial.hex() == slot.serial && record.state == ca::CertificateRecord::State::revoked;
    });
  });
}

class MemoryNodes final : public fleet::Nodes {
 public:
  MemoryNodes(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Result<fleet::NodeId> add(const fleet::Node& node) override {
    TRY_STATUS(undo_.may_write());
    if (contents_.node_names.contains(node.name)) return conflict("there is a node of that name already");
    undo_.remember(contents_.last_id);
    const fleet::NodeId id = ++contents_.last_id;
    undo_.remember(contents_.nodes, id);
    undo_.remember(contents_.node_names, node.name);
    contents_.nodes[id] = node;
    contents_.nodes[id].id = id;
    contents_.node_names[node.name] = id;
    return id;
  }

  Result<std::optional<fleet::Node>> find(fleet::NodeId id) override {
    const auto found = contents_.nodes.find(id);
    if (found == contents_.nodes.end()) return std::nullopt;
    fleet::Node node = found->second;
    node.revoked_slots = revoked_slots(contents_, id);
    return node;
  }

  Result<std::optional<fleet::Node>> find_by_name(std::string_view name) override {
    const auto found = contents_.node_names.find(name);
    if (found == contents_.node_names.end()) return std::nullopt;
    return find(found->second);
  }

  Status update(const fleet::Node& node) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.nodes.find(node.id);
    if (found == contents_.nodes.end()) return not_found("there is no such node");
    const auto holder = contents_.node_names.find(node.name);
    if (holder != contents_.node_names.end() && holder->second != node.id)
      return conflict("there is a node of that name already");
    const std::string old_name = found->second.name;
    undo_.remember(contents_.nodes, node.id);
    undo_.remember(contents_.node_names, old_name);
    undo_.remember(contents_.node_names, node.name);
    contents_.node_names.erase(old_name);
    contents_.node_names[node.name] = node.id;
    const Timestamp created = found->second.created;
    found->second = node;
    found->second.created = created;
    return {};
  }

  Result<bool> remove(fleet::NodeId id) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.nodes.find(id);
    if (found == contents_.nodes.end()) return false;
    undo_.remember(contents_.node_names, found->second.name);
    contents_.node_names.erase(found->second.name);
    undo_.remember(contents_.nodes, id);
    contents_.nodes.erase(found);
    erase_if(contents_.node_certificates, [id](const auto& entry) { return entry.second.node_id == id; });
    erase_if(contents_.node_challenges, [id](const auto& entry) { return entry.second.node_id == id; });
    undo_.remember(contents_.inventories, id);
    contents_.inventories.erase(id);
    undo_.remember(contents_.node_events, id);
    contents_.node_events.erase(id);
    for (auto& [number, order] : contents_.orders) {
      if (order.node_id != id) continue;
      undo_.remember(contents_.orders, number);
      if (fleet::is_open(order.state)) {
        order.state = fleet::OrderState::cancelled;
        order.finished = order.created;
      }
      order.node_id = 0;
    }
    return true;
  }

  Result<fleet::NodePage> list(const fleet::NodeFilter& filter) override {
    if (filter.after != 0 && !contents_.nodes.contains(filter.after)) return not_found("the list has changed");
    std::vector<const fleet::Node*> found;
    for (const auto& [id, node] : contents_.nodes)
      if (id == filter.after || matches(filter, node)) found.push_back(&node);
    std::ranges::sort(found, [&](const auto* a, const auto* b) {
      if (filter.descending) std::swap(a, b);
      return place(filter, *a) < place(filter, *b);
    });
    auto next = found.begin();
    if (filter.after != 0) next = std::ranges::find(found, filter.after, &fleet::Node::id) + 1;
    fleet::NodePage page;
    for (; next != found.end() && std::ssize(page.rows) < filter.limit; ++next) {
      page.rows.push_back(**next);
      page.rows.back().revoked_slots = revoked_slots(contents_, (*next)->id);
    }
    if (next != found.end() && !page.rows.empty()) page.next = page.rows.back().id;
    return page;
  }

  Result<std::int64_t> count() override { return std::ssize(contents_.nodes); }
  Result<std::int64_t> count(fleet::NodeState state) override {
    return std::ranges::count_if(contents_.nodes, [&](const auto& entry) { return entry.second.state == state; });
  }
  Result<std::int64_t> count_unseen(Timestamp since) override {
    return std::ranges::count_if(contents_.nodes, [&](const auto& entry) {
      return entry.second.state == fleet::NodeState::admitted && entry.second.last_seen.value_or(Timestamp()) < since;
    });
  }

  Status seen(const std::vector<fleet::Sighting>& sightings) override {
    TRY_STATUS(undo_.may_write());
    for (const fleet::Sighting& sighting : sightings) {
      const auto found = contents_.nodes.find(sighting.node_id);
      if (found == contents_.nodes.end() || found->second.last_seen.value_or(Timestamp()) >= sighting.at) continue;
      undo_.remember(contents_.nodes, sighting.node_id);
      found->second.last_seen = sighting.at;
      found->second.remote_address = sighting.remote_address;
    }
    return {};
  }

  Result<std::optional<fleet::Place>> place_of(std::string_view serial) override {
    const auto found = contents_.node_certificates.find(serial);
    if (found == contents_.node_certificates.end()) return std::nullopt;
    return found->second;
  }
  Status set_place(std::string_view serial, const fleet::Place& place) override {
    TRY_STATUS(undo_.may_write());
    undo_.remember(contents_.node_certificates, serial);
    contents_.node_certificates.insert_or_assign(std::string(serial), place);
    return {};
  }
  Status add_challenge(std::string_view challenge, const fleet::Place& place) override {
    TRY_STATUS(undo_.may_write());
    undo_.remember(contents_.node_challenges, challenge);
    if (!contents_.node_challenges.emplace(challenge, place).second) return conflict("the challenge is a node's");
    return {};
  }
  Result<std::vector<std::string>> challenges(const fleet::Place& place) override {
    std::vector<std::string> found;
    for (const auto& [challenge, of] : contents_.node_challenges)
      if (of == place) found.push_back(challenge);
    return found;
  }
  Result<std::vector<std::pair<std::string, std::string>>> challenges(fleet::NodeId node) override {
    std::vector<std::pair<std::string, std::string>> found;
    for (const auto& [challenge, of] : contents_.node_challenges)
      if (of.node_id == node) found.emplace_back(challenge, of.slot);
    std::ranges::sort(found, {}, [](const auto& pair) { return std::tie(pair.second, pair.first); });
    return found;
  }
  Result<std::optional<fleet::Place>> place_by_challenge(std::string_view serial) override {
    for (const auto& [id, entry] : contents_.challenges) {
      const auto place = contents_.node_challenges.find(id);
      if (place == contents_.node_challenges.end()) continue;
      if (entry.record.used_by == serial) return place->second;
      for (const auto& [number, transaction] : contents_.transactions)
        if (transaction.serial == serial && entry.record.used_by == "request " + std::to_string(number))
          return place->second;
    }
    return std::nullopt;
  }

 private:
  template <class Map, class Which>
  void erase_if(Map& map, Which which) {
    for (auto entry = map.begin(); entry != map.end();) {
      const auto here = entry++;
      if (!which(*here)) continue;
      undo_.remember(map, here->first);
      map.erase(here);
    }
  }

  [[nodiscard]] bool matches(const fleet::NodeFilter& filter, const fleet::Node& node) const {
    const std::string text = ascii::lower(filter.text);
    return (filter.name.empty() || node.name == filter.name) && (!filter.state || node.state == *filter.state) &&
           (!filter.product || node.product == *filter.product) &&
           (!filter.cluster_id || node.cluster_id == *filter.cluster_id) &&
           (!filter.revoked_slots ||
            (node.state != fleet::NodeState::blocked && revoked_slots(contents_, node.id) > 0)) &&
           (!filter.failed_slots || (node.failed_slots > 0) == *filter.failed_slots) &&
           (!filter.expiring_at || (node.expiring_from && *node.expiring_from <= *filter.expiring_at)) &&
           (!filter.last_seen_before || (node.last_seen && *node.last_seen < *filter.last_seen_before)) &&
           (ascii::lower(node.name).contains(text) || ascii::lower(node.product).contains(text) ||
            node.remote_address.contains(text));
  }
  static std::tuple<std::string, Timestamp, fleet::NodeId> place(const fleet::NodeFilter& filter,
                                                                 const fleet::Node& node) {
    switch (filter.sort) {
      case fleet::NodeSort::name: return {node.name, {}, node.id};
      case fleet::NodeSort::product: return {node.product, {}, node.id};
      case fleet::NodeSort::last_seen: return {"", node.last_seen.value_or(Timestamp()), node.id};
      case fleet::NodeSort::next_expiry: return {"", node.next_expiry.value_or(Timestamp::max()), node.id};
    }
    return {};
  }

  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

class MemoryInventories final : public fleet::Inventories {
 public:
  MemoryInventories(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Status put(fleet::NodeId node, const fleet::Inventory& inventory) override {
    TRY_STATUS(undo_.may_write());
    undo_.remember(contents_.inventories, node);
    fleet::Inventory& stored = contents_.inventories[node];
    stored = inventory;
    std::ranges::sort(stored.slots, {}, &fleet::SlotStatus::name);
    std::ranges::sort(stored.held, {}, [](const auto& held) { return std::tie(held.slot, held.sha256); });
    std::ranges::sort(stored.trust, {}, [](const auto& entry) { return std::tie(entry.store, entry.sha256); });
    return {};
  }
  Result<fleet::Inventory> of(fleet::NodeId node) override {
    const auto found = contents_.inventories.find(node);
    return found == contents_.inventories.end() ? fleet::Inventory() : found->second;
  }
  Result<std::vector<fleet::SlotStatus>> slots(fleet::NodeId node) override {
    TRY(fleet::Inventory inventory, of(node));
    return std::move(inventory.slots);
  }
  Result<std::vector<fleet::HeldEnd>> ends(Timestamp from, Timestamp before) override {
    std::vector<fleet::HeldEnd> found;
    for (const auto& [id, inventory] : contents_.inventories) {
      const auto node = contents_.nodes.find(id);
      if (node == contents_.nodes.end()) continue;
      for (const fleet::SlotStatus& slot : inventory.slots) {
        if (!slot.not_after || *slot.not_after < from || *slot.not_after >= before || !is_current(slot.serial))
          continue;
        found.push_back({.serial = slot.serial, .not_after = *slot.not_after, .cluster_id = node->second.cluster_id});
      }
    }
    std::ranges::stable_sort(found, {}, [](const auto& end) { return std::tie(end.not_after, end.serial); });
    return found;
  }
  Result<std::vector<fleet::NodeTrust>> trust_of_cluster(std::int64_t cluster_id) override {
    std::vector<fleet::NodeTrust> found;
    for (const auto& [id, node] : contents_.nodes) {
      const auto inventory = contents_.inventories.find(id);
      if (node.cluster_id != cluster_id || inventory == contents_.inventories.end()) continue;
      for (const fleet::TrustEntry& entry : inventory->second.trust) found.push_back({.node_id = id, .entry = entry});
    }
    return found;
  }
  Result<std::optional<fleet::ForeignCertificate>> foreign(std::string_view sha256) override {
    const auto found = contents_.foreign_certificates.find(sha256);
    if (found == contents_.foreign_certificates.end()) return std::nullopt;
    return found->second;
  }
  Status add_foreign(const fleet::ForeignCertificate& certificate) override {
    TRY_STATUS(undo_.may_write());
    undo_.remember(contents_.foreign_certificates, certificate.sha256);
    contents_.foreign_certificates.emplace(certificate.sha256, certificate);
    return {};
  }
  Result<fleet::NodeId> note_reported(fleet::NodeId after, int limit, Timestamp now) override {
    TRY_STATUS(undo_.may_write());
    fleet::NodeId last = 0;
    for (auto node = contents_.nodes.upper_bound(after); node != contents_.nodes.end() && limit > 0; ++node, --limit) {
      last = node->first;
      const auto found = contents_.inventories.find(last);
      if (found == contents_.inventories.end()) continue;
      for (const fleet::SlotStatus& slot : found->second.slots) note(slot.active, now);
      for (const fleet::HeldCertificate& held : found->second.held) note(held.sha256, now);
      for (const fleet::TrustEntry& entry : found->second.trust) note(entry.sha256, now);
    }
    return last;
  }
  Result<std::int64_t> forget_foreign(Timestamp reported_before, int limit) override {
    TRY_STATUS(undo_.may_write());
    std::vector<std::string> old;
    for (const auto& [sha256, certificate] : contents_.foreign_certificates)
      if (certificate.reported < reported_before && std::ssize(old) < limit) old.push_back(sha256);
    for (const std::string& sha256 : old) {
      undo_.remember(contents_.foreign_certificates, sha256);
      contents_.foreign_certificates.erase(sha256);
    }
    return std::ssize(old);
  }
  Result<std::int64_t> count_slots() override {
    std::int64_t count = 0;
    for (const auto& [node, inventory] : contents_.inventories) count += std::ssize(inventory.slots);
    return count;
  }
  Result<std::int64_t> count_failed_slots() override {
    std::int64_t count = 0;
    for (const auto& [node, inventory] : contents_.inventories)
      count += std::ranges::count_if(inventory.slots, fleet::slot_has_failed);
    return count;
  }
  Result<std::int64_t> count_revoked_slots() override {
    std::int64_t count = 0;
    for (const auto& [id, node] : contents_.nodes)
      if (node.state != fleet::NodeState::blocked) count += revoked_slots(contents_, id);
    return count;
  }
  Status add_events(fleet::NodeId node, const std::vector<fleet::NodeEvent>& events) override {
    TRY_STATUS(undo_.may_write());
    undo_.remember(contents_.node_events, node);
    auto& stored = contents_.node_events[node];
    for (const fleet::NodeEvent& event : events) stored.emplace(event.number, event);
    if (stored.empty()) return {};
    stored.erase(stored.begin(), stored.upper_bound(stored.rbegin()->first - fleet::kept_events));
    return {};
  }
  Status forget_events(fleet::NodeId node) override {
    TRY_STATUS(undo_.may_write());
    undo_.remember(contents_.node_events, node);
    contents_.node_events.erase(node);
    return {};
  }
  Result<std::vector<fleet::NodeEvent>> events(fleet::NodeId node, std::int64_t before, int limit) override {
    std::vector<fleet::NodeEvent> events;
    const auto found = contents_.node_events.find(node);
    if (found == contents_.node_events.end()) return events;
    for (const auto& [number, event] : std::views::reverse(found->second))
      if (std::ssize(events) < limit && (before == 0 || number < before)) events.push_back(event);
    return events;
  }

 private:
  [[nodiscard]] bool is_current(const std::string& serial) const {
    return std::ranges::any_of(contents_.certificates, [&](const auto& entry) {
      const ca::CertificateRecord& record = entry.second.record;
      return record.serial.hex() == serial && record.state == ca::CertificateRecord::State::issued &&
             !record.superseded;
    });
  }
  void note(const std::string& sha256, Timestamp now) {
    const auto found = contents_.foreign_certificates.find(sha256);
    if (found == contents_.foreign_certificates.end() || found->second.reported >= now - std::chrono::hours(1)) return;
    undo_.remember(contents_.foreign_certificates, sha256);
    found->second.reported = now;
  }

  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

class MemoryClusters final : public fleet::Clusters {
 public:
  MemoryClusters(MemoryLedger::Contents& contents, Undo& undo) : contents_(contents), undo_(undo) {}

  Result<std::int64_t> add(const fleet::Cluster& cluster) override {
    TRY_STATUS(undo_.may_write());
    if (taken(cluster.name)) return conflict("there is a cluster of that name already");
    undo_.remember(contents_.last_id);
    const std::int64_t id = ++contents_.last_id;
    undo_.remember(contents_.clusters, id);
    contents_.clusters[id] = cluster;
    contents_.clusters[id].id = id;
    return id;
  }
  Result<std::optional<fleet::Cluster>> find(std::int64_t id) override {
    const auto found = contents_.clusters.find(id);
    if (found == contents_.clusters.end()) return std::nullopt;
    return found->second;
  }
  Result<std::vector<fleet::Cluster>> list() override {
    std::vector<fleet::Cluster> clusters;
    for (const auto& [id, cluster] : contents_.clusters) clusters.push_back(cluster);
    std::ranges::sort(clusters, {}, &fleet::Cluster::name);
    return clusters;
  }
  Result<std::vector<fleet::ClusterSummary>> summaries() override {
    std::map<std::int64_t, fleet::ClusterSummary> found;
    const auto earlier = [](std::optional<Timestamp>& time, const std::optional<Timestamp>& other) {
      if (other) time = std::min(time.value_or(*other), *other);
    };
    for (const auto& [id, node] : contents_.nodes) {
      if (node.cluster_id == 0) continue;
      fleet::ClusterSummary& summary = found[node.cluster_id];
      summary.cluster_id = node.cluster_id;
      ++summary.nodes;
      summary.slots += node.slots;
      if (node.state == fleet::NodeState::blocked) continue;
      summary.failed_slots += node.failed_slots;
      summary.revoked_slots += revoked_slots(contents_, id);
      earlier(summary.next_expiry, node.next_expiry);
      earlier(summary.expiring_from, node.expiring_from);
    }
    std::vector<fleet::ClusterSummary> list;
    for (const auto& [id, summary] : found) list.push_back(summary);
    return list;
  }
  Result<fleet::ClusterSummary> summary(std::int64_t id) override {
    TRY(const std::vector<fleet::ClusterSummary> all, summaries());
    for (const fleet::ClusterSummary& each : all)
      if (each.cluster_id == id) return each;
    return fleet::ClusterSummary{.cluster_id = id};
  }
  Status rename(std::int64_t id, std::string_view name) override {
    TRY_STATUS(undo_.may_write());
    const auto found = contents_.clusters.find(id);
    if (taken(name) && (found == contents_.clusters.end() || found->second.name != name))
      return conflict("there is a cluster of that name already");
    if (found == contents_.clusters.end()) return not_found("there is no such cluster");
    undo_.remember(contents_.clusters, id);
    found->second.name = name;
    return {};
  }
  Result<bool> remove(std::int64_t id) override {
    TRY_STATUS(undo_.may_write());
    if (!contents_.clusters.contains(id)) return false;
    undo_.remember(contents_.clusters, id);
    contents_.clusters.erase(id);
    for (auto& [number, node] : contents_.nodes) {
      if (node.cluster_id != id) continue;
      undo_.remember(contents_.nodes, number);
      node.cluster_id = 0;
    }
    return true;
  }

 private:
  [[nodiscard]] bool taken(std::string_view name) const {
    return std::ranges::any_of(contents_.clusters, [&](const auto& entry) { return entry.second.name == name; });
  }

  MemoryLedger::Contents& contents_;
  Undo& undo_;
};

}  // namespace chancery::testing
