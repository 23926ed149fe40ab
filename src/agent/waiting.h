#pragma once

// Waiting for somebody to approve: polls at an interval until there is an answer or the time is up.

#include "agent/enrolment.h"

namespace chancery::agent {

// Sees what goes on, to show it.
class WaitObserver {
 public:
  virtual ~WaitObserver() = default;
  // Once before each second of waiting.
  virtual void waiting(Seconds waited, Seconds until_poll) = 0;
  // A poll that failed for now; the wait goes on.
  virtual void poll_failed(const Error& error) = 0;
};

struct WaitOptions {
  Seconds limit{0};  // 0: one exchange, no waiting
  Seconds poll_interval{30};
};

// Installed or Rejected; AwaitingApproval when the time is up. An error that may pass (ErrorCode::unavailable) ends the
// wait only when it comes first or last.
Result<Outcome> wait_for_answer(Enrolment& enrolment, PendingEnrolment& pending, const Authority& authority,
                                const WaitOptions& options, Clock& clock, WaitObserver& observer);

}  // namespace chancery::agent
