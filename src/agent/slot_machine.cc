#include "agent/slot_machine.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::agent {
namespace {

using std::chrono::minutes;

// An authority's clock may be ahead of ours by so much without ours being wrong.
constexpr Seconds clock_tolerance = minutes(10);
constexpr Seconds clock_recheck = minutes(5);
// Between a certificate and the request for the next one, however short its life: keys, flash and service pay for each.
constexpr Seconds shortest_pause = minutes(1);
// Who could have tried for so long, and did not, was not there.
constexpr Seconds long_away = std::chrono::hours(1);

Timestamp no_earlier_than(const SlotState& state, const Moment& moment) {
  return std::max(moment.no_earlier_than, state.active ? state.active->validity.not_before : Timestamp());
}

// Until when a CSR that was given out keeps the slot: not into the last tenth of the life of what is in use.
Timestamp given_out_until(const SlotState& state) {
  if (!state.active) return state.given_out_until;
  return std::min(state.given_out_until, last_tenth_of(state.active->validity));
}

// One decision, being made.
class Deciding {
 public:
  Deciding(const SlotPolicy& policy, SlotState state, const Moment& moment) : policy_(policy), moment_(moment) {
    decision_.state = std::move(state);
  }
  SlotDecision take() { return std::move(decision_); }

  void operator()(const slot_event::Found& found) {
    const bool same = state().active && found.active && state().active->sha256 == found.active->sha256;
    if (!found.active) state().active.reset();
    if (!found.spent_challenge.empty()) state().spent_challenge = found.spent_challenge;
    if (found.active && !same) {
      adopt(*found.active);
      note("installed", fmt::format("found in use, good until {}", to_rfc3339(found.active->validity.not_after)));
    }
    if (found.received) return enter(SlotPhase::installing);
    if (found.pending && now() < state().given_out_until) return;
    // The slot's file may have named an authority before.
    if (!policy_.has_source) return rest();
    // What somebody asked for in vain is no plan of ours.
    const bool given_up = found.refused && same && state().phase == SlotPhase::idle;
    if (found.pending && !given_up) return enter(found.awaiting_approval ? SlotPhase::polling : SlotPhase::asking);
    // A request that was answered is not there any more when its certificate is in use.
    if (state().phase == SlotPhase::idle || (found.active && !same)) return rest();
    enter(SlotPhase::asking);
  }

  void operator()(const slot_event::Tick&) {
    const bool wrong = clock_is_wrong(state(), moment_);
    if (wrong && !state().clock_was_wrong) note("failed", wrong_clock_text(state(), moment_));
    if (!wrong && state().clock_was_wrong) no_later_than(now());
    state().clock_was_wrong = wrong;
    if (wrong || now() < given_out_until(state())) return;
    if (state().phase == SlotPhase::idle) {
      if (state().active ? now() < state().active->renew_at : !policy_.has_source) return;
      if (!policy_.has_source) return;
      begin(state().active ? Method::renewal : Method::challenge);
    }
    if (now() < state().decided) wait_anew();
    if (now() < state().next_attempt) return;
    // The device was off, or asleep: failures of before say nothing about now.
    if (!state().rejected && now() - state().next_attempt > long_away)
      state().failures = std::min(state().failures, 1U);
    decision_.action = state().phase == SlotPhase::installing ? SlotAction::install : SlotAction::ask;
    if (state().phase == SlotPhase::asking && state().failures == 0)
      note("requested", fmt::format("asking the authority: {}", to_string(state().method)));
    // What ends the process in the middle is not tried again at once.
    schedule(shortest_delay(state()));
  }

  void operator()(const slot_event::Installed& event) {
    adopt(event.certificate);
    if (!event.spent_challenge.empty()) state().spent_challenge = event.spent_challenge;
    note("installed", fmt::format("good until {}", to_rfc3339(event.certificate.validity.not_after)));
    rest();
    if (policy_.has_source) note("renewal_scheduled", to_rfc3339(state().active->renew_at));
  }

  void operator()(const slot_event::Activated& event) {
    adopt(event.certificate);
    note("activated", fmt::format("good until {}", to_rfc3339(event.certificate.validity.not_after)));
    rest();
    if (policy_.has_source) note("renewal_scheduled", to_rfc3339(state().active->renew_at));
  }

  void operator()(const slot_event::Waiting& event) {
    if (state().phase != SlotPhase::polling) {
      state().phase = SlotPhase::polling;
      state().polls = 0;
      note("pending", "the authority wants somebody to approve the request");
    }
    went_well();
    const Seconds delay = poll_delay(state(), policy_.poll_interval, now(), moment_.jitter);
    ++state().polls;
    wait_as_asked(event.retry_after, delay);
  }

  void operator()(const slot_event::Rejected& event) {
    state().phase = SlotPhase::asking;
    state().polls = 0;
    if (!state().rejected) state().failures = 0;
    state().rejected = true;
    fail(fmt::format("the authority refused: {}", event.text));
    if (event.method == Method::challenge) state().refused_challenge = event.challenge;
    const Method next = next_method(event);
    const bool all_tried = next == Method::renewal || !state().active;
    state().method = next;
    if (!all_tried) return schedule(shortest_delay(state()));
    ++state().failures;
    schedule(back_off(state(), Setback::rejected, now(), moment_.jitter));
  }

  void operator()(const slot_event::Failed& event) {
    if (state().rejected) state().failures = 0;
    state().rejected = false;
    if (state().phase == SlotPhase::idle) begin(state().active ? Method::renewal : Method::challenge);
    try_later(event.text, event.retry_after);
  }

  void operator()(const slot_event::InstallationFailed& event) {
    if (state().phase != SlotPhase::installing) state().failures = 0;
    state().phase = SlotPhase::installing;
    state().rejected = false;
    state().polls = 0;
    if (state().last_error != event.text) note("rolled_back", event.text);
    state().last_error = event.text;
    ++state().failures;
    schedule(back_off(state(), Setback::failed, now(), moment_.jitter));
  }

  void operator()(const slot_event::ReceivedLost& event) {
    if (!policy_.has_source) {
      rest();
      return fail(event.text);
    }
    begin(state().active ? Method::renewal : Method::challenge);
    try_later(event.text, Seconds(0));
  }

  // Each challenge gets one try out of turn, however often the hub refuses; after that, tries have their usual pauses.
  void operator()(const slot_event::CertificateRefused& event) {
    if (!policy_.has_source || !state().active || !is_untried(state(), event.challenge)) return;
    if (clock_is_wrong(state(), moment_)) return;
    if (now() < given_out_until(state()) || state().phase == SlotPhase::installing) return;
    if (state().phase != SlotPhase::idle && state().method == Method::challenge) return;
    begin(Method::challenge);
    note("requested", fmt::format("{}: there is a challenge to ask with", event.text));
  }

  void operator()(const slot_event::ChallengeFound& event) {
    if (!awaits_challenge(state()) || !is_untried(state(), event.challenge)) return;
    begin(Method::challenge);
    note("requested", "there is another challenge to ask with");
  }

  // The failures of before say nothing about now. A minute's spread, for many may have waited for the same network.
  void operator()(const slot_event::NetworkBack&) {
    // With a clock that was set back since, the next tick counts anew.
    if (!waits_for_network(state()) || now() < state().decided) return;
    const Seconds pause = shortest_delay(state());
    const Seconds spread(static_cast<Seconds::rep>(static_cast<double>(pause.count()) * moment_.jitter));
    if (no_later_than(std::max(now() + spread, state().decided + pause))) state().failures = 1;
  }

  void operator()(const slot_event::ServiceBack&) {
    if (waits_for_service(state())) no_later_than(now());
  }

  void operator()(const slot_event::RequestDecided&) {
    if (state().phase == SlotPhase::polling) no_later_than(now());
  }

  void operator()(const slot_event::RenewNow&) { by_hand(state().active ? Method::renewal : Method::challenge); }
  void operator()(const slot_event::EnrolNow&) { by_hand(Method::challenge); }

  void operator()(const slot_event::NextWay&) {
    if (another_way_is_left(state())) schedule(Seconds(0));
  }

  void operator()(const slot_event::GivenUp&) {
    if (state().phase == SlotPhase::asking && state().active && now() < state().active->renew_at) rest();
  }

  void operator()(const slot_event::RequestGivenOut& event) {
    rest();
    state().given_out_until = event.until;
    note("requested",
         fmt::format("a request was given out; its certificate is expected until {}", to_rfc3339(event.until)));
  }

 private:
  SlotState& state() { return decision_.state; }
  [[nodiscard]] Timestamp now() const { return moment_.now; }

  void note(std::string_view what, std::string text) { decision_.notes.push_back({what, std::move(text)}); }

  void schedule(Seconds delay) {
    state().decided = now();
    state().next_attempt = now() + delay;
    state().asked_to_wait_until = {};
  }
  // A server that is busy may ask for more than `delay`, or for less, and for patience either way.
  void wait_as_asked(Seconds retry_after, Seconds delay) {
    const Seconds asked = respect(retry_after, Seconds(0), state(), now());
    schedule(std::max(asked, delay));
    if (asked > Seconds(0)) state().asked_to_wait_until = now() + asked;
  }
  // The clock was set back since: the same pause once more.
  void wait_anew() {
    const Seconds asked = std::max(state().asked_to_wait_until - state().decided, Seconds(0));
    schedule(std::max(state().next_attempt - state().decided, Seconds(0)));
    if (asked > Seconds(0)) state().asked_to_wait_until = now() + asked;
  }
  // False: it is no later already, or a busy server asked for patience.
  bool no_later_than(Timestamp time) {
    const Timestamp then = std::max(time, state().asked_to_wait_until);
    if (state().phase == SlotPhase::idle || then >= state().next_attempt) return false;
    state().decided = now();
    state().next_attempt = then;
    return true;
  }

  void adopt(const slot_event::KnownCertificate& certificate) {
    state().active = ActiveCertificate{
        .sha256 = certificate.sha256,
        .validity = certificate.validity,
        .installed_at = now(),
        .renew_at = std::max(renewal_time(certificate.validity, now(), policy_.renewal, moment_.jitter),
                             now() + shortest_pause)};
  }

  void went_well() {
    state().failures = 0;
    state().rejected = false;
    state().last_error.clear();
  }

  // Nothing is under way.
  void rest() {
    went_well();
    state().phase = SlotPhase::idle;
    state().polls = 0;
    state().given_out_until = {};
    schedule(Seconds(0));
  }

  void begin(Method method) {
    went_well();
    state().phase = SlotPhase::asking;
    state().method = method;
    state().polls = 0;
    state().given_out_until = {};
    schedule(Seconds(0));
  }

  // After a start. Where the store knew of this phase, it goes on as it was planned; else at once.
  void enter(SlotPhase phase) {
    if (state().phase == phase) return;
    const SlotPhase before = std::exchange(decision_.state.phase, phase);
    if (before == SlotPhase::idle) state().method = state().active ? Method::renewal : Method::challenge;
    state().failures = 0;
    state().polls = 0;
    schedule(Seconds(0));
  }

  void by_hand(Method method) {
    state().given_out_until = {};
    state().failures = 0;
    if (state().phase == SlotPhase::idle || (state().phase == SlotPhase::asking && state().method != method))
      begin(method);
    note("requested", "by hand");
    schedule(Seconds(0));
  }

  void fail(const std::string& text) {
    if (state().last_error != text) note("failed", text);
    state().last_error = text;
  }

  void try_later(const std::string& text, Seconds retry_after) {
    fail(text);
    ++state().failures;
    wait_as_asked(retry_after, back_off(state(), Setback::failed, now(), moment_.jitter));
  }

  // Each way once, then from the first one again.
  Method next_method(const slot_event::Rejected& event) {
    if (!state().active) return Method::challenge;
    if (event.method == Method::renewal) return Method::signed_request;
    const bool unspent = !event.challenge.empty() && event.challenge != state().spent_challenge;
    if (event.method == Method::signed_request && unspent) return Method::challenge;
    return Method::renewal;
  }

  const SlotPolicy& policy_;
  const Moment& moment_;
  SlotDecision decision_;
};

}  // namespace

SlotDecision decide(const SlotPolicy& policy, SlotState state, const SlotEvent& event, const Moment& moment) {
  Deciding deciding(policy, std::move(state), moment);
  std::visit(deciding, event);
  return deciding.take();
}

bool is_untried(const SlotState& state, ByteView challenge) {
  return !challenge.empty() && !equal(challenge, state.spent_challenge) && !equal(challenge, state.refused_challenge);
}

bool awaits_challenge(const SlotState& state) {
  return state.phase == SlotPhase::asking && state.rejected && state.failures > 0;
}

bool waits_for_network(const SlotState& state) {
  return (state.phase == SlotPhase::asking || state.phase == SlotPhase::polling) && state.failures > 0 &&
         !state.rejected;
}

bool waits_for_service(const SlotState& state) { return state.phase == SlotPhase::installing && state.failures > 0; }

bool another_way_is_left(const SlotState& state) {
  return state.phase == SlotPhase::asking && state.rejected && state.failures == 0;
}

bool clock_is_wrong(const SlotState& state, const Moment& moment) {
  return moment.now + clock_tolerance < no_earlier_than(state, moment);
}

std::string wrong_clock_text(const SlotState& state, const Moment& moment) {
  return fmt::format("this device's clock says {}, and it is {} at least: nothing is done until it is set",
                     to_rfc3339(moment.now), to_rfc3339(no_earlier_than(state, moment)));
}

std::optional<Timestamp> renewal_at(const SlotPolicy& policy, const SlotState& state) {
  if (!policy.has_source || !state.active) return std::nullopt;
  return std::max(state.active->renew_at, given_out_until(state));
}

std::optional<Timestamp> due_at(const SlotPolicy& policy, const SlotState& state, const Moment& moment) {
  const bool idle = state.phase == SlotPhase::idle;
  if (idle && !policy.has_source) return std::nullopt;
  if (clock_is_wrong(state, moment)) return moment.now + clock_recheck;
  Timestamp due = moment.now;
  if (!idle) {
    // Set back since: there is a new time to choose.
    due = moment.now < state.decided ? moment.now : state.next_attempt;
    if (state.clock_was_wrong) due = std::min(due, std::max(moment.now, state.asked_to_wait_until));
  } else if (state.active) {
    due = state.active->renew_at;
  }
  return std::max(due, given_out_until(state));
}

}  // namespace chancery::agent
