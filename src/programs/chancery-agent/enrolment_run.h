#pragma once

// What enroll, poll and renew share: the folder, the enrolment, the wait and the report.

#include <memory>
#include <vector>

#include "agent/enrolment.h"
#include "agent/waiting.h"
#include "cli/command_table.h"
#include "device/credential_files.h"
#include "programs/chancery-agent/session.h"

namespace chancery::agent_program {

[[nodiscard]] std::vector<cli::Option> waiting_options();
// --wait and --poll-interval.
Result<agent::WaitOptions> wait_options(const cli::Arguments& arguments);

[[nodiscard]] agent::EnrolmentOptions enrolment_options(const cli::Arguments& arguments);

// Exchanges until there is an answer or the time is up, prints it and sets the program's exit code.
struct Drive {
  agent::Enrolment& enrolment;
  agent::PendingEnrolment& pending;
  const agent::Authority& authority;
  const std::string& folder;
  Clock& clock;
};
Status drive(const Drive& drive, const cli::Arguments& arguments, cli::Terminal& terminal, int& outcome);

}  // namespace chancery::agent_program
