#include "programs/chancery-agent/enrolment_run.h"

#include <algorithm>
#include <iterator>

#include "programs/chancery-agent/challenge.h"
#include "programs/chancery-agent/report.h"

namespace chancery::agent_program {
namespace {

agent::EnrolmentOptions enrolment_options(const cli::Arguments& arguments) {
  return {.accept_changed_names = arguments.flag("accept-changed-names"), .floor = algorithm_floor(arguments)};
}

Result<RejectionHint> hint_for(const agent::Outcome& outcome, const agent::PendingEnrolment& pending) {
  const auto* rejected = std::get_if<scep::Rejected>(&outcome);
  if (rejected == nullptr) return RejectionHint::none;
  if (agent::is_renewal(pending))
    return rejected->info == scep::FailInfo::bad_cert_id ? RejectionHint::enroll_again : RejectionHint::none;
  TRY_IN("the pending request", const auto request, pki::CertificateRequest::from_der(pending.request.view()));
  return request.challenge_password().empty() ? RejectionHint::no_challenge : RejectionHint::none;
}

}  // namespace

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

std::vector<cli::Option> request_options(std::vector<cli::Option> own, std::string_view without_challenge_file) {
  own.push_back({.name = "challenge-file",
                 .value_name = "FILE",
                 .help = "File with the challenge that the CA's operator gave; '-' for standard input",
                 .default_text = std::string(without_challenge_file)});
  own.push_back(
      {.name = "start-over", .help = "Drop the key and request that are pending in the folder", .flag = true});
  std::ranges::move(waiting_options(), std::back_inserter(own));
  return own;
}

Result<agent::WaitOptions> wait_options(const cli::Arguments& arguments) {
  agent::WaitOptions options;
  TRY_IN("--wait", options.limit, parse_duration(arguments.text("wait", "0s")));
  TRY_IN("--poll-interval", options.poll_interval, parse_duration(arguments.text("poll-interval", "30s")));
  if (options.poll_interval < Seconds(1)) return invalid("--poll-interval must be at least one second");
  return options;
}

Result<std::unique_ptr<device::CredentialFiles>> open_for_request(const std::string& folder, device::Disk& disk,
                                                                  const cli::Arguments& arguments) {
  TRY(auto files, device::CredentialFiles::open(folder, disk));
  if (arguments.flag("start-over")) TRY_STATUS(files->finish());
  return files;
}

Result<SecretBytes> given_challenge(const cli::Arguments& arguments, bool is_pending) {
  if (!arguments.has("challenge-file")) return SecretBytes();
  auto challenge = read_challenge(arguments.text("challenge-file"));
  if (!challenge && is_pending && challenge.error().code() == ErrorCode::not_found) return SecretBytes();
  return challenge;
}

namespace {

// Servers that are older than RFC 8894 take no RenewalReq, and have no failInfoText to say why.
bool refuses_renewal_request(const agent::Outcome& answer, const agent::PendingEnrolment& pending) {
  const auto* rejected = std::get_if<scep::Rejected>(&answer);
  return rejected != nullptr && rejected->info == scep::FailInfo::bad_request && rejected->text.empty() &&
         pending.type == scep::MessageType::renewal_request;
}

}  // namespace

EnrolmentRun::EnrolmentRun(std::unique_ptr<Session> session, agent::Authority authority, device::CredentialFiles& files,
                           agent::EnrolmentOptions options)
    : session_(std::move(session)),
      authority_(std::move(authority)),
      files_(files),
      enrolment_(session_->client, files, session_->clock, session_->random, options) {}

Result<std::unique_ptr<EnrolmentRun>> EnrolmentRun::meet_server(SessionOptions options, device::CredentialFiles& files,
                                                                const cli::Arguments& arguments,
                                                                cli::Terminal& terminal) {
  auto session = std::make_unique<Session>(std::move(options));
  TRY(agent::Authority authority, meet(*session, terminal));
  return std::unique_ptr<EnrolmentRun>(
      new EnrolmentRun(std::move(session), std::move(authority), files, enrolment_options(arguments)));
}

Status EnrolmentRun::drive(agent::PendingEnrolment& pending, const cli::Arguments& arguments, cli::Terminal& terminal,
                           int& outcome) {
  TRY(const agent::WaitOptions options, wait_options(arguments));
  Result<agent::Outcome> answer = agent::AwaitingApproval{};
  {
    TerminalProgress progress(terminal);
    answer = agent::wait_for_answer(enrolment_, pending, authority_, options, session_->clock, progress);
    const bool is_disliked = !answer && enrolment_.is_renewal_request_disliked(pending);
    if (is_disliked || (answer && refuses_renewal_request(*answer, pending))) {
      const scep::TransactionId first = pending.transaction_id;
      TRY_STATUS(enrolment_.as_signed_request(pending));
      answer = agent::wait_for_answer(enrolment_, pending, authority_, options, session_->clock, progress);
      if (is_disliked && !answer && enrolment_.is_unanswered(pending))
        TRY_STATUS(enrolment_.as_renewal_request(pending, first));
    }
  }
  TRY(const agent::Outcome known, std::move(answer));
  TRY(RejectionHint hint, hint_for(known, pending));
  if (hint == RejectionHint::none && sends_no_challenge_) hint = RejectionHint::no_challenge;
  outcome = report_outcome({.outcome = known, .pending = pending, .folder = files_.folder(), .hint = hint},
                           arguments.flag("json"), terminal);
  return {};
}

}  // namespace chancery::agent_program
