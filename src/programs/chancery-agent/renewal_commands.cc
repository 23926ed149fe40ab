#include <fmt/format.h>

#include <ostream>

#include "agent/renewal.h"
#include "programs/chancery-agent/commands.h"
#include "programs/chancery-agent/enrolment_run.h"

namespace chancery::agent_program {
namespace {

// When the renewal is due, if that is still to come.
Result<std::optional<Timestamp>> not_due_before(const cli::Arguments& arguments, const pki::Certificate& certificate,
                                                Timestamp now) {
  if (!arguments.has("if-within")) return std::nullopt;
  TRY_IN("--if-within", const agent::RenewalWindow window,
         agent::renewal_window_from_text(arguments.text("if-within")));
  const Timestamp due = agent::due_at(certificate.validity(), window);
  if (now >= due) return std::nullopt;
  return due;
}

void report_not_needed(Timestamp due, bool json, cli::Terminal& terminal) {
  terminal.out << fmt::format(
      fmt::runtime(json ? "{{\"status\":\"not_needed\",\"due\":\"{}\"}}\n" : "Not needed yet: due from {} on.\n"),
      to_rfc3339(due));
}

Status run_renew(const cli::Arguments& arguments, cli::Terminal& terminal, int& outcome) {
  if (arguments.has("SLOT")) return ask_daemon(arguments, "renew", terminal);
  TRY_STATUS(wait_options(arguments));
  TRY(const std::string folder, existing_folder(arguments));
  device::SystemDisk disk;
  TRY(const auto files, open_for_request(folder, disk, arguments));
  TRY(const auto active, files->active());
  if (!active) return not_found(fmt::format("there is no certificate in {}: enroll first", folder));
  const SystemClock clock;
  SecretBytes challenge;
  TRY(std::optional<agent::PendingEnrolment> pending, files->pending());
  if (pending) {
    TRY(challenge, given_challenge(arguments, true));
    TRY(pending, agent::resume_renewal(*files, *active, challenge.view(), clock.now()));
  }
  if (!pending) {
    TRY(const std::optional<Timestamp> due, not_due_before(arguments, active->certificate, clock.now()));
    if (due) {
      report_not_needed(*due, arguments.flag("json"), terminal);
      return {};
    }
    if (challenge.empty()) {
      TRY(challenge, given_challenge(arguments, false));
    }
  }
  TRY(SessionOptions options, session_options(arguments, pending ? pending->source : active->source));
  TRY(const auto run, EnrolmentRun::meet_server(std::move(options), *files, arguments, terminal));
  if (!pending) {
    TRY(const scep::Capabilities capabilities, run->capabilities());
    TRY(pending, run->enrolment().begin_renewal(*active, {.reuse_key = arguments.flag("reuse-key"),
                                                          .server_offers_renewal = capabilities.renewal,
                                                          .challenge = std::move(challenge),
                                                          .source = run->source()}));
  }
  return run->drive(*pending, arguments, terminal, outcome);
}

std::vector<cli::Option> renew_options() {
  return request_options(
      {{.name = "if-within",
        .value_name = "DURATION|PERCENT",
        .help = "Renew only when no more than this is left of the certificate's life, for example 30d or 33%",
        .default_text = "renew at once"},
       {.name = "reuse-key", .help = "Keep the key; without this, a new one of the same kind is made", .flag = true}},
      "none, for few servers want one for renewals");
}

}  // namespace

std::vector<cli::Command> renewal_commands(int& outcome) {
  return {{.path = "renew",
           .summary = "Replace the certificate of a folder, or of a slot of the running agent, by a new one",
           .description = "The request is signed with the current certificate, so most servers need no challenge. What "
                          "was interrupted, waits or was rejected is continued; what was rejected a day ago, or has "
                          "another challenge, is made anew. An ended or revoked certificate cannot renew itself: "
                          "enroll again.",
           .positionals = {slot_of_daemon()},
           .options = with_daemon_options(renew_options()),
           .examples = {"chancery-agent renew --out certs --if-within 33%", "chancery-agent renew https"},
           .run = [&outcome](const cli::Arguments& arguments, cli::Terminal& terminal) {
             return run_renew(arguments, terminal, outcome);
           }}};
}

}  // namespace chancery::agent_program
