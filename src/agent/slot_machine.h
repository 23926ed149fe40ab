#pragma once

// One identity slot as a pure state machine: what is known, what happened, the moment and a random number in; the new
// state, at most one thing to do, and what is worth a line of history out. Reads no clock, draws no number, does
// nothing itself: the supervisor does, saves the state before it acts, and tells what came of it.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/slot_schedule.h"
#include "agent/slot_state.h"

namespace chancery::agent {

// What holds for a slot as long as its service file stays as it is.
struct SlotPolicy {
  RenewalSpan renewal = {};
  Seconds poll_interval{60};
  bool has_source = false;  // an authority is named; else only an administrator brings certificates
};

// When an event is looked at, and what that moment is worth.
struct Moment {
  Timestamp now;
  // It cannot be earlier: when this program was built, or the last notBefore that an authority signed for us.
  Timestamp no_earlier_than = {};
  double jitter = 0;  // in [0, 1)
};

// What happens to a slot.
namespace slot_event {

struct KnownCertificate {
  Bytes sha256;
  pki::Validity validity;
};
// The agent started, or looked again: what the slot's folder and the store hold.
struct Found {
  std::optional<KnownCertificate> active = {};
  bool pending = false;            // a request of ours is under way
  bool awaiting_approval = false;  // and was answered PENDING
  bool refused = false;            // or FAILURE
  bool received = false;           // a certificate came, and is not in use yet
  Bytes spent_challenge = {};      // SHA-256 of the one that brought what is in use, where that was not noted yet
};
// Time went by, or may have been set.
struct Tick {};
// What came of SlotAction::ask or install.
struct Installed {
  KnownCertificate certificate;
  Bytes spent_challenge = {};  // SHA-256 of the challenge that brought it; empty: none
};
struct Waiting {
  Seconds retry_after{0};
};
struct Rejected {
  Method method = Method::challenge;  // by which it was asked in the end
  std::string text;
  Bytes challenge = {};  // SHA-256 of the one that was asked with, or is at hand; empty: none
};
struct Failed {
  std::string text;
  Seconds retry_after{0};  // 0: the server did not say
};
struct InstallationFailed {
  std::string text;
};
// What was to be installed is not there any more, or no good any more.
struct ReceivedLost {
  std::string text;
};
// The hub refuses the certificate in use: it was revoked, say.
struct CertificateRefused {
  std::string text;
  Bytes challenge = {};  // SHA-256 of the one at hand; empty: none
};
// After a refusal by the authority, the challenge was looked at again.
struct ChallengeFound {
  Bytes challenge;  // its SHA-256
};
// What kept attempts from success is over, as far as this agent can tell: the hub answers again, or a service was
// brought up.
struct NetworkBack {};
struct ServiceBack {};
// Somebody decided the request that waits.
struct RequestDecided {};
// A person, or the hub.
struct RenewNow {};
struct EnrolNow {};  // with the challenge, whatever is in use
struct NextWay {};   // while who asked waits: what another_way_is_left() says is tried now
struct GivenUp {};   // all that who asked wanted was refused: what was planned before holds
struct Activated {   // another certificate of the slot was put into use
  KnownCertificate certificate;
};
struct RequestGivenOut {  // a key was made and its CSR handed out; its certificate is expected until then
  Timestamp until;
};

}  // namespace slot_event

using SlotEvent =
    std::variant<slot_event::Found, slot_event::Tick, slot_event::Installed, slot_event::Waiting, slot_event::Rejected,
                 slot_event::Failed, slot_event::InstallationFailed, slot_event::ReceivedLost,
                 slot_event::CertificateRefused, slot_event::ChallengeFound, slot_event::NetworkBack,
                 slot_event::ServiceBack, slot_event::RequestDecided, slot_event::RenewNow, slot_event::EnrolNow,
                 slot_event::NextWay, slot_event::GivenUp, slot_event::Activated, slot_event::RequestGivenOut>;

enum class SlotAction : std::uint8_t {
  none,
  ask,      // one exchange by state.method: begins a request, or goes on with the one that is pending
  install,  // puts what was received into service
};

// A line for the slot's history.
struct SlotNote {
  std::string_view what;  // requested, pending, installed, rolled_back, failed, renewal_scheduled, activated …
  std::string text;
};

struct SlotDecision {
  SlotState state;
  SlotAction action = SlotAction::none;
  std::vector<SlotNote> notes;
};

// Only Tick gives an action, and only when due_at() has come.
[[nodiscard]] SlotDecision decide(const SlotPolicy& policy, SlotState state, const SlotEvent& event,
                                  const Moment& moment);

// When Tick has something to do, which may be past; nothing when only an event can change anything. While the clock is
// wrong, when to look at it again.
[[nodiscard]] std::optional<Timestamp> due_at(const SlotPolicy& policy, const SlotState& state, const Moment& moment);

// When the certificate in use is to be renewed, as things stand; nothing where no authority is named.
[[nodiscard]] std::optional<Timestamp> renewal_at(const SlotPolicy& policy, const SlotState& state);

// Whether a challenge, by its SHA-256, is worth asking with out of turn: it brought no certificate, and was not
// refused.
[[nodiscard]] bool is_untried(const SlotState& state, ByteView challenge);
// Whether the authority refused all ways, so that another challenge would be asked with at once: it is worth a look.
[[nodiscard]] bool awaits_challenge(const SlotState& state);

// Whether attempts failed for want of an answer, and the next one may come sooner where the network is back.
[[nodiscard]] bool waits_for_network(const SlotState& state);
// Whether the service did not take what was received.
[[nodiscard]] bool waits_for_service(const SlotState& state);

// Whether the authority refused one way, and the next one has not been tried since.
[[nodiscard]] bool another_way_is_left(const SlotState& state);

// Whether the clock says what cannot be: nothing is asked or installed by it.
[[nodiscard]] bool clock_is_wrong(const SlotState& state, const Moment& moment);
[[nodiscard]] std::string wrong_clock_text(const SlotState& state, const Moment& moment);

}  // namespace chancery::agent
