#include "agent/waiting.h"

#include <algorithm>

namespace chancery::agent {

Result<Outcome> wait_for_answer(Enrolment& enrolment, PendingEnrolment& pending, const Authority& authority,
                                const WaitOptions& options, Clock& clock, WaitObserver& observer) {
  TRY(Outcome first, enrolment.advance(pending, authority));
  // The wall clock may be set meanwhile, which is what many a device does once it has a network.
  const auto begin = clock.monotonic();
  const auto waited = [&] { return std::chrono::floor<Seconds>(clock.monotonic() - begin); };
  Result<Outcome> last = std::move(first);
  while ((!last || std::holds_alternative<AwaitingApproval>(*last)) && waited() < options.limit) {
    // In steps of a second, so that the observer can count down.
    const Seconds pause = std::max(std::min(options.poll_interval, options.limit - waited()), Seconds(1));
    for (Seconds left = pause; left > Seconds(0); left -= Seconds(1)) {
      observer.waiting(waited(), left);
      clock.sleep_for(Seconds(1));
    }
    last = enrolment.advance(pending, authority);
    if (last) continue;
    if (last.error().code() != ErrorCode::unavailable) return last;
    observer.poll_failed(last.error());
  }
  return last;
}

}  // namespace chancery::agent
