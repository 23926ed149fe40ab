#pragma once

// What the agent remembers of an identity slot between two moments: a value, kept in the AgentStore after every change.
// Key and certificate themselves are in the slot's CredentialFolder, which has the last word on them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "pki/certificate.h"
#include "wire/inventory.h"

namespace chancery::agent {

enum class SlotPhase : std::uint8_t {
  idle,        // nothing is wanted: the certificate is good for a while, or the slot is somebody else's to fill
  asking,      // a certificate is wanted, and the authority has not said what becomes of it
  polling,     // the authority said PENDING
  installing,  // the certificate is here, and the service could not be brought to use it yet
};

// How a certificate is asked for, in the order in which it is tried when there is one already.
enum class Method : std::uint8_t {
  renewal,         // RenewalReq, signed with the certificate in use (RFC 8894 section 2.3)
  signed_request,  // PKCSReq, signed with it: servers that know no RenewalReq, or refuse it
  challenge,       // PKCSReq, self-signed, with a challenge: the only way without a certificate
};

struct ActiveCertificate {
  Bytes sha256;
  pki::Validity validity;
  Timestamp installed_at;
  Timestamp renew_at;  // drawn once, when it was installed
};

struct SlotState {
  SlotPhase phase = SlotPhase::idle;
  std::optional<ActiveCertificate> active = {};
  Method method = Method::challenge;  // of what is asked
  Timestamp next_attempt{};           // unless idle: nothing is tried before
  Timestamp decided{};                // when next_attempt was chosen: if that is to come yet, the clock was set back
  Timestamp asked_to_wait_until{};    // by a busy server: nothing makes the next attempt earlier than that
  unsigned failures = 0;              // in a row, of this phase and method
  unsigned polls = 0;                 // in a row that were answered PENDING
  bool rejected = false;              // the authority's last word was FAILURE
  std::string last_error = {};        // of the last attempt; empty when it went well
  Timestamp given_out_until{};        // a CSR is out by hand: nothing is asked for by ourselves before
  bool clock_was_wrong = false;       // when last looked at
  Bytes spent_challenge = {};         // SHA-256 of the challenge that brought a certificate: it will bring no other
  Bytes refused_challenge = {};       // of the one that the authority refused last: it waits for its turn
};

// As they stand in the store, in JSON and in history.
[[nodiscard]] std::string_view to_string(SlotPhase phase);
[[nodiscard]] std::string_view to_string(Method method);
[[nodiscard]] Result<SlotPhase> slot_phase_from_text(std::string_view text);
[[nodiscard]] Result<Method> method_from_text(std::string_view text);

// What a person is told about a slot, the worst first that holds.
[[nodiscard]] wire::SlotStage stage_of(const SlotState& state, Timestamp now);

}  // namespace chancery::agent
