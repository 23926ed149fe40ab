#include "programs/chancery-agent/session.h"

#include <fmt/format.h>

#include <ostream>

#include "device/scep_url.h"
#include "files/file.h"
#include "programs/chancery-agent/version.h"

namespace chancery::agent_program {
namespace {

Result<agent::Pin> pin_from(const cli::Arguments& arguments, const std::optional<agent::Source>& known) {
  agent::Pin pin{.allow_sha1 = arguments.flag("allow-sha1-fingerprint"),
                 .trust_first_use = arguments.flag("insecure-trust-first-use")};
  if (arguments.has("fingerprint")) {
    TRY_IN("--fingerprint", pin.fingerprint,
           agent::fingerprint_from_text(arguments.text("fingerprint"), pin.allow_sha1));
  } else if (known) {
    pin.fingerprint = known->fingerprint;
  }
  return pin;
}

Result<Seconds> positive_duration(const cli::Arguments& arguments, std::string_view name, std::string_view otherwise) {
  TRY_IN(fmt::format("--{}", name), const Seconds duration, parse_duration(arguments.text(name, otherwise)));
  if (duration < Seconds(1)) return invalid(fmt::format("--{} must be at least one second", name));
  return duration;
}

}  // namespace

agent::AlgorithmFloor algorithm_floor(const cli::Arguments& arguments) {
  if (arguments.flag("insecure-allow-single-des-and-md5")) return agent::broken_algorithms;
  return arguments.flag("allow-weak-algorithms") ? agent::weak_algorithms : agent::AlgorithmFloor{};
}

Result<SessionOptions> session_options(const cli::Arguments& arguments, const std::optional<agent::Source>& known) {
  SessionOptions options{
      .scep = {.floor = algorithm_floor(arguments), .require_standard = arguments.flag("require-standard")},
      .http = {.ca_file = arguments.text("ca-file"), .user_agent = fmt::format("chancery-agent/{}", version)}};
  const std::string url = arguments.text("url", known ? known->url : "");
  if (url.empty()) return invalid("say which SCEP server: --url http://HOST/PATH");
  TRY_IN("--url", options.url, device::scep_url_from_text(url));
  TRY(options.pin, pin_from(arguments, known));
  TRY(const Seconds timeout, positive_duration(arguments, "timeout", "30s"));
  options.http.timeout = timeout;
  options.http.connect_timeout = std::min<std::chrono::milliseconds>(options.http.connect_timeout, timeout);
  return options;
}

Session::Session(SessionOptions given)
    : options(std::move(given)),
      http(options.url, options.http),
      transport(http, clock, log),
      client(transport, random, options.scep) {}

Result<agent::Authority> meet(Session& session, cli::Terminal& terminal) {
  const agent::Pin& pin = session.options.pin;
  if (pin.fingerprint.empty() && !pin.trust_first_use)
    return invalid(
        "say which CA to trust: --fingerprint with the SHA-256 that the CA's operator told you; 'chancery-agent "
        "get-ca' "
        "shows what the server has, to compare");
  TRY([[maybe_unused]] const scep::Capabilities capabilities, session.client.capabilities());
  TRY(auto certificates, session.client.ca_certificates());
  TRY(agent::Authority authority, agent::authenticate(std::move(certificates), pin, session.clock.now()));
  for (const auto& left_out : authority.certificates.left_out)
    terminal.err << fmt::format("WARNING: left out of what {} sent: {}\n", session.options.url,
                                scep::to_string(std::vector{left_out}));
  if (pin.fingerprint.empty())
    terminal.err << fmt::format(
        "WARNING: the CA '{}' is trusted because it answered first, and for no other reason. Anybody on the way to {} "
        "could be it.\nWARNING: compare its SHA-256 fingerprint before you rely on it: {}\n",
        authority.anchor.subject().to_text(), session.options.url, to_colon_hex(authority.anchor.fingerprint()));
  return authority;
}

agent::Source source_of(const Session& session, const agent::Authority& authority) {
  return {.url = session.options.url, .fingerprint = authority.anchor.fingerprint()};
}

Result<std::string> output_folder(const cli::Arguments& arguments) {
  std::string folder = arguments.text("out");
  if (folder.empty()) return invalid("say where keys and certificates are: --out FOLDER");
  return folder;
}

Result<std::string> existing_folder(const cli::Arguments& arguments) {
  TRY(std::string folder, output_folder(arguments));
  if (!files::exists(folder)) return not_found(fmt::format("there is no folder {}: enroll first", folder));
  return folder;
}

}  // namespace chancery::agent_program
