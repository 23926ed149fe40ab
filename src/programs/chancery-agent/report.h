#pragma once

// What the commands print.

#include <string>
#include <vector>

#include "agent/enrolment.h"
#include "agent/waiting.h"
#include "cli/command_table.h"
#include "pki/certificate.h"
#include "scep/ca_certificates.h"
#include "scep/capabilities.h"

namespace chancery::agent_program {

struct AuthorityReport {
  const std::string& url;
  const std::vector<pki::Certificate>& certificates;
  const scep::Capabilities& capabilities;
  bool authenticated = false;
  std::vector<scep::LeftOut> left_out = {};  // of what it sent
};
void report_authority(const AuthorityReport& report, bool json, cli::Terminal& terminal);

// What may help against a rejection, as far as the agent can tell.
enum class RejectionHint : std::uint8_t {
  none,
  no_challenge,  // of an enrolment; said only where the server's words are about one, or it has none for its badRequest
  enroll_again,  // a renewal whose certificate the CA does not accept any more
};

// The command that gets a certificate with the names of `certificate` without it, for people to copy.
[[nodiscard]] std::string enroll_again_command(const pki::Certificate& certificate, const agent::Source& source,
                                               std::string_view folder);

// Prints what became of an enrolment and gives the exit code: 0, exit_pending or exit_rejected.
struct OutcomeReport {
  const agent::Outcome& outcome;
  const agent::PendingEnrolment& pending;
  const std::string& folder;
  RejectionHint hint = RejectionHint::none;
};
int report_outcome(const OutcomeReport& report, bool json, cli::Terminal& terminal);

// "2m10s".
[[nodiscard]] std::string stopwatch_text(Seconds duration);

// On a terminal one line that is kept up to date; elsewhere a line for each poll.
class TerminalProgress final : public agent::WaitObserver {
 public:
  explicit TerminalProgress(cli::Terminal& terminal) : terminal_(terminal) {}
  ~TerminalProgress() override { end_line(); }
  void waiting(Seconds waited, Seconds until_poll) override;
  void poll_failed(const Error& error) override;

 private:
  void end_line();

  cli::Terminal& terminal_;
  bool line_is_open_ = false;
  Seconds last_until_poll_{0};
};

}  // namespace chancery::agent_program
