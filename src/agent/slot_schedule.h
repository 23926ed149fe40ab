#pragma once

// When the agent does what, as arithmetic. `jitter` is in [0, 1), drawn by the caller: a fleet that started together
// must not ask together.

#include <optional>

#include "agent/slot_state.h"
#include "base/time.h"

namespace chancery::agent {

// In percent of what is left of a certificate's life when it is installed.
struct RenewalSpan {
  int earliest = 60;
  int latest = 80;
};

// When to ask for the next certificate: chosen once, when this one is installed, and stored with it.
[[nodiscard]] Timestamp renewal_time(const pki::Validity& validity, Timestamp installed_at, RenewalSpan span,
                                     double jitter);

// When the last tenth of that life begins, in which no pause is long any more.
[[nodiscard]] Timestamp last_tenth_of(const pki::Validity& validity);

// Why something is to be tried again.
enum class Setback : std::uint8_t {
  failed,    // nobody answered, or what came was no good: may pass by itself
  rejected,  // the authority said no: somebody has to do something
};

// How long to wait after the `failures`th failure in a row (from 1). From one minute, doubled each time, up to six
// hours (one hour when there is no certificate that is good); the lives of short-lived certificates scale that down.
// While the certificate is good, never more than a twentieth of what is left of its life. In the last tenth of its life
// no pause is longer than a quarter of an hour, an hour where the authority said no, and none from before reaches
// further into it: who can be reached for an hour then has had its tries.
[[nodiscard]] Seconds back_off(const SlotState& state, Setback setback, Timestamp now, double jitter);

// How long to wait for the next poll: `interval`, and later a tenth of the time that was waited by then, up to ten
// minutes or `interval`; and in the last tenth as above. So who approves a request is not kept waiting for much longer
// than he let the device wait, nor for longer than he looks at the page.
[[nodiscard]] Seconds poll_delay(const SlotState& state, Seconds interval, Timestamp now, double jitter);

// `delay`, lengthened to what a busy server asked for: at most a day, and at most a quarter of the life that is left.
[[nodiscard]] Seconds respect(Seconds retry_after, Seconds delay, const SlotState& state, Timestamp now);

// The time before an attempt that ended with the process is made again.
[[nodiscard]] Seconds shortest_delay(const SlotState& state);

}  // namespace chancery::agent
