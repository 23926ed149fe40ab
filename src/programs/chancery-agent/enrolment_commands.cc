#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "programs/chancery-agent/challenge.h"
#include "programs/chancery-agent/commands.h"
#include "programs/chancery-agent/enrolment_run.h"

namespace chancery::agent_program {
namespace {

Result<agent::EnrolmentOrder> order_from(const cli::Arguments& arguments) {
  agent::EnrolmentOrder order;
  TRY_IN("--subject", order.subject, pki::Name::from_text(arguments.text("subject")));
  if (order.subject.empty()) return invalid("--subject is empty");
  TRY_IN("--key", order.key, pki::key_spec_from_text(arguments.text("key", "rsa:2048")));
  for (const std::string_view kind : {"dns", "ip", "email", "uri"})
    for (const std::string& text : arguments.texts(kind)) {
      TRY_IN(fmt::format("--{}", kind), pki::GeneralName name,
             pki::general_name_from_text(fmt::format("{}:{}", kind, text)));
      order.alternative_names.push_back(std::move(name));
    }
  return order;
}

Status run_enroll(const cli::Arguments& arguments, cli::Terminal& terminal, int& outcome) {
  TRY(agent::EnrolmentOrder order, order_from(arguments));
  TRY_STATUS(wait_options(arguments));
  TRY(const std::string folder, output_folder(arguments));
  TRY(SessionOptions options, session_options(arguments, std::nullopt));
  device::SystemDisk disk;
  TRY(const auto files, device::CredentialFiles::open(folder, disk));
  if (arguments.flag("start-over")) TRY_STATUS(files->finish());
  Session session(std::move(options));
  TRY(const agent::Authority authority, meet(session, terminal));
  order.source = source_of(session, authority);
  agent::Enrolment enrolment(session.client, *files, session.clock, session.random, enrolment_options(arguments));
  TRY(std::optional<agent::PendingEnrolment> pending, enrolment.find(order));
  if (!pending) {
    if (!arguments.flag("no-challenge")) {
      TRY(order.challenge, obtain_challenge(arguments.text("challenge-file"), terminal));
    }
    TRY(pending, enrolment.begin(order));
  }
  return drive({.enrolment = enrolment,
                .pending = *pending,
                .authority = authority,
                .folder = files->folder(),
                .clock = session.clock},
               arguments, terminal, outcome);
}

Status run_poll(const cli::Arguments& arguments, cli::Terminal& terminal, int& outcome) {
  TRY(const std::string folder, existing_folder(arguments));
  device::SystemDisk disk;
  TRY(const auto files, device::CredentialFiles::open(folder, disk));
  TRY(std::optional<agent::PendingEnrolment> pending, files->pending());
  if (!pending) return not_found(fmt::format("nothing is pending in {}", folder));
  TRY(SessionOptions options, session_options(arguments, pending->source));
  Session session(std::move(options));
  TRY(const agent::Authority authority, meet(session, terminal));
  agent::Enrolment enrolment(session.client, *files, session.clock, session.random, enrolment_options(arguments));
  return drive({.enrolment = enrolment,
                .pending = *pending,
                .authority = authority,
                .folder = files->folder(),
                .clock = session.clock},
               arguments, terminal, outcome);
}

std::vector<cli::Option> enroll_options() {
  std::vector<cli::Option> options = {
      {.name = "subject",
       .value_name = "NAME",
       .help = "Subject of the certificate, for example CN=printer-7,O=Example",
       .required = true},
      {.name = "dns", .value_name = "HOST", .help = "Alternative name: a host", .repeated = true},
      {.name = "ip", .value_name = "ADDRESS", .help = "Alternative name: an IP address", .repeated = true},
      {.name = "email", .value_name = "ADDRESS", .help = "Alternative name: an e-mail address", .repeated = true},
      {.name = "uri", .value_name = "URI", .help = "Alternative name: a URI", .repeated = true},
      {.name = "key",
       .value_name = "KEY",
       .help = "rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519",
       .default_text = "rsa:2048"},
      {.name = "challenge-file",
       .value_name = "FILE",
       .help = "File with the challenge that the CA's operator gave; '-' for standard input",
       .default_text = "a prompt on a terminal, elsewhere none"},
      {.name = "no-challenge", .help = "There is no challenge: do not ask for one", .flag = true},
      {.name = "start-over", .help = "Drop an enrolment that is pending in the folder", .flag = true}};
  std::ranges::move(waiting_options(), std::back_inserter(options));
  return options;
}

}  // namespace

std::vector<cli::Command> enrolment_commands(int& outcome) {
  return {
      {.path = "enroll",
       .summary = "Make a key and get a certificate for it",
       .description =
           "Key and request are kept in the folder before anything is sent, so the same command continues an "
           "enrolment that was interrupted or waits for approval: with the same key, and without asking for the "
           "challenge again.",
       .options = enroll_options(),
       .examples = {"chancery-agent enroll --url http://ca.example/scep/printers --fingerprint AB:CD:… --out certs "
                    "--subject CN=printer-7,O=Example --dns printer-7.example --challenge-file challenge --wait 10m"},
       .run = [&outcome](const cli::Arguments& arguments,
                         cli::Terminal& terminal) { return run_enroll(arguments, terminal, outcome); }},
      {.path = "poll",
       .summary = "Continue the enrolment or renewal that is pending in the folder",
       .options = waiting_options(),
       .examples = {"chancery-agent poll --out certs --wait 1h"},
       .run = [&outcome](const cli::Arguments& arguments,
                         cli::Terminal& terminal) { return run_poll(arguments, terminal, outcome); }},
  };
}

}  // namespace chancery::agent_program
