#pragma once

// Every message, field by field: describe() is run by a Writer (over a constant) or a Reader (fields.h).

#include "wire/check_in.h"
#include "wire/fields.h"

namespace chancery::wire {

inline constexpr auto slot_stage_words = words(SlotStage::unknown, "empty", "enrolling", "awaiting_approval", "valid",
                                               "renewing", "failed", "expired", "unknown");
inline constexpr auto verb_words = words(Verb::unknown, "unknown", "read_inventory", "renew_slot", "generate_csr",
                                         "install_certificate", "add_trust", "remove_trust", "reload", "restart");
inline constexpr auto outcome_words = words(Outcome::failed, "failed", "done", "expired", "unsupported");
inline constexpr auto clock_sync_words = words(ClockSync::unknown, "unknown", "yes", "no");
inline constexpr auto node_state_words = words(NodeState::waiting, "waiting", "admitted", "blocked");

// What every reader of JSON has exactly, and what can be counted on from without an overflow.
inline constexpr std::int64_t most_integer = std::int64_t{1} << 53;

template <class Visitor, class T>
  requires std::same_as<std::remove_const_t<T>, Slot>
void describe(Visitor& visit, T& slot) {
  visit.name("name", slot.name, Presence::required);
  visit.name("service", slot.service);
  visit.word("stage", slot.stage, slot_stage_words);
  visit.fingerprint("active", slot.active);
  visit.time("not_after", slot.not_after);
  visit.time("renew_at", slot.renew_at);
  visit.time("next_attempt", slot.next_attempt);
  visit.text("last_error", slot.last_error);
  visit.text("csr", slot.csr, most_pem_bytes);
}

template <class Visitor, class T>
  requires std::same_as<std::remove_const_t<T>, TrustEntry>
void describe(Visitor& visit, T& entry) {
  visit.name("store", entry.store);
  visit.fingerprint("sha256", entry.sha256, Presence::required);
}

template <class Visitor, class T>
  requires std::same_as<std::remove_const_t<T>, StoredCertificate>
void describe(Visitor& visit, T& certificate) {
  visit.fingerprint("sha256", certificate.sha256, Presence::required);
  visit.name("slot", certificate.slot);
  visit.time("installed_at", certificate.installed_at);
}

template <class Visitor, class T>
  requires std::same_as<std::remove_const_t<T>, Inventory>
void describe(Visitor& visit, T& inventory) {
  visit.list("slots", inventory.slots, most_slots);
  visit.list("trust", inventory.trust, most_trust_entries);
  visit.list("stored", inventory.stored, most_stored_certificates);
}

template <class Visitor, class T>
  requires std::same_as<std::remove_const_t<T>, Event>
void describe(Visitor& visit, T& event) {
  visit.integer("number", event.number, 1, most_integer, Presence::required);
  visit.time("at", event.at);
  visit.name("slot", event.slot);
  visit.name("what", event.what, Presence::required);
  visit.text("text", event.text);
}

template <class Visitor, class T>
  requires std::same_as<std::remove_const_t<T>, Order>
void describe(Visitor& visit, T& order) {
  visit.name("id", order.id, Presence::required);
  visit.word("verb", order.verb, verb_words, Presence::required);
  visit.name("slot", order.slot);
  visit.texts("parameters", order.parameters);
  visit.certificates("certificates", order.certificates, most_certificates);
  visit.time("deadline", order.deadline);
}

template <class Visitor, class T>
  requires std::same_as<std::remove_const_t<T>, OrderResult>
void describe(Visitor& visit, T& result) {
  visit.name("id", result.id, Presence::required);
  visit.word("outcome", result.outcome, outcome_words);
  visit.text("text", result.text);
  visit.texts("data", result.data);
  visit.time("finished_at", result.finished_at);
}

template <class Visitor, class T>
  requires std::same_as<std::remove_const_t<T>, ClockReport>
void describe(Visitor& visit, T& clock) {
  visit.time("now", clock.now);
  visit.word("synchronised", clock.synchronised, clock_sync_words);
}

template <class Visitor, class T>
  requires std::same_as<std::remove_const_t<T>, CheckIn>
void describe(Visitor& visit, T& check_in) {
  visit.integer("version", check_in.version, 1, most_integer, Presence::required);
  visit.name("agent_version", check_in.agent_version);
  visit.name("node", check_in.node);
  visit.name("product", check_in.product);
  visit.name("boot_id", check_in.boot_id);
  visit.object("clock", check_in.clock);
  visit.fingerprint("inventory_hash", check_in.inventory_hash);
  visit.object("inventory", check_in.inventory);
  visit.certificates("certificates", check_in.certificates, most_certificates);
  visit.list("results", check_in.results, most_results);
  visit.list("events", check_in.events, most_events);
  visit.integer("hold_seconds", check_in.hold_seconds, 0, most_hold_seconds);
}

template <class Visitor, class T>
  requires std::same_as<std::remove_const_t<T>, CheckInAnswer>
void describe(Visitor& visit, T& answer) {
  visit.integer("version", answer.version, 1, most_integer, Presence::required);
  visit.word("state", answer.state, node_state_words);
  visit.time("now", answer.now);
  visit.flag("inventory_wanted", answer.inventory_wanted);
  visit.fingerprints("certificates_wanted", answer.certificates_wanted, most_wanted_certificates);
  visit.names("acknowledged_results", answer.acknowledged_results, most_results);
  visit.integer("acknowledged_event", answer.acknowledged_event, 0, most_integer);
  visit.list("orders", answer.orders, most_orders);
  visit.flag("request_decided", answer.request_decided);
  visit.integer("check_in_again_seconds", answer.check_in_again_seconds, 0, most_check_in_again_seconds);
}

}  // namespace chancery::wire
