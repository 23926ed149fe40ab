#include <fmt/format.h>

#include "programs/chancery-agent/challenge.h"
#include "programs/chancery-agent/commands.h"
#include "programs/chancery-agent/enrolment_run.h"

namespace chancery::agent_program {
namespace {

Result<agent::EnrolmentOrder> order_from(const cli::Arguments& arguments) {
  agent::EnrolmentOrder order;
  if (!arguments.has("subject")) return invalid("say for whom: --subject NAME, or a slot of the running agent");
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

// Asks on a terminal, for a first request or in place of a challenge that was rejected.
Result<SecretBytes> ask_for_challenge(const cli::Arguments& arguments, cli::Terminal& terminal, bool was_rejected) {
  if (arguments.flag("no-challenge") || arguments.has("challenge-file")) return SecretBytes();
  return prompt_for_challenge(terminal, was_rejected ? "empty for the one before" : "empty for none");
}

Status run_enroll(const cli::Arguments& arguments, cli::Terminal& terminal, int& outcome) {
  if (arguments.has("SLOT")) return ask_daemon(arguments, "enroll", terminal);
  TRY(agent::EnrolmentOrder order, order_from(arguments));
  TRY_STATUS(wait_options(arguments));
  TRY(const std::string folder, output_folder(arguments));
  TRY(SessionOptions options, session_options(arguments, std::nullopt));
  device::SystemDisk disk;
  TRY(const auto files, open_for_request(folder, disk, arguments));
  TRY(const auto kept, files->pending());
  TRY(order.challenge, given_challenge(arguments, kept.has_value()));
  TRY(const auto run, EnrolmentRun::meet_server(std::move(options), *files, arguments, terminal));
  order.source = run->source();
  TRY(std::optional<agent::PendingEnrolment> pending, run->enrolment().resume(order));
  const bool rejected = pending && pending->last_answer == agent::LastAnswer::rejected;
  if ((!pending || rejected) && order.challenge.empty()) {
    TRY(order.challenge, ask_for_challenge(arguments, terminal, rejected));
    TRY(pending, run->enrolment().resume(order));
  }
  if (!pending) {
    if (order.challenge.empty()) run->sends_no_challenge();
    TRY(pending, run->enrolment().begin(order));
  }
  return run->drive(*pending, arguments, terminal, outcome);
}

Status run_poll(const cli::Arguments& arguments, cli::Terminal& terminal, int& outcome) {
  TRY(const std::string folder, existing_folder(arguments));
  device::SystemDisk disk;
  TRY(const auto files, device::CredentialFiles::open(folder, disk));
  TRY(std::optional<agent::PendingEnrolment> pending, files->pending());
  if (!pending) return not_found(fmt::format("nothing is pending in {}", folder));
  TRY(SessionOptions options, session_options(arguments, pending->source));
  TRY(const auto run, EnrolmentRun::meet_server(std::move(options), *files, arguments, terminal));
  return run->drive(*pending, arguments, terminal, outcome);
}

std::vector<cli::Option> enroll_options() {
  return request_options(
      {{.name = "subject",
        .value_name = "NAME",
        .help = "Subject of the certificate, for example CN=printer-7,O=Example"},
       {.name = "dns", .value_name = "HOST", .help = "Alternative name: a host", .repeated = true},
       {.name = "ip", .value_name = "ADDRESS", .help = "Alternative name: an IP address", .repeated = true},
       {.name = "email", .value_name = "ADDRESS", .help = "Alternative name: an e-mail address", .repeated = true},
       {.name = "uri", .value_name = "URI", .help = "Alternative name: a URI", .repeated = true},
       {.name = "key",
        .value_name = "KEY",
        .help = "rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519",
        .default_text = "rsa:2048"},
       {.name = "no-challenge", .help = "There is no challenge: do not ask for one", .flag = true}},
      "a prompt on a terminal, elsewhere none");
}

}  // namespace

std::vector<cli::Command> enrolment_commands(int& outcome) {
  return {
      {.path = "enroll",
       .summary = "Make a key and get a certificate for it, in a folder or in a slot of the running agent",
       .description =
           "Key and request are kept in the folder before anything is sent, so the same command continues an "
           "enrolment that was interrupted, waits for approval or was rejected: with the same key and request, and "
           "without the challenge, which the request holds. With another challenge it makes a new request on the same "
           "key. Other names or another server take the place of a rejected request; while one waits, they need "
           "--start-over.",
       .positionals = {slot_of_daemon()},
       .options = with_daemon_options(enroll_options()),
       .examples = {"chancery-agent enroll --url http://ca.example/scep/printers --fingerprint AB:CD:… --out certs "
                    "--subject CN=printer-7,O=Example --dns printer-7.example --challenge-file challenge --wait 10m",
                    "chancery-agent enroll https"},
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
