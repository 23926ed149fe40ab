#pragma once

// What enroll, poll and renew share: their options, the server that they meet, the wait and the report.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/enrolment.h"
#include "agent/waiting.h"
#include "cli/command_table.h"
#include "device/credential_files.h"
#include "programs/chancery-agent/session.h"

namespace chancery::agent_program {

[[nodiscard]] std::vector<cli::Option> waiting_options();
// `own` options of a command that makes a request, then --challenge-file, --start-over and those for waiting.
[[nodiscard]] std::vector<cli::Option> request_options(std::vector<cli::Option> own,
                                                       std::string_view without_challenge_file);
// --wait and --poll-interval.
Result<agent::WaitOptions> wait_options(const cli::Arguments& arguments);
// The folder of a command that makes a request: --start-over drops what is pending in it.
Result<std::unique_ptr<device::CredentialFiles>> open_for_request(const std::string& folder, device::Disk& disk,
                                                                  const cli::Arguments& arguments);
// What --challenge-file holds; nothing without it. Where something is pending, the file may be gone meanwhile, for the
// request holds the challenge.
Result<SecretBytes> given_challenge(const cli::Arguments& arguments, bool is_pending);

// A server that was met and authenticated, for the enrolment in a folder. `files` outlives it.
class EnrolmentRun {
 public:
  static Result<std::unique_ptr<EnrolmentRun>> meet_server(SessionOptions options, device::CredentialFiles& files,
                                                           const cli::Arguments& arguments, cli::Terminal& terminal);

  [[nodiscard]] agent::Enrolment& enrolment() { return enrolment_; }
  [[nodiscard]] agent::Source source() const { return source_of(*session_, authority_); }
  Result<scep::Capabilities> capabilities() { return session_->client.capabilities(); }

  // A key that cannot decrypt gets a password in its request even without a challenge, so the request does not tell.
  void sends_no_challenge() { sends_no_challenge_ = true; }
  // Exchanges until there is an answer or the time is up, prints it and sets the program's exit code.
  Status drive(agent::PendingEnrolment& pending, const cli::Arguments& arguments, cli::Terminal& terminal,
               int& outcome);

 private:
  EnrolmentRun(std::unique_ptr<Session> session, agent::Authority authority, device::CredentialFiles& files,
               agent::EnrolmentOptions options);

  std::unique_ptr<Session> session_;
  agent::Authority authority_;
  device::CredentialFiles& files_;
  agent::Enrolment enrolment_;
  bool sends_no_challenge_ = false;
};

}  // namespace chancery::agent_program
