#include "hub/check_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "hub/certificate_facts.h"
#include "hub/link_identity.h"
#include "hub/order_messages.h"
#include "hub/order_words.h"
#include "pki/algorithms.h"

namespace chancery::hub {
namespace {

using fleet::Node;
using fleet::NodeState;

// A device that does not let its requests be held comes again after so long.
constexpr std::int64_t poll_seconds = 300;
// A clock that wanders by less is not written down anew.
constexpr std::int64_t clock_tolerance_seconds = 5;
// An answer has at most wire::most_message_bytes, and an order alone may take more than half of that.
constexpr std::size_t most_order_bytes = 512 * 1024;

wire::NodeState told_state(NodeState state) {
  return state == NodeState::admitted  ? wire::NodeState::admitted
         : state == NodeState::blocked ? wire::NodeState::blocked
                                       : wire::NodeState::waiting;
}

}  // namespace

struct CheckIn::Visit {
  const CheckInCall& call;
  const ca::CertificateRecord& certificate;
  std::string serial;
  Timestamp now;

  [[nodiscard]] const wire::CheckIn& message() const { return call.message; }
  [[nodiscard]] Caller caller() const { return {"link " + call.remote_address}; }
};

namespace {

// What a node says of itself, as it belongs into its row. Of one that nobody has admitted, nothing.
void take_details(Node& node, const wire::CheckIn& message, const std::string& serial, Timestamp now) {
  node.certificate = serial;
  if (node.state != NodeState::admitted) return;
  node.agent_version = message.agent_version;
  if (node.product.empty() && fleet::check_product(message.product)) node.product = message.product;
  node.clock_synchronised = static_cast<fleet::ClockSync>(message.clock.synchronised);
  static_assert(static_cast<int>(fleet::ClockSync::yes) == static_cast<int>(wire::ClockSync::yes) &&
                static_cast<int>(fleet::ClockSync::no) == static_cast<int>(wire::ClockSync::no));
  if (!message.clock.now) return;
  const std::int64_t offset = (*message.clock.now - now).count();
  if (!node.clock_offset_seconds || std::abs(*node.clock_offset_seconds - offset) > clock_tolerance_seconds)
    node.clock_offset_seconds = offset;
}

// All that a blocked node hears. It takes no place among those that are held.
CheckInDecision shut_out(Timestamp now) {
  return {.answer = {.state = wire::NodeState::blocked, .now = now, .check_in_again_seconds = poll_seconds},
          .party = {}};
}

// The fingerprints of all certificates that an inventory names.
std::set<std::string> certificates_in(const fleet::Inventory& inventory) {
  std::set<std::string> every;
  for (const fleet::SlotStatus& slot : inventory.slots)
    if (!slot.active.empty()) every.insert(slot.active);
  for (const fleet::HeldCertificate& held : inventory.held) every.insert(held.sha256);
  for (const fleet::TrustEntry& entry : inventory.trust) every.insert(entry.sha256);
  return every;
}

}  // namespace

Result<LinkCaller> CheckIn::recognise(ByteView certificate) {
  // What is revoked from now on ends the call.
  const std::uint64_t mark = presence_.mark();
  TRY(ca::CertificateRecord record, link_certificate(context_, certificate));
  return LinkCaller{.certificate = std::move(record), .mark = mark};
}

std::optional<std::uint64_t> CheckIn::known_peer(ByteView certificate) {
  const auto record = link_certificate(context_, certificate);
  if (!record) return std::nullopt;
  std::optional<fleet::Place> place;
  const Status found = context_.ledger.read([&](Books& books) -> Status {
    TRY(place, books.nodes().place_of(record->serial.hex()));
    return {};
  });
  if (!found) return std::nullopt;
  if (place) return static_cast<std::uint64_t>(place->node_id);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number && i < record->key_fingerprint.size(); ++i)
    number = number << 8 | record->key_fingerprint[i];
  return number | std::uint64_t{1} << 63;  // no node's
}

Result<CheckInDecision> CheckIn::answer(const CheckInCall& call) {
  TRY(const LinkCaller caller, recognise(call.certificate));
  return answer(caller, call);
}

Result<CheckInDecision> CheckIn::answer(const LinkCaller& caller, const CheckInCall& call) {
  const Visit visit{.call = call,
                    .certificate = caller.certificate,
                    .serial = caller.certificate.serial.hex(),
                    .now = context_.clock.now()};
  CheckInDecision decision{.mark = caller.mark};

  // Most calls bring nothing new: they write nothing.
  Told told;
  std::optional<Node> known;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(const auto place, books.nodes().place_of(visit.serial));
    if (!place) return {};
    TRY(known, books.nodes().find(place->node_id));
    if (known) {
      TRY(told, tell(books, *known, Access::read));
    }
    return {};
  }));
  if (known && known->state == NodeState::blocked) return shut_out(visit.now);
  bool news = !known || !told.news.empty();
  if (known) {
    const wire::CheckIn& message = visit.message();
    Node detailed = *known;
    take_details(detailed, message, visit.serial, visit.now);
    const bool admitted = known->state == NodeState::admitted;
    news = news || detailed != *known || known->state == NodeState::expected ||
           (admitted && (!message.results.empty() || !message.events.empty() || message.inventory.has_value() ||
                         !message.certificates.empty()));
  }
  if (news) {
    fleet::NodeState state{};
    TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
      wire::CheckInAnswer acknowledgement;
      TRY(Node node, contact(books, visit));
      state = node.state;
      if (state == NodeState::blocked) return {};
      TRY_STATUS(store(books, visit, node, acknowledgement));
      TRY(told, tell(books, node, Access::write));
      told.answer.acknowledged_results = std::move(acknowledgement.acknowledged_results);
      TRY_STATUS(deliver(books, told.news));
      known = std::move(node);
      return {};
    }));
    if (state == NodeState::blocked) return shut_out(visit.now);
    changes_.bump(!told.news.empty() || !told.answer.acknowledged_results.empty()
                      ? std::vector{Topic::nodes, Topic::orders}
                      : std::vector{Topic::nodes});
  }
  decision.answer = std::move(told.answer);
  decision.party = {.node_id = known->id, .serial = visit.serial, .remote_address = call.remote_address};
  presence_.seen(known->id, call.remote_address, visit.serial);
  wire::CheckInAnswer& answer = decision.answer;
  answer.inventory_wanted = known->state == NodeState::admitted && !visit.message().inventory_hash.empty() &&
                            known->inventory_hash != visit.message().inventory_hash;
  const bool brought_events = known->state == NodeState::admitted && !visit.message().events.empty();
  answer.request_decided = known->state == NodeState::admitted && presence_.take_request_decided(known->id);
  const bool now_or_never = !told.news.empty() || answer.request_decided || answer.inventory_wanted ||
                            !answer.certificates_wanted.empty() || !answer.acknowledged_results.empty() ||
                            brought_events;
  if (!now_or_never) decision.hold = Seconds(visit.message().hold_seconds);
  answer.check_in_again_seconds = now_or_never || decision.hold.count() > 0 ? 1 : poll_seconds;
  return decision;
}

Result<wire::CheckInAnswer> CheckIn::later(const LinkParty& party) {
  Told told;
  std::optional<Node> node;
  // What was true a moment ago, in another transaction, is not any more when the node was blocked, or the certificate
  // revoked.
  const auto look = [&](Books& books, Access access) -> Status {
    told = {.answer = {.now = context_.clock.now()}, .news = {}};
    TRY_STATUS(still_good(context_, books, party.serial));
    TRY(node, books.nodes().find(party.node_id));
    if (!node || node->state == NodeState::blocked) return {};
    TRY(told, tell(books, *node, access));
    if (access == Access::write) return deliver(books, told.news);
    return {};
  };
  if (const Status looked = context_.ledger.read([&](Books& books) { return look(books, Access::read); }); !looked) {
    if (looked.error().code() == ErrorCode::refused) presence_.sent_away(party.node_id);
    return std::unexpected(looked.error());
  }
  if (!told.news.empty()) {
    TRY_STATUS(context_.ledger.write([&](Books& books) { return look(books, Access::write); }));
    changes_.bump(Topic::orders);
  }
  told.answer.check_in_again_seconds = 1;
  // A node that was removed comes anew, and waits.
  if (!node) return std::move(told.answer);
  if (node->state == NodeState::blocked) return shut_out(context_.clock.now()).answer;
  presence_.seen(party.node_id, party.remote_address, party.serial);
  if (node->state == NodeState::admitted) told.answer.request_decided = presence_.take_request_decided(party.node_id);
  return std::move(told.answer);
}

// The node that the certificate belongs to, which is known from now on.
Result<Node> CheckIn::contact(Books& books, const Visit& visit) {
  TRY(const auto place, resolve_place(books, visit.certificate));
  std::optional<Node> node;
  if (place) {
    TRY(node, books.nodes().find(place->node_id));
  }
  if (!node) return unknown_device(books, visit);
  TRY_STATUS(books.nodes().set_place(visit.serial, *place));
  node->last_seen = visit.now;
  node->remote_address = visit.call.remote_address;
  const NodeState before = node->state;
  node->state = fleet::after_contact(before);
  if (node->first_seen) return *std::move(node);
  node->first_seen = visit.now;
  TRY_STATUS(books.audit().append({.at = visit.now,
                                   .actor = visit.caller().name,
                                   .action = "node.appeared",
                                   .subject = node->name,
                                   .details = {{"slot", place->slot}, {"serial", visit.serial}}}));
  return *std::move(node);
}

// A certificate of ours that leads to no node: an administrator decides.
Result<Node> CheckIn::unknown_device(Books& books, const Visit& visit) {
  TRY(const pki::Certificate shown, pki::Certificate::from_der(visit.call.certificate));
  // What is certified says more than what it calls itself.
  std::string wanted = fleet::node_name_from(shown.subject().value_of(pki::oids::common_name).value_or(""));
  if (wanted.empty()) wanted = fleet::node_name_from(visit.message().node);
  if (wanted.empty()) wanted = "node";
  Node node{.name = wanted,
            .state = NodeState::waiting,
            .created = visit.now,
            .first_seen = visit.now,
            .last_seen = visit.now,
            .remote_address = visit.call.remote_address};
  // Thousands may have the name of their template: those of few are counted, the others have their serial's.
  for (int number = 2;; ++number) {
    TRY(const auto taken, books.nodes().find_by_name(node.name));
    if (!taken) break;
    node.name = number < 10 ? fmt::format("{}-{}", wanted.substr(0, 50), number)
                            : fmt::format("{}-{}-{}", wanted.substr(0, 40), visit.serial.substr(0, 16), number - 10);
  }
  TRY(node.id, books.nodes().add(node));
  TRY_STATUS(books.nodes().set_place(visit.serial, {.node_id = node.id, .slot = {}}));
  TRY_STATUS(books.audit().append({.at = visit.now,
                                   .actor = visit.caller().name,
                                   .action = "node.waiting",
                                   .subject = node.name,
                                   .details = {{"serial", visit.serial}, {"name", visit.certificate.subject}}}));
  context_.log.info("an unknown device waits to be admitted", {{"node", node.name}, {"serial", visit.serial}});
  return node;
}

Status CheckIn::store(Books& books, const Visit& visit, Node& node, wire::CheckInAnswer& answer) {
  take_details(node, visit.message(), visit.serial, visit.now);
  // Of what one says that nobody has admitted, nothing is kept.
  if (node.state == NodeState::admitted) {
    TRY_STATUS(store_results(books, visit, node, answer));
    TRY_STATUS(store_events(books, visit, node));
    TRY_STATUS(store_inventory(books, visit, node));
  }
  return books.nodes().update(node);
}

Status CheckIn::store_events(Books& books, const Visit& visit, Node& node) {
  const std::vector<wire::Event>& told = visit.message().events;
  if (told.empty()) return {};
  // An event that is here already is told again when the answer was lost. Another one of its number is that of an agent
  // that lost its memory and counts anew.
  if (told.front().number <= node.acknowledged_event) {
    TRY(const auto known, books.inventories().events(node.id, told.front().number + 1, 1));
    if (known.empty() || known[0].number != told.front().number || known[0].at != told.front().at ||
        known[0].what != told.front().what) {
      TRY_STATUS(books.inventories().forget_events(node.id));
      node.acknowledged_event = 0;
    }
  }
  std::vector<fleet::NodeEvent> events;
  for (const wire::Event& event : told) {
    if (event.number <= node.acknowledged_event) continue;
    events.push_back(
        {.number = event.number, .at = event.at, .slot = event.slot, .what = event.what, .text = event.text});
    node.acknowledged_event = event.number;
  }
  return books.inventories().add_events(node.id, events);
}

Status CheckIn::store_results(Books& books, const Visit& visit, const Node& node, wire::CheckInAnswer& answer) {
  for (const wire::OrderResult& result : visit.message().results) {
    // Whatever it is a result of, it need not be sent again.
    answer.acknowledged_results.push_back(result.id);
    TRY(auto order, books.orders().find_by_token(result.id));
    if (!order || order->node_id != node.id) continue;
    const auto next = fleet::after_result(order->state, state_of(result.outcome));
    if (!next) continue;
    order->state = *next;
    order->finished = visit.now;
    order->text = words_of_result(result);
    order->data = result.data;
    TRY_STATUS(books.orders().update(*order));
    TRY_STATUS(books.audit().append({.at = visit.now,
                                     .actor = "node " + node.name,
                                     .action = fmt::format("order.{}", to_string(*next)),
                                     .subject = std::to_string(order->id),
                                     .details = {{"verb", order->verb}, {"slot", order->slot}}}));
  }
  return {};
}

Status CheckIn::store_inventory(Books& books, const Visit& visit, Node& node) {
  const wire::CheckIn& message = visit.message();
  if (!message.inventory && message.certificates.empty()) return {};
  fleet::Inventory inventory;
  if (message.inventory) {
    inventory = inventory_from(*message.inventory);
    node.inventory_hash = message.inventory_hash;
  } else {
    TRY(inventory, books.inventories().of(node.id));
  }
  const std::set<std::string> named = certificates_in(inventory);
  for (const auto& [sha256, der] : message.certificates) {
    // Nothing is kept that nobody looks for.
    if (!named.contains(sha256)) continue;
    const auto certificate = pki::Certificate::from_der(der);
    if (to_hex(pki::hash(pki::Digest::sha256, der)) != sha256 || !certificate) continue;
    TRY(const bool known, is_known(context_, books, sha256));
    if (known) continue;
    TRY_STATUS(books.inventories().add_foreign({.sha256 = sha256,
                                                .subject = certificate->subject().to_text(),
                                                .issuer = certificate->issuer().to_text(),
                                                .not_before = certificate->validity().not_before,
                                                .not_after = certificate->validity().not_after,
                                                .der = der,
                                                .reported = visit.now}));
  }
  TRY_STATUS(describe_slots(context_, books, inventory.slots));
  fleet::count_slots(node, inventory.slots);
  TRY_STATUS(books.inventories().put(node.id, inventory));
  // What others have reported before must not be forgotten just now.
  TRY([[maybe_unused]] const auto noted, books.inventories().note_reported(node.id - 1, 1, visit.now));
  presence_.unsettle(node.id);
  return {};
}

// What stands in the books for that node.
Result<CheckIn::Told> CheckIn::tell(Books& books, const Node& node, Access access) {
  const Timestamp now = context_.clock.now();
  Told told{.answer = {.state = told_state(node.state), .now = now}, .news = {}};
  if (node.state != NodeState::admitted) return told;
  told.answer.acknowledged_event = node.acknowledged_event;
  TRY(std::vector<fleet::Order> open, books.orders().open(node.id, wire::most_orders));
  std::size_t size = 0;
  for (fleet::Order& order : open) {
    if (fleet::has_expired(order, now)) continue;
    wire::Order message = message_of(order);
    size += wire::to_json(message).size();
    // The others are told when these have their results.
    if (size > most_order_bytes && !told.answer.orders.empty()) break;
    told.answer.orders.push_back(std::move(message));
    if (order.state == fleet::OrderState::queued) told.news.push_back(std::move(order));
  }
  TRY(told.answer.certificates_wanted, unknown_certificates(books, node, access));
  return told;
}

Status CheckIn::deliver(Books& books, std::vector<fleet::Order> orders) {
  for (fleet::Order& order : orders) {
    TRY(order.state, fleet::after_delivery(order.state));
    TRY_STATUS(books.orders().update(order));
  }
  return {};
}

Result<std::vector<std::string>> CheckIn::unknown_certificates(Books& books, const Node& node, Access access) {
  std::vector<std::string> unknown;
  if (presence_.is_settled(node.id, node.inventory_hash)) return unknown;
  TRY(const fleet::Inventory inventory, books.inventories().of(node.id));
  for (const std::string& sha256 : certificates_in(inventory)) {
    if (unknown.size() == wire::most_wanted_certificates) return unknown;
    TRY(const bool known, is_known(context_, books, sha256));
    if (!known) unknown.push_back(sha256);
  }
  // What a transaction that writes sees may be undone.
  if (unknown.empty() && access == Access::read) presence_.settle(node.id, node.inventory_hash);
  return unknown;
}

}  // namespace chancery::hub
