#pragma once

// One attempt to get a slot's certificate: authenticates the authority, begins or goes on with a request, and puts what
// comes into service. What came of it is an event for the state machine.

#include "agent/slot_setup.h"

namespace chancery::agent {

// Whether somebody waits for what comes of it: then what a server refuses goes on to the next way at once. Else what it
// refused is asked for once more first, a while later, for a refusal can be provoked on the way.
enum class Haste : std::uint8_t { none, somebody_waits };

// By `method`, or by the next one that is possible: RenewalReq needs a server that offers it, both renewals a
// certificate in use. A certificate that comes is in the store before it is installed, so that it need not be asked for
// again.
// `left_out` is what the log was told of certificates that came from the authority and do not belong there: it is told
// when that changes.
[[nodiscard]] SlotEvent exchange(const SlotSetup& setup, const SlotParts& slot, const AgentParts& agent, Method method,
                                 std::string& left_out, Haste haste = Haste::none);

// SHA-256 of the slot's challenge as it stands now; empty without one.
[[nodiscard]] Bytes challenge_at_hand(const SlotParts& slot);

// Puts what was received into service: Installed, InstallationFailed or ReceivedLost.
[[nodiscard]] SlotEvent install_received(const SlotSetup& setup, const SlotParts& slot, const AgentParts& agent);

// What the folder and the store hold, after clearing away what a cut left between two of them.
Result<slot_event::Found> look_into(const SlotSetup& setup, const SlotParts& slot, const AgentParts& agent);

[[nodiscard]] slot_event::KnownCertificate known(const pki::Certificate& certificate);

}  // namespace chancery::agent
