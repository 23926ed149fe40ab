#include "agent/supervisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "agent/inventory_fit.h"

namespace chancery::agent {
namespace {

wire::ClockSync to_wire(ClockSync synchronised) {
  switch (synchronised) {
    case ClockSync::yes: return wire::ClockSync::yes;
    case ClockSync::no: return wire::ClockSync::no;
    case ClockSync::unknown: break;
  }
  return wire::ClockSync::unknown;
}

wire::Slot to_wire(const SlotView& view) {
  wire::Slot slot{.name = view.name,
                  .service = view.service,
                  .stage = view.stage,
                  .active = {},
                  .not_after = {},
                  .renew_at = view.renew_at,
                  .next_attempt = view.next_attempt,
                  .last_error = view.last_error,
                  .csr = view.request};
  if (view.active) {
    slot.active = to_hex(view.active->sha256);
    slot.not_after = view.active->validity.not_after;
  }
  return slot;
}

// One that was damaged in the agent's store is trusted no more, and keeps nobody from the rest.
std::vector<pki::Certificate> of_store(const std::vector<TrustAnchor>& anchors, const std::string& store) {
  std::vector<pki::Certificate> certificates;
  for (const TrustAnchor& anchor : anchors)
    if (anchor.store == store)
      if (auto certificate = pki::Certificate::from_der(anchor.der)) certificates.push_back(*std::move(certificate));
  return certificates;
}

}  // namespace

bool is_store_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && name[0] != '-' &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Supervisor::Supervisor(SupervisorOptions options, TimeSource& time, const AgentParts& agent)
    : options_(std::move(options)), time_(time), agent_(agent), talk_(options_.identity, agent) {}

Result<std::unique_ptr<Supervisor>> Supervisor::start(SupervisorOptions options, std::vector<SlotEntry> slots,
                                                      TimeSource& time, const AgentParts& agent) {
  std::unique_ptr<Supervisor> made(new Supervisor(std::move(options), time, agent));
  TRY_IN("reading the agent's store", auto known, agent.store.slots());
  for (SlotEntry& entry : slots) {
    const auto found = std::ranges::find(known, entry.setup.name, [](const auto& pair) { return pair.first; });
    std::optional<SlotState> state;
    if (found != known.end()) {
      state = std::move(found->second);
      known.erase(found);
    }
    made->slots_.push_back(
        std::make_unique<SlotRunner>(std::move(entry.setup), std::move(entry.parts), agent, std::move(state)));
  }
  std::ranges::sort(made->slots_, {}, [](const auto& runner) -> const std::string& { return runner->name(); });
  for (const auto& [name, state] : known) TRY_STATUS_IN("forgetting a slot", agent.store.forget_slot(name));
  // A cut may have come between a store's file and its record.
  TRY(const auto anchors, agent.store.trust());
  std::set<std::string> stores;
  for (const TrustAnchor& anchor : anchors) stores.insert(anchor.store);
  for (const std::string& store : stores) {
    TRY_STATUS_IN("writing trusted authorities", agent.services.write_trust(store, of_store(anchors, store)));
  }
  TRY_STATUS_IN("writing history", made->note("", "started", "chancery-agent " + made->options_.identity.version));
  return made;
}

Timestamp Supervisor::no_earlier_than() const {
  Timestamp latest = options_.built;
  for (const auto& slot : slots_) latest = std::max(latest, slot->no_earlier_than());
  return latest;
}

Result<SlotRunner*> Supervisor::find(const std::string& slot) {
  const auto found =
      std::ranges::find(slots_, slot, [](const auto& runner) -> const std::string& { return runner->name(); });
  if (found == slots_.end()) return not_found(fmt::format("there is no slot '{}'", slot));
  return found->get();
}

Status Supervisor::note(const std::string& slot, std::string_view what, std::string text) {
  return agent_.store.append(
      {.at = agent_.clock.now(), .slot = slot, .what = std::string(what), .text = std::move(text)});
}

std::optional<Timestamp> Supervisor::step() {
  for (const auto& slot : slots_)
    if (!is_stopping()) slot->step(no_earlier_than());
  perform_orders();
  if (options_.has_hub) refresh_talk();
  std::optional<Timestamp> next;
  const auto sooner = [&next](std::optional<Timestamp> due) {
    if (due && (!next || *due < *next)) next = due;
  };
  for (const auto& slot : slots_) sooner(slot->due(no_earlier_than()));
  if (options_.has_hub) sooner(talk_.due());
  return next;
}

const SlotRunner* Supervisor::shown() const {
  for (const auto& slot : slots_)
    if ((options_.shown_slot.empty() || slot->name() == options_.shown_slot) && slot->certificate()) return slot.get();
  return nullptr;
}

void Supervisor::refresh_talk() {
  auto all = inventory();
  const SlotRunner* const slot = shown();
  if (all && slot == nullptr) return talk_.update(std::move(*all));
  if (all) return talk_.update(std::move(*all), slot->name(), &*slot->certificate());
  agent_.log.error("the inventory cannot be read", {{"error", all.error().text()}});
}

Result<wire::Inventory> Supervisor::inventory() {
  wire::Inventory inventory;
  for (const auto& slot : slots_) inventory.slots.push_back(to_wire(slot->outline()));
  TRY(const auto anchors, agent_.store.trust());
  for (const TrustAnchor& anchor : anchors)
    inventory.trust.push_back({.store = anchor.store, .sha256 = to_hex(anchor.sha256)});
  TRY(const auto records, agent_.store.certificates());
  for (const CertificateRecord& record : records)
    inventory.stored.push_back(
        {.sha256 = to_hex(record.sha256), .slot = record.slot, .installed_at = record.installed_at});
  FittedInventory fitted = fit_into_message(std::move(inventory));
  if (fitted.left_out != left_out_ && !fitted.left_out.empty())
    agent_.log.warning("the inventory is too large for the hub", {{"left_out", fitted.left_out}});
  left_out_ = std::move(fitted.left_out);
  return std::move(fitted.inventory);
}

std::optional<OutgoingCheckIn> Supervisor::check_in() {
  if (!options_.has_hub) return std::nullopt;
  refresh_talk();
  auto message = talk_.start(to_wire(time_.state()));
  if (message) return std::move(*message);
  agent_.log.error("the check-in cannot be made", {{"error", message.error().text()}});
  return std::nullopt;
}

bool Supervisor::wants_to_interrupt() {
  if (!talk_.has_more_to_say()) return false;
  talk_.interrupted();
  return true;
}

void Supervisor::checked_in(const Result<wire::CheckInAnswer>& answer) {
  const ShownCertificate* shown = talk_.shown_under_way();
  if (!answer && answer.error().code() == ErrorCode::refused && shown != nullptr)
    if (const auto runner = find(shown->slot); runner)
      (*runner)->certificate_refused(shown->certificate.fingerprint(), answer.error().text(), no_earlier_than());
  if (answer && talk_.has_failed())
    for (const auto& slot : slots_) slot->network_is_back(no_earlier_than());
  if (answer && answer->request_decided)
    for (const auto& slot : slots_) slot->request_is_decided();
  std::vector<wire::Order> orders = talk_.answered(answer);
  for (wire::Order& order : orders)
    if (std::ranges::find(orders_, order.id, &wire::Order::id) == orders_.end()) orders_.push_back(std::move(order));
}

Result<std::string> Supervisor::renew(const std::string& slot) {
  TRY(SlotRunner * runner, find(slot));
  return runner->renew(no_earlier_than());
}

Result<std::string> Supervisor::enrol(const std::string& slot) {
  TRY(SlotRunner * runner, find(slot));
  return runner->enrol(no_earlier_than());
}

Status Supervisor::activate(const std::string& slot, ByteView sha256) {
  TRY(SlotRunner * runner, find(slot));
  return runner->activate(sha256, no_earlier_than());
}

// The file first: what the record says is in the file, whatever comes between.
Status Supervisor::add_trust(const std::string& store, const std::vector<Bytes>& certificates) {
  if (!is_store_name(store)) return invalid("a trust store's name is lower-case letters, digits and '-'");
  if (certificates.empty()) return invalid("no certificate was given");
  TRY(auto anchors, agent_.store.trust());
  std::vector<TrustAnchor> added;
  for (const Bytes& der : certificates) {
    TRY(const pki::Certificate certificate, pki::Certificate::from_der(der));
    if (der.size() > wire::most_der_bytes)
      return invalid(fmt::format("the certificate of '{}' is longer than {} bytes, which no hub could be told",
                                 certificate.subject().to_text(), wire::most_der_bytes));
    TrustAnchor anchor{.store = store, .sha256 = certificate.fingerprint(), .der = der};
    const bool known = std::ranges::any_of(
        anchors, [&](const TrustAnchor& other) { return other.store == store && other.sha256 == anchor.sha256; });
    if (known) continue;
    anchors.push_back(anchor);
    added.push_back(std::move(anchor));
  }
  if (anchors.size() > wire::most_trust_entries) return refused("there are too many trusted authorities");
  TRY_STATUS(agent_.services.write_trust(store, of_store(anchors, store)));
  for (const TrustAnchor& anchor : added) {
    TRY([[maybe_unused]] const bool fresh, agent_.store.add_trust(anchor));
    TRY_STATUS(note("", "trust_changed", fmt::format("{}: {} is trusted", store, to_hex(anchor.sha256))));
  }
  return {};
}

Status Supervisor::remove_trust(const std::string& store, ByteView sha256) {
  TRY(auto anchors, agent_.store.trust());
  const auto gone = std::erase_if(
      anchors, [&](const TrustAnchor& anchor) { return anchor.store == store && equal(anchor.sha256, sha256); });
  if (gone == 0) return not_found(fmt::format("'{}' has no authority {}", store, to_hex(sha256)));
  TRY_STATUS(agent_.services.write_trust(store, of_store(anchors, store)));
  TRY([[maybe_unused]] const bool removed, agent_.store.remove_trust(store, sha256));
  return note("", "trust_changed", fmt::format("{}: {} is not trusted any more", store, to_hex(sha256)));
}

std::vector<SlotView> Supervisor::outlines() const {
  std::vector<SlotView> outlines;
  for (const auto& slot : slots_) outlines.push_back(slot->outline());
  return outlines;
}

AgentView Supervisor::view() const {
  const Timestamp now = agent_.clock.now();
  AgentView view{
      .now = now,
      .clock_is_wrong = chancery::agent::clock_is_wrong({}, {.now = now, .no_earlier_than = no_earlier_than()}),
      .synchronised = time_.state(),
      .slots = {},
      .link = {}};
  for (const auto& slot : slots_) view.slots.push_back(slot->view());
  if (options_.has_hub) view.link = talk_.view();
  return view;
}

}  // namespace chancery::agent
