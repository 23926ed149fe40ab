#include "agent/hub_talk.h"

#include <algorithm>
#include <cmath>

namespace chancery::agent {
namespace {

constexpr Seconds first_pause{5};
constexpr Seconds longest_pause = std::chrono::minutes(5);
constexpr Seconds longest_pause_when_refused = std::chrono::minutes(30);
constexpr Seconds time_per_answer{10};
constexpr unsigned most_parts = 128;

Seconds grown(Seconds first, unsigned times, Seconds longest) {
  Seconds pause = first;
  for (unsigned done = 1; done < times && pause < longest; ++done) pause *= 2;
  return std::min(pause, longest);
}

// From half of it to the whole: after a hub's restart, its nodes must not come back together.
Seconds spread(Seconds pause, double jitter) {
  return Seconds(static_cast<Seconds::rep>(std::ceil(static_cast<double>(pause.count()) * (0.5 + 0.5 * jitter))));
}

}  // namespace

void HubTalk::update(wire::Inventory inventory, const std::string& slot, const pki::Certificate* shown) {
  const bool had = shown_.has_value();
  const bool another = (shown != nullptr) != had || (had && !equal(shown->der(), shown_->certificate.der()));
  if (shown == nullptr)
    shown_.reset();
  else if (another || shown_->slot != slot)
    shown_ = ShownCertificate{.slot = slot, .certificate = *shown};
  if (another) {
    failures_ = 0;
    next_ = decided_ = agent_.clock.now();
  }
  if (inventory == value_ && !inventory_hash_.empty()) return;
  value_ = std::move(inventory);
  inventory_hash_ = to_hex(pki::hash(pki::Digest::sha256, as_bytes(wire::to_json(value_))));
  if (hub_knows_ != inventory_hash_) soon();
}

void HubTalk::soon() {
  if (failures_ == 0) next_ = std::min(next_, agent_.clock.now());
}

std::optional<Timestamp> HubTalk::due() const {
  if (under_way_ || !shown_) return std::nullopt;
  const Timestamp now = agent_.clock.now();
  return now < decided_ ? now : next_;
}

Result<std::optional<OutgoingCheckIn>> HubTalk::start(wire::ClockSync synchronised) {
  const Timestamp now = agent_.clock.now();
  const auto when = due();
  if (!when || *when > now) return std::nullopt;
  // Whatever goes wrong from here on, it is not tried again at once.
  decided_ = now;
  next_ = now + first_pause;
  TRY(const LinkRecord link, agent_.store.link());
  OutgoingCheckIn out{.message = {}, .shown = *shown_};
  wire::CheckIn& message = out.message;
  message.agent_version = identity_.version;
  message.node = identity_.node;
  message.product = identity_.product;
  message.boot_id = identity_.boot_id;
  message.clock = {.now = now, .synchronised = synchronised};
  message.inventory_hash = inventory_hash_;
  // What the hub has is known only after it was told; then, a change goes along without being asked for.
  const bool changed = !hub_knows_.empty() && hub_knows_ != inventory_hash_;
  if (inventory_wanted_ || changed) message.inventory = value_;
  TRY(message.results, agent_.store.unacknowledged_results(portion(wire::most_results)));
  const std::size_t most_events = portion(wire::most_events);
  TRY(message.events, agent_.store.events_after(link.acknowledged_event, most_events));
  if (!certificates_wanted_.empty()) {
    TRY(const auto records, agent_.store.certificates());
    TRY(const auto anchors, agent_.store.trust());
    const auto add = [&](ByteView sha256, const Bytes& der) {
      const std::string name = to_hex(sha256);
      if (message.certificates.size() < portion(wire::most_certificates) &&
          std::ranges::find(certificates_wanted_, name) != certificates_wanted_.end())
        message.certificates.emplace(name, der);
    };
    for (const CertificateRecord& record : records) add(record.sha256, record.der);
    for (const TrustAnchor& anchor : anchors) add(anchor.sha256, anchor.der);
    add(shown_->certificate.fingerprint(), to_bytes(shown_->certificate.der()));
  }
  message.hold_seconds = std::clamp<std::int64_t>(identity_.hold.count(), 0, wire::most_hold_seconds);
  under_way_ = UnderWay{.inventory_hash = inventory_hash_,
                        .with_inventory = message.inventory.has_value(),
                        .results = message.results.size(),
                        .most_results = portion(wire::most_results),
                        .last_event = message.events.empty() ? link.acknowledged_event : message.events.back().number,
                        .full = message.events.size() == most_events,
                        .sent = now,
                        .shown = out.shown};
  interrupted_ = false;
  return out;
}

bool HubTalk::has_more_to_say() {
  if (!under_way_ || interrupted_) return false;
  if (under_way_->inventory_hash != inventory_hash_) return true;
  if (const auto results = agent_.store.unacknowledged_results(under_way_->most_results);
      results && results->size() > under_way_->results)
    return true;
  if (under_way_->full) return false;
  const auto events = agent_.store.events_after(under_way_->last_event, 1);
  return events && !events->empty();
}

void HubTalk::failed(const Error& error) {
  const bool refused = error.code() == ErrorCode::refused;
  if (view_.last_error != error.text())
    agent_.log.warning(refused ? "the hub refuses the certificate" : "the hub cannot be reached",
                       {{"error", error.text()}});
  if (refused) view_.certificate_refused = true;
  view_.last_error = error.text();
  ++failures_;
  // It may have been too much at once, or one thing among many that the hub cannot take.
  if (error.code() == ErrorCode::invalid) parts_ = std::min(parts_ * 2, most_parts);
  const Seconds pause = grown(first_pause, failures_, refused ? longest_pause_when_refused : longest_pause);
  next_ = agent_.clock.now() + spread(pause, agent_.random.fraction());
}

std::vector<wire::Order> HubTalk::answered(const Result<wire::CheckInAnswer>& answer) {
  const std::optional<UnderWay> sent = std::exchange(under_way_, std::nullopt);
  const bool interrupted = std::exchange(interrupted_, false);
  const Timestamp now = agent_.clock.now();
  decided_ = now;
  if (!answer) {
    if (interrupted && answer.error().code() == ErrorCode::unavailable)
      next_ = now;
    else
      failed(answer.error());
    return {};
  }
  failures_ = 0;
  parts_ = std::max(parts_ / 2, 1U);
  const bool blocked = answer->state == wire::NodeState::blocked;
  if (blocked && view_.state != answer->state) agent_.log.warning("the hub has blocked this node", {});
  view_.last_error = blocked ? "the hub has blocked this node, until an administrator admits it again" : "";
  view_.last_contact = now;
  view_.state = answer->state;
  view_.certificate_refused = false;
  if (answer->now) view_.clock_offset = *answer->now - now;
  if (sent && (sent->with_inventory || !answer->inventory_wanted)) hub_knows_ = sent->inventory_hash;
  inventory_wanted_ = answer->inventory_wanted;
  if (answer->inventory_wanted && sent && sent->inventory_hash == hub_knows_) hub_knows_.clear();
  certificates_wanted_ = answer->certificates_wanted;
  if (const Status noted = note_acknowledged(*answer); !noted)
    agent_.log.error("what the hub acknowledged could not be kept", {{"error", noted.error().text()}});
  plan(*answer);
  if (answer->state != wire::NodeState::admitted) return {};
  return answer->orders;
}

Status HubTalk::note_acknowledged(const wire::CheckInAnswer& answer) {
  if (!answer.acknowledged_results.empty()) TRY_STATUS(agent_.store.acknowledge_results(answer.acknowledged_results));
  TRY(const LinkRecord link, agent_.store.link());
  TRY(const auto latest, agent_.store.latest_events("", 1));
  // A hub that knows more of our history than there is speaks of another store's, which was lost.
  const std::int64_t last = latest.empty() ? 0 : latest.front().number;
  const std::int64_t acknowledged = std::min(answer.acknowledged_event, last);
  if (acknowledged <= link.acknowledged_event) return {};
  return agent_.store.save_link({.acknowledged_event = acknowledged});
}

// A hub that does not hold requests, by mistake, or always wants something more, is not asked without end.
bool HubTalk::count_answer() {
  const Timestamp now = agent_.clock.now();
  if (now < counted_) counted_ = now;
  const auto earned = (now - counted_) / time_per_answer;
  answers_left_ = static_cast<unsigned>(std::min<Seconds::rep>(answers_left_ + earned, most_answers));
  counted_ += earned * time_per_answer;
  if (answers_left_ == 0) return false;
  --answers_left_;
  return true;
}

void HubTalk::plan(const wire::CheckInAnswer& answer) {
  Seconds pause(answer.check_in_again_seconds);
  if (!count_answer()) pause = std::max(pause, 2 * time_per_answer);
  next_ = agent_.clock.now() + spread(pause, agent_.random.fraction());
}

LinkView HubTalk::view() const {
  LinkView view = view_;
  view.checking_in = under_way_.has_value();
  view.next = due();
  return view;
}

}  // namespace chancery::agent
