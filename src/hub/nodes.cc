#include "hub/nodes.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "wire/limits.h"

namespace chancery::hub {
namespace {

std::unexpected<Error> no_node(fleet::NodeId id) { return not_found(fmt::format("there is no node {}", id)); }

Result<fleet::Node> node_of(Books& books, fleet::NodeId id) {
  TRY(auto node, books.nodes().find(id));
  if (!node) return no_node(id);
  return *std::move(node);
}

Status check_cluster(Books& books, std::int64_t id) {
  if (id == 0) return {};
  TRY(const auto cluster, books.clusters().find(id));
  if (!cluster) return not_found(fmt::format("there is no cluster {}", id));
  return {};
}

Status check_slot(std::string_view slot) {
  if (slot.size() > 64) return invalid("a slot's name has at most 64 characters");
  for (const char c : slot)
    if (!ascii::is_letter_or_digit(c) && c != '-' && c != '_' && c != '.')
      return invalid("a slot's name holds letters, digits, '-', '_' and '.'");
  return {};
}

// What the audit trail and lists say of a node's challenge.
void say_whose(ChallengeOrder& order, const std::string& node, const std::string& slot) {
  order.details = {{"node", node}, {"slot", slot}};
  if (order.note.empty()) order.note = slot.empty() ? node : fmt::format("{}, {}", node, slot);
}

}  // namespace

Result<AddedNode> Nodes::add(const NodeOrder& order, const Caller& caller) {
  TRY_STATUS_IN("name", fleet::check_node_name(order.name));
  TRY_STATUS_IN("product", fleet::check_product(order.product));
  if (order.challenge) TRY_STATUS_IN("slot", check_slot(order.challenge->slot));
  AddedNode added{.node = {.name = order.name,
                           .cluster_id = order.cluster_id,
                           .product = order.product,
                           .state = fleet::NodeState::expected,
                           .created = context_.clock.now()},
                  .challenge = {}};
  const auto add_node = [&](Books& books) -> Status {
    TRY_STATUS(check_cluster(books, order.cluster_id));
    TRY(added.node.id, books.nodes().add(added.node));
    return books.audit().append(
        {.at = added.node.created, .actor = caller.name, .action = "node.added", .subject = order.name});
  };
  if (!order.challenge) {
    TRY_STATUS(context_.ledger.write(add_node));
    return added;
  }
  ChallengeOrder wanted = order.challenge->challenge;
  const std::string& slot = order.challenge->slot;
  say_whose(wanted, order.name, slot);
  wanted.together = [&](Books& books, const ca::ChallengeRecord& minted) -> Status {
    TRY_STATUS(add_node(books));
    return books.nodes().add_challenge(minted.id, {.node_id = added.node.id, .slot = slot});
  };
  TRY(added.challenge, challenges_.mint(wanted, caller));
  return added;
}

Result<ca::MintedChallenge> Nodes::challenge(fleet::NodeId id, NodeChallengeOrder order, const Caller& caller) {
  TRY_STATUS_IN("slot", check_slot(order.slot));
  const fleet::Place place{.node_id = id, .slot = order.slot};
  order.challenge.together = [&](Books& books, const ca::ChallengeRecord& minted) -> Status {
    TRY(const fleet::Node node, node_of(books, id));
    if (node.state == fleet::NodeState::blocked) return conflict("the node is blocked");
    TRY(const std::vector<std::string> earlier, books.nodes().challenges(place));
    for (const std::string& old : earlier) TRY_STATUS(challenges_.take_back(books, old, caller));
    return books.nodes().add_challenge(minted.id, place);
  };
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(const fleet::Node node, node_of(books, id));
    say_whose(order.challenge, node.name, order.slot);
    return {};
  }));
  return challenges_.mint(order.challenge, caller);
}

Status Nodes::take_back_challenges(Books& books, fleet::NodeId id, const Caller& caller) {
  TRY(const auto minted, books.nodes().challenges(id));
  for (const auto& [challenge, slot] : minted) TRY_STATUS(challenges_.take_back(books, challenge, caller));
  return {};
}

Result<fleet::Node> Nodes::decide(fleet::NodeId id, Decide after, std::string_view action, const Caller& caller) {
  fleet::Node node;
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY(node, node_of(books, id));
    TRY(node.state, after(node.state));
    TRY_STATUS(books.nodes().update(node));
    if (node.state == fleet::NodeState::blocked) TRY_STATUS(take_back_challenges(books, id, caller));
    return books.audit().append(
        {.at = context_.clock.now(), .actor = caller.name, .action = std::string(action), .subject = node.name});
  }));
  // Whoever waits is told.
  presence_.wake(id);
  return node;
}

Result<fleet::Node> Nodes::admit(fleet::NodeId id, const Caller& caller) {
  return decide(id, fleet::after_admission, "node.admitted", caller);
}

Result<fleet::Node> Nodes::block(fleet::NodeId id, const Caller& caller) {
  return decide(id, fleet::after_blocking, "node.blocked", caller);
}

Result<fleet::Node> Nodes::change(fleet::NodeId id, const NodeChange& change, const Caller& caller) {
  if (change.name) TRY_STATUS_IN("name", fleet::check_node_name(*change.name));
  if (change.product) TRY_STATUS_IN("product", fleet::check_product(*change.product));
  fleet::Node node;
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY(node, node_of(books, id));
    AuditEvent event{.at = context_.clock.now(), .actor = caller.name, .action = "node.changed", .subject = node.name};
    if (change.name && *change.name != node.name) event.details.emplace_back("name", *change.name);
    if (change.product && *change.product != node.product) event.details.emplace_back("product", *change.product);
    if (change.cluster_id && *change.cluster_id != node.cluster_id) {
      TRY_STATUS(check_cluster(books, *change.cluster_id));
      event.details.emplace_back("cluster", std::to_string(*change.cluster_id));
    }
    if (event.details.empty()) return {};
    node.name = change.name.value_or(node.name);
    node.product = change.product.value_or(node.product);
    node.cluster_id = change.cluster_id.value_or(node.cluster_id);
    TRY_STATUS(books.nodes().update(node));
    return books.audit().append(event);
  }));
  return node;
}

Status Nodes::remove(fleet::NodeId id, const Caller& caller) {
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY(const fleet::Node node, node_of(books, id));
    TRY_STATUS(take_back_challenges(books, id, caller));
    TRY(const std::vector<fleet::Order> open, books.orders().open(id, static_cast<int>(wire::most_orders)));
    for (fleet::Order order : open) {
      TRY(order.state, fleet::after_cancelling(order.state));
      order.finished = context_.clock.now();
      TRY_STATUS(books.orders().update(order));
      TRY_STATUS(books.audit().append({.at = *order.finished,
                                       .actor = caller.name,
                                       .action = "order.cancelled",
                                       .subject = std::to_string(order.id),
                                       .details = {{"verb", order.verb}, {"slot", order.slot}}}));
    }
    TRY([[maybe_unused]] const bool removed, books.nodes().remove(id));
    return books.audit().append(
        {.at = context_.clock.now(), .actor = caller.name, .action = "node.removed", .subject = node.name});
  }));
  presence_.wake(id);
  presence_.forget(id);
  return {};
}

Result<fleet::NodePage> Nodes::list(const fleet::NodeFilter& filter) {
  fleet::NodePage page;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(page, books.nodes().list(filter));
    return {};
  }));
  for (fleet::Node& node : page.rows)
    if (const auto seen = presence_.last_seen(node.id))
      node.last_seen = std::max(node.last_seen.value_or(*seen), *seen);
  return page;
}

Result<NodeDetails> Nodes::details(fleet::NodeId id) {
  NodeDetails details;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(details.node, node_of(books, id));
    TRY(details.inventory, books.inventories().of(id));
    const auto take = [&](const std::string& sha256) -> Status {
      if (sha256.empty() || details.certificates.contains(sha256)) return {};
      TRY(auto facts, facts_of(context_, books, sha256));
      if (facts) details.certificates.emplace(sha256, *std::move(facts));
      return {};
    };
    for (const fleet::SlotStatus& slot : details.inventory.slots) TRY_STATUS(take(slot.active));
    for (const fleet::HeldCertificate& held : details.inventory.held) TRY_STATUS(take(held.sha256));
    for (const fleet::TrustEntry& entry : details.inventory.trust) TRY_STATUS(take(entry.sha256));
    TRY(const auto minted, books.nodes().challenges(id));
    for (const auto& [challenge, slot] : minted) {
      TRY(auto record, books.challenges().find(challenge));
      if (record && !record->used && record->expires > context_.clock.now())
        details.challenges.emplace_back(slot, *std::move(record));
    }
    return {};
  }));
  if (const auto seen = presence_.last_seen(id))
    details.node.last_seen = std::max(details.node.last_seen.value_or(*seen), *seen);
  return details;
}

Result<std::vector<fleet::NodeEvent>> Nodes::events(fleet::NodeId id, std::int64_t before, int limit) {
  std::vector<fleet::NodeEvent> events;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY([[maybe_unused]] const fleet::Node node, node_of(books, id));
    TRY(events, books.inventories().events(id, before, limit));
    return {};
  }));
  return events;
}

}  // namespace chancery::hub
