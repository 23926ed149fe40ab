#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ostream>

#include "agent/renewal.h"
#include "programs/chancery-agent/challenge.h"
#include "programs/chancery-agent/commands.h"
#include "programs/chancery-agent/enrolment_run.h"

namespace chancery::agent_program {
namespace {

// When the renewal is due, if that is still to come.
Result<std::optional<Timestamp>> not_due_before(const cli::Arguments& arguments, const pki::Certificate& certificate) {
  if (!arguments.has("if-within")) return std::nullopt;
  TRY_IN("--if-within", const agent::RenewalWindow window,
         agent::renewal_window_from_text(arguments.text("if-within")));
  const Timestamp due = agent::due_at(certificate.validity(), window);
  const SystemClock clock;
  if (clock.now() >= due) return std::nullopt;
  return due;
}

void report_not_needed(Timestamp due, bool json, cli::Terminal& terminal) {
  terminal.out << fmt::format(
      fmt::runtime(json ? "{{\"status\":\"not_needed\",\"due\":\"{}\"}}\n" : "Not needed yet: due from {} on.\n"),
      to_rfc3339(due));
}

Status run_renew(const cli::Arguments& arguments, cli::Terminal& terminal, int& outcome) {
  TRY_STATUS(wait_options(arguments));
  TRY(const std::string folder, existing_folder(arguments));
  device::SystemDisk disk;
  TRY(const auto files, device::CredentialFiles::open(folder, disk));
  TRY(const auto active, files->active());
  if (!active) return not_found(fmt::format("there is no certificate in {}: enroll first", folder));
  if (arguments.flag("start-over")) TRY_STATUS(files->finish());
  TRY(std::optional<agent::PendingEnrolment> pending, files->pending());
  if (pending && !agent::is_renewal(*pending))
    return conflict("an enrolment is pending here: continue it with 'poll', or drop it with --start-over");
  if (!pending) {
    TRY(const std::optional<Timestamp> due, not_due_before(arguments, active->certificate));
    if (due) {
      report_not_needed(*due, arguments.flag("json"), terminal);
      return {};
    }
  }
  TRY(SessionOptions options, session_options(arguments, pending ? pending->source : active->source));
  Session session(std::move(options));
  TRY(const agent::Authority authority, meet(session, terminal));
  agent::Enrolment enrolment(session.client, *files, session.clock, session.random, enrolment_options(arguments));
  if (!pending) {
    TRY(const scep::Capabilities capabilities, session.client.capabilities());
    SecretBytes challenge;
    if (arguments.has("challenge-file")) {
      TRY(challenge, obtain_challenge(arguments.text("challenge-file"), terminal));
    }
    TRY(pending, enrolment.begin_renewal(*active, {.reuse_key = arguments.flag("reuse-key"),
                                                   .server_offers_renewal = capabilities.renewal,
                                                   .challenge = std::move(challenge),
                                                   .source = source_of(session, authority)}));
  }
  return drive({.enrolment = enrolment,
                .pending = *pending,
                .authority = authority,
                .folder = files->folder(),
                .clock = session.clock},
               arguments, terminal, outcome);
}

std::vector<cli::Option> renew_options() {
  std::vector<cli::Option> options = {
      {.name = "if-within",
       .value_name = "DURATION|PERCENT",
       .help = "Renew only when no more than this is left of the certificate's life, for example 30d or 33%",
       .default_text = "renew at once"},
      {.name = "reuse-key", .help = "Keep the key; without this, a new one of the same kind is made", .flag = true},
      {.name = "challenge-file",
       .value_name = "FILE",
       .help = "A challenge, for servers that want one for renewals, too; '-' for standard input",
       .default_text = "none"},
      {.name = "start-over", .help = "Drop what is pending in the folder", .flag = true}};
  std::ranges::move(waiting_options(), std::back_inserter(options));
  return options;
}

}  // namespace

std::vector<cli::Command> renewal_commands(int& outcome) {
  return {{.path = "renew",
           .summary = "Replace the folder's certificate by a new one with the same names",
           .description = "The request is signed with the current certificate, so most servers need no challenge. An "
                          "ended certificate "
                          "cannot renew itself: enroll again.",
           .options = renew_options(),
           .examples = {"chancery-agent renew --out certs --if-within 33%"},
           .run = [&outcome](const cli::Arguments& arguments, cli::Terminal& terminal) {
             return run_renew(arguments, terminal, outcome);
           }}};
}

}  // namespace chancery::agent_program
