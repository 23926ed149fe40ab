#include "agent/slot_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/brought_certificate.h"
#include "agent/kept_certificate.h"
#include "pki/key_elsewhere.h"
#include "pki/pem.h"

namespace chancery::agent {
namespace {

constexpr Seconds pause_after_trouble = std::chrono::minutes(1);
constexpr Seconds request_patience = std::chrono::days(30);

// Empty where they agree, or where others than the file decide about names. `which` is the certificate, for people.
std::string difference(const SlotSetup& setup, const pki::Certificate& certificate, std::string_view which) {
  if (setup.source.url.empty() || setup.accept_changed_names) return {};
  if (!certificate.subject().matches(setup.subject))
    return fmt::format("the slot's file asks for the subject '{}', and {} has '{}'", setup.subject.to_text(), which,
                       certificate.subject().to_text());
  if (!pki::same_names(setup.names, certificate.subject_alternative_names()))
    return fmt::format("the slot's file asks for other names than {} has", which);
  return {};
}

// What the wish does not name may be anything.
bool is_what_is_wished(const RequestWish& wish, const pki::CertificateRequest& request, const pki::KeySpec& key) {
  if (wish.subject && !wish.subject->matches(request.subject())) return false;
  if (wish.names && !pki::same_names(*wish.names, request.subject_alternative_names())) return false;
  return !wish.key || *wish.key == key;
}

}  // namespace

SlotRunner::SlotRunner(SlotSetup setup, SlotParts slot, const AgentParts& agent, std::optional<SlotState> state)
    : setup_(std::move(setup)), slot_(std::move(slot)), agent_(agent), state_(std::move(state).value_or(SlotState{})) {
  setup_.policy.has_source = !setup_.source.url.empty();
}

Timestamp SlotRunner::no_earlier_than() const {
  return state_.active ? state_.active->validity.not_before : Timestamp();
}

Moment SlotRunner::moment(Timestamp no_earlier_than, double jitter) const {
  return {.now = agent_.clock.now(), .no_earlier_than = no_earlier_than, .jitter = jitter};
}

bool SlotRunner::tell(const SlotEvent& event, SlotAction* action, Timestamp no_earlier_than) {
  const Moment when = moment(no_earlier_than, agent_.random.fraction());
  SlotDecision decision = decide(setup_.policy, state_, event, when);
  // A certificate that a cut kept us from writing down is found in use after it.
  const auto* found = std::get_if<slot_event::Found>(&event);
  const bool adopted =
      found != nullptr && found->active && (!state_.active || state_.active->sha256 != found->active->sha256);
  const bool installed = adopted || std::holds_alternative<slot_event::Installed>(event) ||
                         std::holds_alternative<slot_event::Activated>(event);
  const bool lost = std::holds_alternative<slot_event::ReceivedLost>(event) || (found != nullptr && !found->received);
  state_ = std::move(decision.state);
  SlotChange change{.slot = setup_.name, .state = state_, .forget_received = installed || lost};
  for (SlotNote& note : decision.notes) {
    if (note.what == "failed" || note.what == "rolled_back")
      agent_.log.warning("a slot is in trouble", {{"slot", setup_.name}, {"error", note.text}});
    else
      agent_.log.info(note.what, {{"slot", setup_.name}, {"text", note.text}});
    change.events.push_back(
        {.at = when.now, .slot = setup_.name, .what = std::string(note.what), .text = std::move(note.text)});
  }
  if (installed && certificate_)
    change.installed = CertificateRecord{.sha256 = certificate_->fingerprint(),
                                         .slot = setup_.name,
                                         .der = to_bytes(certificate_->der()),
                                         .installed_at = when.now};
  if (action != nullptr) *action = decision.action;
  const Status saved = agent_.store.save(change);
  if (saved) return true;
  agent_.log.error("a slot's record could not be kept", {{"slot", setup_.name}, {"error", saved.error().text()}});
  trouble_ = saved.error().text();
  held_up_ = when.now + pause_after_trouble;
  // What the folder says is looked at anew, so that nothing of it is missed.
  looked_ = false;
  return false;
}

void SlotRunner::use(const std::optional<Credential>& active) {
  certificate_.reset();
  key_place_.clear();
  const std::string before = std::exchange(other_names_, {});
  if (!active) return;
  other_names_ = difference(setup_, active->certificate, "the certificate in use");
  if (!other_names_.empty() && other_names_ != before)
    agent_.log.warning("a slot's file was changed", {{"slot", setup_.name}, {"text", other_names_}});
  certificate_ = active->certificate;
  const pki::KeyElsewhere* const elsewhere = active->key.elsewhere();
  key_place_ = elsewhere == nullptr ? "a file" : elsewhere->place();
}

void SlotRunner::recover() {
  const Timestamp now = agent_.clock.now();
  const Status done = agent_.services.recover(setup_.name);
  if (done) return settled();
  const std::string& why = done.error().text();
  if (unsettled_ != why) {
    agent_.log.warning("a service does not work with what is in use", {{"slot", setup_.name}, {"error", why}});
    if (const Status noted = agent_.store.append({.at = now, .slot = setup_.name, .what = "failed", .text = why});
        !noted)
      agent_.log.error("history could not be kept", {{"slot", setup_.name}, {"error", noted.error().text()}});
  }
  unsettled_ = why;
  recovery_tried_ = now;
  SlotState state = state_;
  state.failures = ++recoveries_;
  recover_at_ = now + back_off(state, Setback::failed, now, agent_.random.fraction());
}

void SlotRunner::settled() {
  unsettled_.clear();
  recoveries_ = 0;
  recover_at_.reset();
}

void SlotRunner::look() {
  recover();
  const auto found = look_into(setup_, slot_, agent_);
  const auto active = found ? slot_.folder.active() : std::unexpected(found.error());
  if (!active) {
    held_up_ = agent_.clock.now() + pause_after_trouble;
    if (trouble_ != active.error().text())
      agent_.log.error("a slot cannot be served", {{"slot", setup_.name}, {"error", active.error().text()}});
    trouble_ = active.error().text();
    return;
  }
  use(*active);
  looked_ = true;
  if (!tell(*found)) return;
  trouble_.clear();
  held_up_.reset();
  read_request();
}

// One that was given out has no source. Its key is there as long as it is.
void SlotRunner::read_request() {
  request_.clear();
  if (const auto pending = slot_.folder.pending(); pending && *pending && (*pending)->source.url.empty())
    request_ = pki::write_pem("CERTIFICATE REQUEST", (*pending)->request.view());
}

void SlotRunner::step(Timestamp no_earlier_than) {
  const Timestamp now = agent_.clock.now();
  // The clock may have been set back since.
  if (held_up_ && now < *held_up_ && *held_up_ - now <= pause_after_trouble) return;
  if (recover_at_ && (now >= *recover_at_ || now < recovery_tried_)) looked_ = false;
  if (!looked_) look();
  if (!looked_) return;
  if (awaits_challenge(state_)) look_for_challenge();
  look_for_other_names(no_earlier_than);
  const auto when = due(no_earlier_than);
  const bool clock_changed = clock_is_wrong(state_, moment(no_earlier_than)) != state_.clock_was_wrong;
  if ((!when || *when > now) && !clock_changed) return;
  SlotAction action = SlotAction::none;
  if (tell(slot_event::Tick{}, &action, no_earlier_than)) act(action);
}

// Somebody may have put a new one. Nobody wakes up for that, but who is awake looks.
void SlotRunner::look_for_challenge() {
  Bytes challenge = challenge_at_hand(slot_);
  if (is_untried(state_, challenge)) tell(slot_event::ChallengeFound{std::move(challenge)});
}

void SlotRunner::certificate_refused(ByteView sha256, const std::string& why, Timestamp no_earlier_than) {
  if (!looked_ || !state_.active || !equal(state_.active->sha256, sha256)) return;
  Bytes challenge = challenge_at_hand(slot_);
  if (is_untried(state_, challenge))
    tell(slot_event::CertificateRefused{.text = why, .challenge = std::move(challenge)}, nullptr, no_earlier_than);
}

void SlotRunner::network_is_back(Timestamp no_earlier_than) {
  if (looked_ && waits_for_network(state_)) tell(slot_event::NetworkBack{}, nullptr, no_earlier_than);
}

void SlotRunner::service_is_back() {
  if (recover_at_) looked_ = false;
  if (looked_ && waits_for_service(state_)) tell(slot_event::ServiceBack{});
}

void SlotRunner::request_is_decided() {
  if (looked_ && state_.phase == SlotPhase::polling) tell(slot_event::RequestDecided{});
}

void SlotRunner::look_for_other_names(Timestamp no_earlier_than) {
  if (!other_names_.empty() && state_.active && state_.phase == SlotPhase::idle)
    certificate_refused(state_.active->sha256, other_names_, no_earlier_than);
}

void SlotRunner::act(SlotAction action, Haste haste) {
  if (action == SlotAction::none) return;
  const SlotEvent event = action == SlotAction::ask ? exchange(setup_, slot_, agent_, state_.method, left_out_, haste)
                                                    : install_received(setup_, slot_, agent_);
  if (std::holds_alternative<slot_event::Installed>(event)) {
    settled();
    if (const auto active = slot_.folder.active(); active && *active) use(*active);
  }
  read_request();
  tell(event);
}

std::optional<Timestamp> SlotRunner::due(Timestamp no_earlier_than) const {
  if (held_up_) return std::min(*held_up_, agent_.clock.now() + pause_after_trouble);
  if (!looked_) return agent_.clock.now();
  const auto due = due_at(setup_.policy, state_, moment(no_earlier_than));
  if (!recover_at_) return due;
  const Timestamp again = agent_.clock.now() < recovery_tried_ ? agent_.clock.now() : *recover_at_;
  return due ? std::min(*due, again) : again;
}

SlotView SlotRunner::view() const {
  SlotView view = outline();
  view.certificate = certificate_;
  return view;
}

SlotView SlotRunner::outline() const {
  SlotView view{.name = setup_.name,
                .service = setup_.service,
                .stage = stage_of(state_, agent_.clock.now()),
                .certificate = {},
                .key_place = key_place_,
                .active = state_.active,
                .renew_at = renewal_at(setup_.policy, state_),
                .next_attempt = {},
                .last_error = state_.last_error,
                .request = request_};
  if (state_.phase != SlotPhase::idle) view.next_attempt = state_.next_attempt;
  if (state_.clock_was_wrong) view.last_error = "this device's clock is wrong: nothing is done until it is set";
  if (!unsettled_.empty()) {
    if (view.stage == wire::SlotStage::valid) view.stage = wire::SlotStage::failed;
    if (view.last_error.empty()) view.last_error = unsettled_;
  }
  if (view.last_error.empty() && !other_names_.empty())
    view.last_error =
        other_names_ + ": a renewal keeps names, so put a new challenge there, or enroll the slot by hand";
  if (!trouble_.empty()) {
    view.stage = wire::SlotStage::failed;
    view.last_error = trouble_;
  }
  return view;
}

Result<std::string> SlotRunner::by_hand(const SlotEvent& event, Timestamp no_earlier_than) {
  if (!setup_.policy.has_source)
    return refused("no authority is named in the slot's file: set url and fingerprint there, or in agent.toml");
  const Moment when = moment(no_earlier_than);
  if (clock_is_wrong(state_, when)) return refused(wrong_clock_text(state_, when));
  if (!looked_) look();
  const bool rested = state_.phase == SlotPhase::idle;
  if (!looked_ || !tell(event)) return unavailable(trouble_);
  // A request that was given out has gone from the plan, and goes from the folder when another one takes its place.
  SlotAction action = SlotAction::none;
  do {
    if (!tell(slot_event::Tick{}, &action, no_earlier_than)) return unavailable(trouble_);
    act(action, Haste::somebody_waits);
  } while (action != SlotAction::none && another_way_is_left(state_) && tell(slot_event::NextWay{}));
  if (!state_.last_error.empty()) {
    Error error(state_.rejected ? ErrorCode::refused : ErrorCode::unavailable, state_.last_error);
    if (state_.rejected && rested) tell(slot_event::GivenUp{});
    return std::unexpected(std::move(error));
  }
  if (state_.phase == SlotPhase::polling) return "the request waits for approval";
  return fmt::format("the certificate is in use, good until {}",
                     state_.active ? to_rfc3339(state_.active->validity.not_after) : "an unknown time");
}

Result<std::string> SlotRunner::renew(Timestamp no_earlier_than) {
  return by_hand(slot_event::RenewNow{}, no_earlier_than);
}

Result<std::string> SlotRunner::enrol(Timestamp no_earlier_than) {
  return by_hand(slot_event::EnrolNow{}, no_earlier_than);
}

// By a clock that is behind what an authority signed already, it is as late as that at least.
Status SlotRunner::check_kept_one(const Credential& kept, Timestamp no_earlier_than) {
  TRY(const std::optional<Credential> active, slot_.folder.active());
  TRY_STATUS(check_kept(kept, {.active = active,
                               .fingerprint = setup_.source.fingerprint,
                               .now = std::max(agent_.clock.now(), no_earlier_than),
                               .floor = setup_.floor}));
  const std::string other_names = difference(setup_, kept.certificate, "the certificate");
  return other_names.empty() ? Status() : refused(other_names);
}

Status SlotRunner::activate(ByteView sha256, Timestamp no_earlier_than) {
  if (!looked_) look();
  if (!looked_) return unavailable(trouble_);
  TRY_STATUS(agent_.services.put_back(setup_.name, sha256, [&](const Credential& kept) -> Status {
    TRY_STATUS_IN("it is not put into use", check_kept_one(kept, no_earlier_than));
    return {};
  }));
  TRY(auto active, slot_.folder.active());
  if (!active) return internal("the slot has no certificate in use");
  use(active);
  settled();
  // What was asked for was to replace another certificate.
  TRY_STATUS(slot_.folder.finish());
  read_request();
  if (!tell(slot_event::Activated{known(active->certificate)})) return unavailable(trouble_);
  return {};
}

Result<std::string> SlotRunner::give_request_out(const RequestWish& wish) {
  if (!looked_) look();
  if (!looked_) return unavailable(trouble_);
  if (state_.phase == SlotPhase::installing)
    return conflict("a certificate was received and is being installed: try again when it is in use");
  if (state_.phase == SlotPhase::polling) return conflict("a request of this slot waits for approval");
  read_request();
  TRY(const std::optional<PendingEnrolment> waiting, slot_.folder.pending());
  if (!request_.empty()) {
    TRY_IN("the request that is out", const auto request, pki::CertificateRequest::from_der(waiting->request.view()));
    if (is_what_is_wished(wish, request, waiting->key.spec())) return request_;
    if (agent_.clock.now() < state_.given_out_until)
      return conflict(
          fmt::format("a request for '{}' with another name or key is out until {}: renewing or enrolling "
                      "the slot takes it back",
                      request.subject().to_text(), to_rfc3339(state_.given_out_until)));
  } else if (waiting && setup_.policy.has_source && waiting->last_answer != LastAnswer::rejected) {
    // It may have been granted, and the challenge be spent on it.
    return conflict("a request of this slot is under way, and its answer may come");
  }
  const pki::Name& subject = wish.subject ? *wish.subject : setup_.subject;
  const auto& names = wish.names ? *wish.names : setup_.names;
  TRY(pki::PrivateKey key, make_key(slot_.keys, wish.key.value_or(setup_.key)));
  pki::RequestContent content{.subject = subject, .extensions = {}, .challenge_password = {}};
  if (!names.empty()) content.extensions.push_back(pki::make_subject_alternative_name(names, subject.empty()));
  TRY_IN("making the certification request", Bytes der, pki::make_request(content, key, key.default_algorithm()));
  TRY(pki::Certificate signer, make_signer(key, subject, agent_.clock.now(), agent_.random));
  TRY_STATUS(slot_.folder.finish());
  std::string text = pki::write_pem("CERTIFICATE REQUEST", der);
  scep::TransactionId transaction_id = scep::transaction_id_for(key.public_key());
  TRY_STATUS(slot_.folder.begin({.type = scep::MessageType::pkcs_request,
                                 .transaction_id = std::move(transaction_id),
                                 .key = std::move(key),
                                 .signer = std::move(signer),
                                 .request = SecretBytes(std::move(der)),
                                 .source = {},
                                 .started = agent_.clock.now()}));
  read_request();
  if (!tell(slot_event::RequestGivenOut{.until = agent_.clock.now() + request_patience})) return unavailable(trouble_);
  return text;
}

Status SlotRunner::install(const std::vector<Bytes>& certificates) {
  if (!looked_) look();
  if (!looked_) return unavailable(trouble_);
  if (certificates.empty()) return invalid("no certificate was given");
  if (certificate_ && equal(certificate_->der(), certificates.front())) return {};
  TRY(const std::optional<PendingEnrolment> pending, slot_.folder.pending());
  if (!pending) return refused("the certificate is for another key than the one that waits here");
  TRY(const std::optional<Credential> active, slot_.folder.active());
  TRY(const ReceivedCertificate received,
      check_brought(certificates, {.pending = *pending,
                                   .active = active,
                                   .fingerprint = setup_.source.fingerprint,
                                   .now = agent_.clock.now(),
                                   .accept_changed_names = setup_.accept_changed_names,
                                   .floor = setup_.floor}));
  TRY_STATUS(agent_.store.keep_received(setup_.name, received));
  const SlotEvent event = install_received(setup_, slot_, agent_);
  const auto* failed = std::get_if<slot_event::InstallationFailed>(&event);
  const auto* lost = std::get_if<slot_event::ReceivedLost>(&event);
  if (std::holds_alternative<slot_event::Installed>(event)) {
    settled();
    if (const auto now_active = slot_.folder.active(); now_active && *now_active) use(*now_active);
  }
  read_request();
  const Status result = failed ? Status(unavailable(failed->text)) : lost ? Status(unavailable(lost->text)) : Status();
  if (!tell(event)) return unavailable(trouble_);
  return result;
}

bool SlotRunner::installed_since(Timestamp time) const { return state_.active && state_.active->installed_at >= time; }

}  // namespace chancery::agent
