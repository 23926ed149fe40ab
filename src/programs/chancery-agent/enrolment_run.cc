#include "programs/chancery-agent/enrolment_run.h"

#include "programs/chancery-agent/report.h"

namespace chancery::agent_program {

std::vector<cli::Option> waiting_options() {
  return {
      {.name = "wait",
       .value_name = "DURATION",
       .help = "Wait so long for approval; then end with exit code 6, to be continued",
       .default_text = "0s"},
      {.name = "poll-interval", .value_name = "DURATION", .help = "Ask so often while waiting", .default_text = "30s"},
      {.name = "accept-changed-names",
       .help = "Take a certificate whose subject or alternative names are not those asked for",
       .flag = true}};
}

Result<agent::WaitOptions> wait_options(const cli::Arguments& arguments) {
  agent::WaitOptions options;
  TRY_IN("--wait", options.limit, parse_duration(arguments.text("wait", "0s")));
  TRY_IN("--poll-interval", options.poll_interval, parse_duration(arguments.text("poll-interval", "30s")));
  if (options.poll_interval < Seconds(1)) return invalid("--poll-interval must be at least one second");
  return options;
}

agent::EnrolmentOptions enrolment_options(const cli::Arguments& arguments) {
  return {.accept_changed_names = arguments.flag("accept-changed-names"),
          .allow_weak_algorithms = arguments.flag("allow-weak-algorithms")};
}

Status drive(const Drive& drive, const cli::Arguments& arguments, cli::Terminal& terminal, int& outcome) {
  TRY(const agent::WaitOptions options, wait_options(arguments));
  Result<agent::Outcome> answer = agent::AwaitingApproval{};
  {
    TerminalProgress progress(terminal);
    answer = agent::wait_for_answer(drive.enrolment, drive.pending, drive.authority, options, drive.clock, progress);
  }
  TRY(const agent::Outcome known, std::move(answer));
  outcome = report_outcome({.outcome = known, .pending = drive.pending, .folder = drive.folder}, arguments.flag("json"),
                           terminal);
  return {};
}

}  // namespace chancery::agent_program
