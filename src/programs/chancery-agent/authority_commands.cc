#include <fmt/format.h>

#include <ostream>

#include "agent/crl_fetch.h"
#include "device/credential_files.h"
#include "device/public_files.h"
#include "programs/chancery-agent/commands.h"
#include "programs/chancery-agent/report.h"
#include "programs/chancery-agent/session.h"

namespace chancery::agent_program {
namespace {

Status run_get_ca(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(SessionOptions options, session_options(arguments, std::nullopt));
  Session session(std::move(options));
  const bool json = arguments.flag("json");
  TRY(const scep::Capabilities capabilities, session.client.capabilities());
  if (session.options.pin.fingerprint.empty() && !session.options.pin.trust_first_use) {
    TRY(const auto certificates, session.client.ca_certificates());
    report_authority({.url = session.options.url, .certificates = certificates, .capabilities = capabilities}, json,
                     terminal);
    return refused(
        "nothing is trusted and nothing was written: compare the fingerprint of the CA with the one that its operator "
        "gives you by another way (by phone, on paper), then say it with --fingerprint");
  }
  TRY(const agent::Authority authority, meet(session, terminal));
  report_authority({.url = session.options.url,
                    .certificates = authority.certificates.all,
                    .capabilities = capabilities,
                    .authenticated = true,
                    .left_out = authority.certificates.left_out},
                   json, terminal);
  if (!arguments.has("out")) return {};
  const std::string folder = arguments.text("out");
  TRY_STATUS(device::write_authority(folder, authority));
  if (!json) terminal.out << fmt::format("\nWritten: {0}/ca.pem and {0}/ra.pem.\n", folder);
  return {};
}

Status run_get_crl(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(const std::string folder, existing_folder(arguments));
  device::SystemDisk disk;
  TRY(const auto files, device::CredentialFiles::open(folder, disk));
  TRY(const auto active, files->active());
  if (!active) return not_found(fmt::format("there is no certificate in {}: enroll first", folder));
  TRY(SessionOptions options, session_options(arguments, active->source));
  Session session(std::move(options));
  TRY(const agent::Authority authority, meet(session, terminal));
  TRY(const pki::Crl crl, agent::fetch_crl(session.client, *active, authority, session.clock, session.random));
  TRY_STATUS(device::write_crl(folder, crl));
  const std::string next = crl.next_update() ? to_rfc3339(*crl.next_update()) : "";
  if (arguments.flag("json"))
    terminal.out << fmt::format(
        "{{\"status\":\"written\",\"this_update\":\"{}\",\"next_update\":\"{}\",\"revoked\":{}}}\n",
        to_rfc3339(crl.this_update()), next, crl.entries().size());
  else
    terminal.out << fmt::format("The CRL of {} is in {}/crl.pem and crl.der: {} revoked{}{}.\n",
                                to_rfc3339(crl.this_update()), folder, crl.entries().size(),
                                next.empty() ? "" : ", good until ", next);
  return {};
}

}  // namespace

std::vector<cli::Command> authority_commands() {
  return {
      {.path = "get-ca",
       .summary = "Show the server's CA certificates and capabilities, and write them when they can be trusted",
       .description =
           "With --fingerprint, and --out, writes ca.pem (the issuing CA and those above it) and ra.pem (whom messages "
           "are encrypted to). Certificates that came along and are not valid now, or do not lead to that CA, are left "
           "out and named. Without --fingerprint it only shows what the server has, and fails.",
       .examples = {"chancery-agent get-ca --url http://ca.example/scep/printers",
                    "chancery-agent get-ca --url http://ca.example/scep/printers --fingerprint AB:CD:… --out certs"},
       .run = run_get_ca},
      {.path = "get-crl",
       .summary = "Fetch the revocation list of the CA that issued the folder's certificate",
       .description = "Writes crl.pem and crl.der after checking the CA's signature and the dates.",
       .examples = {"chancery-agent get-crl --out certs"},
       .run = run_get_crl},
  };
}

}  // namespace chancery::agent_program
