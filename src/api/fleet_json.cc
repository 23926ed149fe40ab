#include "api/fleet_json.h"

#include <boost/json/array.hpp>

#include "api/json_views.h"
#include "api/sentence.h"
#include "hub/order_words.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

void put(json::object& object, std::string_view name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}
void put(json::object& object, std::string_view name, const std::optional<Timestamp>& time) {
  if (time) object[name] = to_rfc3339(*time);
}

json::object texts_json(const fleet::Texts& texts) {
  json::object object;
  for (const auto& [name, text] : texts) object[name] = text;
  return object;
}

// What the certificate in use is now, whatever the device said of it when it was here last.
std::string_view status_of(const SlotView& view) {
  if (view.facts && view.facts->revoked) return view.facts->suspended ? "suspended" : "revoked";
  if (!view.slot.not_after) return {};
  return *view.slot.not_after < view.now ? "expired" : "valid";
}

std::optional<hub::CertificateFacts> facts_in(const hub::NodeDetails& details, const std::string& sha256) {
  const auto found = details.certificates.find(sha256);
  return found == details.certificates.end() ? std::nullopt : std::optional(found->second);
}

bool is_active(const hub::NodeDetails& details, const fleet::HeldCertificate& held) {
  for (const fleet::SlotStatus& slot : details.inventory.slots)
    if (slot.name == held.slot && slot.active == held.sha256) return true;
  return false;
}

const Shape& slot_shape() {
  static const Shape shape{.name = "Slot", .fields = slot_fields()};
  return shape;
}

const Shape& held_shape() {
  static const Shape shape = [] {
    Shape made{.name = "HeldCertificate", .fields = certificate_fields()};
    made.fields.push_back({.name = "slot", .help = "Which slot has it", .required = true});
    made.fields.push_back(
        {.name = "active", .type = FieldType::flag, .help = "Whether the slot uses it", .required = true});
    made.fields.push_back({.name = "installed_at", .type = FieldType::time, .help = "When the device took it"});
    return made;
  }();
  return shape;
}

const Shape& trust_shape() {
  static const Shape shape = [] {
    Shape made{.name = "TrustedCertificate", .fields = certificate_fields()};
    made.fields.push_back({.name = "store", .help = "Where the device trusts it", .required = true});
    return made;
  }();
  return shape;
}

const Shape& open_challenge_shape() {
  static const Shape shape{
      .name = "NodeChallenge",
      .fields = {
          {.name = "id", .help = "Names the challenge; no secret", .required = true},
          {.name = "slot", .help = "Which slot it is for", .required = true},
          {.name = "endpoint", .help = "Where it is good", .required = true},
          {.name = "expires", .type = FieldType::time, .help = "Until when it is good", .required = true},
      }};
  return shape;
}

std::vector<Field> node_fields() {
  return {
      {.name = "id", .type = FieldType::integer, .help = "Names the node", .required = true},
      {.name = "name", .help = "For people; unique", .required = true},
      {.name = "cluster_id", .type = FieldType::integer, .help = "Its cluster; missing where it is in none"},
      {.name = "product", .help = "What kind of device it is", .required = true},
      {.name = "state",
       .help = "Whether the hub deals with it",
       .required = true,
       .choices = {"expected", "waiting", "admitted", "blocked"}},
      {.name = "online", .type = FieldType::flag, .help = "Whether it is connected now", .required = true},
      {.name = "created", .type = FieldType::time, .help = "Since when the hub knows of it", .required = true},
      {.name = "first_seen", .type = FieldType::time, .help = "When it was here first"},
      {.name = "last_seen", .type = FieldType::time, .help = "When it was here last"},
      {.name = "remote_address", .help = "From where"},
      {.name = "agent_version", .help = "Of the program on it"},
      {.name = "clock_offset_seconds",
       .type = FieldType::integer,
       .help = "How far its clock is ahead of the hub's",
       .least = std::numeric_limits<std::int64_t>::min()},
      {.name = "clock_synchronised",
       .help = "Whether somebody keeps its clock right",
       .required = true,
       .choices = {"unknown", "yes", "no"}},
      {.name = "certificate", .help = "Serial of the certificate that it showed last"},
      {.name = "slot_count", .type = FieldType::integer, .help = "How many slots it has", .required = true},
      {.name = "failed_slots", .type = FieldType::integer, .help = "How many need help", .required = true},
      {.name = "revoked_slots",
       .type = FieldType::integer,
       .help = "How many use a certificate that is revoked",
       .required = true},
      {.name = "next_expiry", .type = FieldType::time, .help = "When the first of its certificates ends"},
      {.name = "worst",
       .help = "The state of its slots in one word",
       .required = true,
       .choices = {"empty", "ok", "expiring", "failed", "expired", "revoked"}},
  };
}

}  // namespace

std::vector<Field> slot_fields() {
  return {
      {.name = "name", .help = "Of the slot", .required = true},
      {.name = "stage",
       .help = "What its certificate is doing, as the agent says: empty, enrolling, awaiting_approval, valid, "
               "renewing, failed, expired",
       .required = true},
      {.name = "certificate_status",
       .help = "What the certificate in use is now, as the hub knows; missing where it does not know",
       .choices = {"valid", "expired", "revoked", "suspended"}},
      {.name = "service", .help = "What uses it"},
      {.name = "active", .help = "SHA-256 of the certificate in use"},
      {.name = "subject", .help = "Of the certificate in use"},
      {.name = "serial", .help = "Of the certificate in use, if it was issued here"},
      {.name = "not_before", .type = FieldType::time, .help = "From when it is valid"},
      {.name = "not_after", .type = FieldType::time, .help = "Until when it is valid"},
      {.name = "renew_at", .type = FieldType::time, .help = "When the device will renew it"},
      {.name = "next_attempt", .type = FieldType::time, .help = "When the device will try again"},
      {.name = "last_error", .help = "What went wrong last"},
      {.name = "csr", .help = "A request that waits to be signed, PEM"},
  };
}

std::vector<Field> certificate_fields() {
  return {{.name = "sha256", .help = "Of the certificate, hexadecimal", .required = true},
          {.name = "subject", .help = "Its subject; missing where the hub has not seen the certificate yet"},
          {.name = "issuer", .help = "Its issuer"},
          {.name = "serial", .help = "Of one that was issued here"},
          {.name = "not_before", .type = FieldType::time, .help = "From when it is valid"},
          {.name = "not_after", .type = FieldType::time, .help = "Until when it is valid"},
          {.name = "ours", .type = FieldType::flag, .help = "Whether it is of this authority"},
          {.name = "revoked", .type = FieldType::flag, .help = "Whether it is revoked, or suspended"}};
}

json::object to_json(const SlotView& view) {
  const fleet::SlotStatus& slot = view.slot;
  json::object object{{"name", slot.name}, {"stage", slot.stage}};
  if (!slot.active.empty()) put(object, "certificate_status", std::string(status_of(view)));
  put(object, "service", slot.service);
  put(object, "active", slot.active);
  put(object, "subject", slot.subject);
  put(object, "serial", slot.serial);
  put(object, "not_before", slot.not_before);
  put(object, "not_after", slot.not_after);
  put(object, "renew_at", slot.renew_at);
  put(object, "next_attempt", slot.next_attempt);
  put(object, "last_error", slot.last_error);
  put(object, "csr", slot.csr);
  return object;
}

json::object certificate_json(const std::optional<hub::CertificateFacts>& facts, const std::string& sha256) {
  json::object object{{"sha256", sha256}};
  if (!facts) return object;
  object["subject"] = facts->subject;
  put(object, "issuer", facts->issuer);
  put(object, "serial", facts->serial);
  object["not_before"] = to_rfc3339(facts->not_before);
  object["not_after"] = to_rfc3339(facts->not_after);
  object["ours"] = facts->ours;
  object["revoked"] = facts->revoked;
  return object;
}

json::object to_json(const NodeView& view) {
  const fleet::Node& node = view.node;
  json::object object{{"id", node.id}, {"name", node.name}};
  if (node.cluster_id != 0) object["cluster_id"] = node.cluster_id;
  object["product"] = node.product;
  object["state"] = to_string(node.state);
  object["online"] = view.online;
  object["created"] = to_rfc3339(node.created);
  put(object, "first_seen", node.first_seen);
  put(object, "last_seen", node.last_seen);
  put(object, "remote_address", node.remote_address);
  put(object, "agent_version", node.agent_version);
  if (node.clock_offset_seconds) object["clock_offset_seconds"] = *node.clock_offset_seconds;
  object["clock_synchronised"] = to_string(node.clock_synchronised);
  put(object, "certificate", node.certificate);
  object["slot_count"] = node.slots;
  object["failed_slots"] = node.failed_slots;
  object["revoked_slots"] = node.revoked_slots;
  put(object, "next_expiry", node.next_expiry);
  object["worst"] = to_string(fleet::worst_of(node, view.now));
  return object;
}

const Shape& node_shape() {
  static const Shape shape{.name = "Node", .fields = node_fields()};
  return shape;
}

json::object to_detailed_json(const hub::NodeDetails& details, const NodeView& view) {
  json::object object = to_json(view);
  json::array slots, stored, trust, challenges;
  for (const fleet::SlotStatus& slot : details.inventory.slots) {
    const auto facts = facts_in(details, slot.active);
    slots.push_back(to_json(SlotView{.slot = slot, .facts = facts, .now = view.now}));
  }
  for (const fleet::HeldCertificate& held : details.inventory.held) {
    json::object row = certificate_json(facts_in(details, held.sha256), held.sha256);
    row["slot"] = held.slot;
    row["active"] = is_active(details, held);
    put(row, "installed_at", held.installed_at);
    stored.push_back(std::move(row));
  }
  for (const fleet::TrustEntry& entry : details.inventory.trust) {
    json::object row = certificate_json(facts_in(details, entry.sha256), entry.sha256);
    row["store"] = entry.store;
    trust.push_back(std::move(row));
  }
  for (const auto& [slot, record] : details.challenges)
    challenges.push_back(
        {{"id", record.id}, {"slot", slot}, {"endpoint", record.endpoint}, {"expires", to_rfc3339(record.expires)}});
  object["slots"] = std::move(slots);
  object["stored"] = std::move(stored);
  object["trust"] = std::move(trust);
  object["challenges"] = std::move(challenges);
  return object;
}

const Shape& node_details_shape() {
  static const Shape shape = [] {
    Shape made{.name = "NodeDetails", .fields = node_fields()};
    made.fields.push_back({.name = "slots",
                           .type = FieldType::object_list,
                           .help = "What the device says of its slots",
                           .required = true,
                           .shape = &slot_shape()});
    made.fields.push_back({.name = "stored",
                           .type = FieldType::object_list,
                           .help = "Every certificate that it keeps",
                           .required = true,
                           .shape = &held_shape()});
    made.fields.push_back({.name = "trust",
                           .type = FieldType::object_list,
                           .help = "The authorities that it trusts",
                           .required = true,
                           .shape = &trust_shape()});
    made.fields.push_back({.name = "challenges",
                           .type = FieldType::object_list,
                           .help = "Minted for it, and not used yet",
                           .required = true,
                           .shape = &open_challenge_shape()});
    return made;
  }();
  return shape;
}

json::object to_json(const fleet::NodeEvent& event) {
  json::object object{{"number", event.number}, {"at", to_rfc3339(event.at)}};
  put(object, "slot", event.slot);
  object["what"] = event.what;
  put(object, "text", event.text);
  return object;
}

const Shape& node_event_shape() {
  static const Shape shape{
      .name = "NodeEvent",
      .fields = {{.name = "number", .type = FieldType::integer, .help = "Grows with each event", .required = true},
                 {.name = "at", .type = FieldType::time, .help = "When, by the device's clock", .required = true},
                 {.name = "slot", .help = "Which slot"},
                 {.name = "what", .help = "What happened, in a word: installed, failed, …", .required = true},
                 {.name = "text", .help = "The details"}}};
  return shape;
}

json::object to_json(const fleet::Cluster& cluster) {
  return {{"id", cluster.id}, {"name", cluster.name}, {"created", to_rfc3339(cluster.created)}};
}

json::object to_json(const hub::ClusterView& view, Timestamp now) {
  json::object object = to_json(view.cluster);
  object["node_count"] = view.summary.nodes;
  object["slot_count"] = view.summary.slots;
  object["failed_slots"] = view.summary.failed_slots;
  object["revoked_slots"] = view.summary.revoked_slots;
  put(object, "next_expiry", view.summary.next_expiry);
  object["worst"] = to_string(hub::worst_of(view.summary, now));
  return object;
}

const Shape& cluster_shape() {
  static const Shape shape{
      .name = "Cluster",
      .fields = {{.name = "id", .type = FieldType::integer, .help = "Names the cluster", .required = true},
                 {.name = "name", .help = "For people; unique", .required = true},
                 {.name = "created", .type = FieldType::time, .help = "When it was made", .required = true},
                 {.name = "node_count",
                  .type = FieldType::integer,
                  .help = "Its nodes; this and what follows only where it is asked for"},
                 {.name = "slot_count", .type = FieldType::integer, .help = "Their slots"},
                 {.name = "failed_slots",
                  .type = FieldType::integer,
                  .help = "How many of these need help; of nodes that are not blocked, as all that follows"},
                 {.name = "revoked_slots",
                  .type = FieldType::integer,
                  .help = "How many of these use a certificate that is revoked"},
                 {.name = "next_expiry", .type = FieldType::time, .help = "When the first of their certificates ends"},
                 {.name = "worst",
                  .help = "The state of these slots in one word",
                  .choices = {"empty", "ok", "expiring", "failed", "expired", "revoked"}}}};
  return shape;
}

json::object to_json(const fleet::Order& order) {
  json::object object{{"id", order.id}};
  // 0: the node was removed.
  if (order.node_id != 0) object["node_id"] = order.node_id;
  object["verb"] = order.verb;
  put(object, "slot", order.slot);
  object["parameters"] = texts_json(order.parameters);
  object["state"] = to_string(order.state);
  object["created"] = to_rfc3339(order.created);
  object["created_by"] = order.created_by;
  object["deadline"] = to_rfc3339(order.deadline);
  put(object, "finished", order.finished);
  put(object, "text", order.text);
  if (hub::is_told_by_hub(order)) put_sentence(object, "sentence", order.text);
  object["data"] = texts_json(order.data);
  return object;
}

const Shape& order_shape() {
  static const Shape shape{
      .name = "Order",
      .fields = {
          {.name = "id", .type = FieldType::integer, .help = "Names the order", .required = true},
          {.name = "node_id", .type = FieldType::integer, .help = "Whom it is for; missing when the node is gone"},
          {.name = "node", .help = "That node's name, where orders are shown or listed"},
          {.name = "verb", .help = "What is to be done", .required = true},
          {.name = "slot", .help = "To which slot"},
          {.name = "parameters", .type = FieldType::text_map, .help = "The rest of it", .required = true},
          {.name = "state",
           .help = "What became of it",
           .required = true,
           .choices = {"queued", "delivered", "done", "failed", "expired", "cancelled"}},
          {.name = "created", .type = FieldType::time, .help = "When it was given", .required = true},
          {.name = "created_by", .help = "By whom", .required = true},
          {.name = "deadline", .type = FieldType::time, .help = "It is not begun later", .required = true},
          {.name = "finished", .type = FieldType::time, .help = "When it ended"},
          {.name = "text", .help = "What the device said of it, or the hub, when it heard nothing"},
          sentence_field("sentence", "`text`, where the hub said it"),
          {.name = "data", .type = FieldType::text_map, .help = "What it brought, such as a csr", .required = true},
      }};
  return shape;
}

}  // namespace chancery::api
