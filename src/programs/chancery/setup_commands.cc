#include <fmt/format.h>
#include <signal.h>

#include <boost/json/serialize.hpp>
#include <iostream>

#include "pki/key.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/daemon.h"
#include "programs/chancery/init.h"
#include "programs/chancery/passphrase.h"
#include "programs/chancery/private_file.h"
#include "programs/chancery/settings.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

Result<ca::AuthorityPlan> plan_from(const cli::Arguments& arguments, const ServerOptions& options) {
  ca::AuthorityPlan plan{
      .names = {.organization = arguments.text("organization"), .common_name = arguments.text("name")},
      .root_publication = root_publication_uris(options.base_url)};
  TRY_IN("--root", plan.root_key, pki::key_spec_from_text(arguments.text("root", "rsa:3072")));
  TRY_IN("--issuing", plan.issuing_key, pki::key_spec_from_text(arguments.text("issuing", "rsa:2048")));
  TRY_IN("--ra", plan.ra_key, pki::key_spec_from_text(arguments.text("ra", "rsa:2048")));
  if (plan.ra_key.family != pki::KeyFamily::rsa) return invalid("--ra: devices encrypt to this key, so it must be RSA");
  return plan;
}

// Of a PKCS#12 file also an empty one: such files exist, and a file that is encrypted is opened with something.
Result<SecretBytes> pkcs12_passphrase(const cli::Arguments& arguments, cli::Terminal& terminal) {
  if (arguments.has("import-passphrase-file")) return read_private_file(arguments.text("import-passphrase-file"));
  return prompt_secret(
      {.question = "Passphrase of the PKCS#12 file: ", .differ = {}, .option = "--import-passphrase-file"}, terminal);
}

// Which CA is taken over, if any.
Status read_import(const cli::Arguments& arguments, InitOrder& order, cli::Terminal& terminal) {
  order.import_chain = arguments.text("import-chain");
  order.import_crls = arguments.texts("import-crl");
  if (!arguments.has("import-certificate") && !arguments.has("import-pkcs12"))
    for (const char* const name : {"import-key", "import-chain", "import-crl", "import-passphrase-file"})
      if (arguments.has(name))
        return invalid(fmt::format("--{} goes with --import-certificate or --import-pkcs12", name));
  if (arguments.has("import-pkcs12")) {
    if (arguments.has("import-certificate") || arguments.has("import-key"))
      return invalid("--import-pkcs12 brings certificate and key: leave out --import-certificate and --import-key");
    order.import_pkcs12 = arguments.text("import-pkcs12");
    TRY(order.import_passphrase, pkcs12_passphrase(arguments, terminal));
    return {};
  }
  if (!arguments.has("import-certificate")) return {};
  order.import_certificate = arguments.text("import-certificate");
  order.import_key = arguments.text("import-key");
  if (order.import_key.empty()) return invalid("--import-certificate needs --import-key");
  if (arguments.has("import-passphrase-file")) {
    TRY(order.import_passphrase, obtain_passphrase(arguments.text("import-passphrase-file"), false, terminal));
  }
  return {};
}

Status run_init(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(const ServerOptions options, options_from(arguments));
  InitOrder order{.endpoint = arguments.text("endpoint")};
  TRY(order.plan, plan_from(arguments, options));
  TRY_STATUS(read_import(arguments, order, terminal));
  const bool imports = !order.import_certificate.empty() || !order.import_pkcs12.empty();
  if (!imports && order.plan.names.organization.empty())
    return invalid("give the authority a name: --organization 'Example'");
  TRY(order.endpoint_settings, settings_from(arguments.texts("set")));
  if (order.endpoint.empty() && !order.endpoint_settings.empty())
    return invalid("--set changes the endpoint of --endpoint: name one");
  const std::string passphrase_file = arguments.text("passphrase-file", options.passphrase_file);
  TRY(SecretBytes passphrase, obtain_passphrase(passphrase_file, true, terminal));
  SystemClock clock;
  SystemRandom random;
  StderrLog log(LogLevel::warning);
  TRY(const InitOutcome made, initialise(options, std::move(order), std::move(passphrase), clock, random, log));
  if (arguments.flag("json")) {
    const json::object told{{"root", to_hex(made.root_fingerprint)},
                            {"issuing", to_hex(made.issuing_fingerprint)},
                            {"data", options.data},
                            {"warnings", json::array(made.warnings.begin(), made.warnings.end())}};
    terminal.out << json::serialize(told) << "\n";
    return {};
  }
  terminal.out << fmt::format(
      "The authority is in {}.\n\n  root     {}\n           SHA-256 {}\n  issuing  {}\n           SHA-256 {}\n\n"
      "Keep the passphrase safe: without it the keys are lost. Start the server with 'chancery serve'.\n",
      options.data, made.root_subject, to_colon_hex(made.root_fingerprint), made.issuing_subject,
      to_colon_hex(made.issuing_fingerprint));
  for (const std::string& warning : made.warnings) terminal.err << "Warning: " << warning << "\n";
  return {};
}

Status run_serve(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(ServerOptions options, options_from(arguments));
  const std::string passphrase_file = arguments.text("passphrase-file", options.passphrase_file);
  TRY(SecretBytes passphrase, obtain_passphrase(passphrase_file, false, terminal));
  // The signals that end the server are waited for here, and blocked in every thread that is made from now on.
  sigset_t ending;
  sigemptyset(&ending);
  // A closed terminal is no reason to leave without answering, either.
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&ending, number);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  signal(SIGPIPE, SIG_IGN);

  SystemClock clock;
  SystemRandom random;
  StderrLog log(options.log_level);
  TRY(const auto daemon, Daemon::start(std::move(options), std::move(passphrase), {clock, random, log},
                                       arguments.flag("accept-older-ledger")));
  for (const std::string& address : daemon->addresses()) log.info("listening", {{"address", address}});
  for (const std::string& url : daemon->web_urls()) log.info("web pages", {{"url", url}});
  terminal.err << std::flush;
  constexpr timespec minute{.tv_sec = 60, .tv_nsec = 0};
  while (sigtimedwait(&ending, nullptr, &minute) < 0) daemon->tick();
  log.info("stopping");
  daemon->stop();
  return {};
}

}  // namespace

std::vector<cli::Command> authority_setup_commands() {
  const cli::Option passphrase_file{
      .name = "passphrase-file",
      .value_name = "FILE",
      .help = "File with the passphrase of the authority's keys, readable by its owner only",
      .default_text = "the systemd credential 'passphrase', or a prompt"};
  return {
      {.path = "init",
       .summary = "Make an authority: a root, an issuing CA and the key that SCEP messages are encrypted to",
       .options =
           {{.name = "organization", .value_name = "NAME", .help = "Organization in the names of the CA certificates"},
            {.name = "name",
             .value_name = "NAME",
             .help = "First part of their common names",
             .default_text = "the organization"},
            {.name = "root", .value_name = "KEY", .help = "Type of the root's key", .default_text = "rsa:3072"},
            {.name = "issuing",
             .value_name = "KEY",
             .help = "Type of the issuing CA's key, for example ec:p256",
             .default_text = "rsa:2048"},
            {.name = "ra", .value_name = "KEY", .help = "Type of the RA's key: RSA", .default_text = "rsa:2048"},
            {.name = "import-certificate",
             .value_name = "FILE",
             .help = "Take over this issuing CA instead of making one"},
            {.name = "import-key", .value_name = "FILE", .help = "Its key, PEM"},
            {.name = "import-chain", .value_name = "FILE", .help = "The CA certificates from there up to the root"},
            {.name = "import-crl",
             .value_name = "FILE",
             .help =
                 "Its last CRL: what is revoked there stays revoked, and the next CRL has a higher number; of several, "
                 "the newest counts",
             .repeated = true},
            {.name = "import-pkcs12",
             .value_name = "FILE",
             .help = "Take over the issuing CA whose certificate and key, and chain, are in this PKCS#12 file"},
            {.name = "import-passphrase-file",
             .value_name = "FILE",
             .help = "Passphrase of that key, or of the PKCS#12 file, readable by its owner only",
             .default_text = "none; for a PKCS#12 file a prompt"},
            passphrase_file,
            {.name = "endpoint", .value_name = "NAME", .help = "Add a first SCEP endpoint"},
            {.name = "set",
             .value_name = "KEY=VALUE",
             .help = "A setting of that endpoint; see 'chancery endpoint settings'",
             .repeated = true}},
       .examples =
           {"chancery init --organization Example --endpoint printers --set authorisers=challenge",
            "chancery init --organization Example --root ec:p384 --issuing ec:p256",
            "chancery init --import-certificate ca.pem --import-key ca.key --import-chain root.pem --import-crl "
            "ca.crl",
            "chancery init --import-pkcs12 ca.p12 --import-passphrase-file ca.p12.passphrase"},
       .run = run_init},
      {.path = "serve",
       .summary = "Run the server in the foreground",
       .description = "Ends on SIGTERM, SIGINT or SIGHUP after answering what was received.",
       .options = {passphrase_file,
                   {.name = "accept-older-ledger",
                    .value_name = "",
                    .help =
                        "Go on with a ledger that is older than the last CRL: CRL numbers continue above it, and what "
                        "was issued and revoked since is not known",
                    .flag = true}},
       .examples = {"chancery serve --config /etc/chancery/chancery.toml"},
       .run = run_serve},
  };
}

}  // namespace chancery::program
