#include "agent/slot_runner.h"

#include <fmt/format.h>

#include "agent/slot_exchange.h"
#include "pki/key_elsewhere.h"
#include "pki/pem.h"

namespace chancery::agent {
namespace {

constexpr Seconds pause_after_trouble = std::chrono::minutes(1);
constexpr Seconds request_patience = std::chrono::days(30);

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
  if (!active) return;
  certificate_ = active->certificate;
  const pki::KeyElsewhere* const elsewhere = active->key.elsewhere();
  key_place_ = elsewhere == nullptr ? "a file" : elsewhere->place();
}

void SlotRunner::look() {
  auto active = slot_.folder.active();
  const auto found = look_into(setup_, slot_, agent_);
  if (found) active = slot_.folder.active();
  if (!found || !active) {
    trouble_ = found ? active.error().text() : found.error().text();
    held_up_ = agent_.clock.now() + pause_after_trouble;
    agent_.log.error("a slot cannot be served", {{"slot", setup_.name}, {"error", trouble_}});
    return;
  }
  use(*active);
  looked_ = true;
  if (!tell(*found)) return;
  trouble_.clear();
  held_up_.reset();
  const bool given_out = state_.phase == SlotPhase::idle && found->pending;
  request_.clear();
  if (const auto pending = slot_.folder.pending(); given_out && pending && *pending)
    request_ = pki::write_pem("CERTIFICATE REQUEST", (*pending)->request.view());
}

void SlotRunner::step(Timestamp no_earlier_than) {
  const Timestamp now = agent_.clock.now();
  // The clock may have been set back since.
  if (held_up_ && now < *held_up_ && *held_up_ - now <= pause_after_trouble) return;
  if (!looked_) look();
  if (!looked_) return;
  if (awaits_challenge(state_)) look_for_challenge();
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

void SlotRunner::certificate_refused(ByteView sha256, const std::string& why) {
  if (!looked_ || !state_.active || !equal(state_.active->sha256, sha256)) return;
  Bytes challenge = challenge_at_hand(slot_);
  if (is_untried(state_, challenge))
    tell(slot_event::CertificateRefused{.text = why, .challenge = std::move(challenge)});
}

void SlotRunner::act(SlotAction action) {
  if (action == SlotAction::none) return;
  const SlotEvent event = action == SlotAction::ask ? exchange(setup_, slot_, agent_, state_.method)
                                                    : install_received(setup_, slot_, agent_);
  if (std::holds_alternative<slot_event::Installed>(event)) {
    request_.clear();
    if (const auto active = slot_.folder.active(); active && *active) use(*active);
  }
  tell(event);
}

std::optional<Timestamp> SlotRunner::due(Timestamp no_earlier_than) const {
  if (held_up_) return std::min(*held_up_, agent_.clock.now() + pause_after_trouble);
  if (!looked_) return agent_.clock.now();
  return due_at(setup_.policy, state_, moment(no_earlier_than));
}

SlotView SlotRunner::view() const {
  SlotView view{.name = setup_.name,
                .service = setup_.service,
                .stage = stage_of(state_, agent_.clock.now()),
                .certificate = certificate_,
                .key_place = key_place_,
                .active = state_.active,
                .next_attempt = {},
                .last_error = state_.last_error,
                .request = request_};
  if (state_.phase != SlotPhase::idle) view.next_attempt = state_.next_attempt;
  if (state_.clock_was_wrong) view.last_error = "this device's clock is wrong: nothing is done until it is set";
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
  if (!looked_ || !tell(event)) return unavailable(trouble_);
  // A request that was given out has gone from the plan, and goes from the folder when another one takes its place.
  SlotAction action = SlotAction::none;
  if (!tell(slot_event::Tick{}, &action, no_earlier_than)) return unavailable(trouble_);
  act(action);
  if (!state_.last_error.empty())
    return std::unexpected(Error(state_.rejected ? ErrorCode::refused : ErrorCode::unavailable, state_.last_error));
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

Status SlotRunner::activate(ByteView sha256) {
  if (!looked_) look();
  if (!looked_) return unavailable(trouble_);
  TRY_STATUS(agent_.services.put_back(setup_.name, sha256));
  TRY(auto active, slot_.folder.active());
  if (!active) return internal("the slot has no certificate in use");
  use(active);
  request_.clear();
  // What was asked for was to replace another certificate.
  TRY_STATUS(slot_.folder.finish());
  if (!tell(slot_event::Activated{known(active->certificate)})) return unavailable(trouble_);
  return {};
}

Result<std::string> SlotRunner::give_request_out(const RequestWish& wish) {
  if (!looked_) look();
  if (!looked_) return unavailable(trouble_);
  if (!request_.empty()) return request_;
  if (state_.phase == SlotPhase::installing)
    return conflict("a certificate was received and is being installed: try again when it is in use");
  if (state_.phase == SlotPhase::polling) return conflict("a request of this slot waits for approval");
  const pki::Name& subject = wish.subject ? *wish.subject : setup_.subject;
  const auto& names = wish.names ? *wish.names : setup_.names;
  TRY(pki::PrivateKey key, make_key(slot_.keys, wish.key.value_or(setup_.key)));
  pki::RequestContent content{.subject = subject, .extensions = {}, .challenge_password = {}};
  if (!names.empty()) content.extensions.push_back(pki::make_subject_alternative_name(names, subject.empty()));
  TRY_IN("making the certification request", Bytes der, pki::make_request(content, key, key.default_algorithm()));
  TRY(pki::Certificate signer, make_signer(key, subject, agent_.clock.now(), agent_.random));
  TRY_STATUS(slot_.folder.finish());
  const std::string text = pki::write_pem("CERTIFICATE REQUEST", der);
  scep::TransactionId transaction_id = scep::transaction_id_for(key.public_key());
  TRY_STATUS(slot_.folder.begin({.type = scep::MessageType::pkcs_request,
                                 .transaction_id = std::move(transaction_id),
                                 .key = std::move(key),
                                 .signer = std::move(signer),
                                 .request = SecretBytes(std::move(der)),
                                 .source = {},
                                 .started = agent_.clock.now()}));
  if (!tell(slot_event::RequestGivenOut{.until = agent_.clock.now() + request_patience})) return unavailable(trouble_);
  request_ = text;
  return text;
}

Status SlotRunner::install(const std::vector<Bytes>& certificates) {
  if (!looked_) look();
  if (!looked_) return unavailable(trouble_);
  if (certificates.empty()) return invalid("no certificate was given");
  if (certificate_ && equal(certificate_->der(), certificates.front())) return {};
  TRY_IN("the certificate", const pki::Certificate leaf, pki::Certificate::from_der(certificates.front()));
  TRY(const std::optional<PendingEnrolment> pending, slot_.folder.pending());
  if (!pending || !equal(pending->key.public_key().spki(), leaf.spki()))
    return refused("the certificate is for another key than the one that waits here");
  const Timestamp now = agent_.clock.now();
  if (!leaf.validity().contains(now))
    return refused(fmt::format("the certificate is good from {} to {}, and this device's clock says {}",
                               to_rfc3339(leaf.validity().not_before), to_rfc3339(leaf.validity().not_after),
                               to_rfc3339(now)));
  ReceivedCertificate received{.certificate = certificates.front(), .chain = {}, .authorities = {}, .source = {}};
  const pki::Certificate* below = &leaf;
  std::vector<pki::Certificate> above;
  for (std::size_t at = 1; at < certificates.size(); ++at) {
    TRY_IN("the chain", pki::Certificate certificate, pki::Certificate::from_der(certificates[at]));
    above.push_back(std::move(certificate));
  }
  for (const pki::Certificate& certificate : above) {
    const auto key = certificate.public_key();
    if (!key || !below->signed_by(*key))
      return refused(fmt::format("the chain does not build: '{}' did not sign the certificate before it",
                                 certificate.subject().to_text()));
    received.authorities.push_back(to_bytes(certificate.der()));
    if (!certificate.self_issued()) received.chain.push_back(to_bytes(certificate.der()));
    below = &certificate;
  }
  TRY_STATUS(agent_.store.keep_received(setup_.name, received));
  SlotEvent event = install_received(setup_, slot_, agent_);
  const auto* failed = std::get_if<slot_event::InstallationFailed>(&event);
  const auto* lost = std::get_if<slot_event::ReceivedLost>(&event);
  if (std::holds_alternative<slot_event::Installed>(event)) {
    certificate_ = leaf;
    if (const auto active = slot_.folder.active(); active && *active) use(*active);
    request_.clear();
  }
  const Status result = failed ? Status(unavailable(failed->text)) : lost ? Status(unavailable(lost->text)) : Status();
  if (!tell(event)) return unavailable(trouble_);
  return result;
}

bool SlotRunner::installed_since(Timestamp time) const { return state_.active && state_.active->installed_at >= time; }

}  // namespace chancery::agent
