#include "device/slot_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/authority.h"
#include "device/health_check.h"
#include "device/scep_url.h"
#include "pki/general_name.h"
#include "pki/key.h"
#include "pki/name.h"

namespace chancery::device {
namespace {

using config::TextKind;

template <class T>
Status status_of(Result<T> result) {
  if (!result) return std::unexpected(std::move(result).error());
  return {};
}

// Where a link may be made: nothing that depends on the folder in which the agent was started.
Status check_path(const std::string& text) {
  if (text.empty()) return {};
  const bool is_plain = text.starts_with('/') && !text.ends_with('/') && !(text + "/").contains("/../") &&
                        !(text + "/").contains("/./") && !text.contains("//");
  if (!is_plain) return invalid(fmt::format("expected the path of a file from / on, without '..', found '{}'", text));
  return {};
}

// As long as PKCS#11 allows, and fit for a message.
Status check_token(const std::string& text) {
  constexpr std::size_t longest_label = 32;
  const bool is_text =
      std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
  if (text.size() > longest_label || !is_text)
    return invalid(fmt::format("expected a token's label of at most {} characters", longest_label));
  return {};
}

Status check_mode(const std::string& text) {
  const bool is_octal = (text.size() == 3 || (text.size() == 4 && text[0] == '0')) &&
                        text.find_first_not_of("01234567") == std::string::npos;
  // Nobody but the owner writes, nobody executes, and others get nothing.
  if (!is_octal || !std::string_view("46").contains(text[text.size() - 3]) ||
      !std::string_view("04").contains(text[text.size() - 2]) || text.back() != '0')
    return invalid(fmt::format("expected 0600, 0640, 0400 or 0440, found '{}'", text));
  return {};
}

}  // namespace

config::OptionSet<SlotOptions> slot_options() {
  config::OptionSet<SlotOptions> set;
  using S = SlotOptions;
  set.add("subject", &S::subject,
          {.help = "The name in the certificate, such as 'CN=printer-7,O=Example'. Empty: CN= and this device's name.",
           .check = [](const std::string& t) { return status_of(pki::Name::from_text(t)); }});
  set.add("names", &S::names,
          {.help = "Further names: 'dns:printer-7.example', 'ip:192.0.2.7', 'email:…', 'uri:…'.",
           .check = [](const std::string& t) { return status_of(pki::general_name_from_text(t)); }});
  set.add("key", &S::key,
          {.help = "The kind of key that is made: 'rsa:2048', 'rsa:3072', 'ec:p256', 'ec:p384', 'ed25519', …",
           .required = true,
           .check = [](const std::string& t) { return status_of(pki::key_spec_from_text(t)); }});
  set.add("reuse_key", &S::reuse_key, {.help = "Keep the key when the certificate is renewed, instead of a new one."});
  set.add("key_store", &S::key_store,
          {.help = "Where keys are made, and stay: 'file' is a file of the slot's folder; 'pkcs11' is a token that is "
                   "named by the next three; 'tpm' is this machine's TPM 2.0 (package tpm2-openssl), which encrypts "
                   "the file with the key so that only it can use it.",
           .names = {{"file", KeyStore::file}, {"pkcs11", KeyStore::pkcs11}, {"tpm", KeyStore::tpm}}});
  set.add("pkcs11_module", &S::pkcs11_module,
          {.help = "The shared library that speaks PKCS#11 to the token, such as "
                   "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so.",
           .kind = TextKind::path,
           .check = check_path});
  set.add("token", &S::token, {.help = "The token's label.", .check = check_token});
  set.add("pin_file", &S::pin_file,
          {.help = "The token's PIN, in a file that only its owner may read; a systemd credential has the path "
                   "/run/credentials/chancery-agent.service/NAME. Empty: the token has a keypad, or wants none.",
           .kind = TextKind::secret_path,
           .check = check_path});
  set.add(
      "url", &S::url,
      {.help = "The SCEP server. Empty: the one of agent.toml. Where that has none, the slot waits for a certificate "
               "that a person or the hub brings.",
       .check = [](const std::string& t) { return status_of(scep_url_from_text(t)); }});
  set.add("fingerprint", &S::fingerprint,
          {.help = "SHA-256 of the CA certificate that is trusted. Empty: the one of agent.toml.",
           .check = [](const std::string& t) { return status_of(agent::fingerprint_from_text(t, false)); }});
  set.add("challenge_file", &S::challenge_file,
          {.help = "The challenge for the first enrolment, in a file that only its owner may read.",
           .kind = TextKind::secret_path,
           .check = check_path});
  set.add("algorithms", &S::algorithms,
          {.help = "What the authority may answer with: 'strong' is SHA-256 and AES or better, 'weak' takes SHA-1 and "
                   "3DES, 'broken' takes MD5 and single DES, which anybody can forge and read.",
           .names = {{"strong", AcceptedAlgorithms::strong},
                     {"weak", AcceptedAlgorithms::weak},
                     {"broken", AcceptedAlgorithms::broken}}});
  set.add("accept_changed_names", &S::accept_changed_names,
          {.help = "Take a certificate whose names the authority changed."});
  set.add("renew_earliest", &S::renew_earliest,
          {.help = "The certificate is renewed at a moment that is drawn when it is installed: from this part of its "
                   "life on …",
           .unit = "percent",
           .min = 1,
           .max = 99});
  set.add("renew_latest", &S::renew_latest, {.help = "… and before this one.", .unit = "percent", .min = 1, .max = 99});
  set.add(
      "poll_interval", &S::poll_interval,
      {.help = "How often to ask while somebody has to approve. After ten times that long, each pause is a tenth of "
               "the time waited so far, up to ten minutes.",
       .min = Seconds(10),
       .max = Seconds(7 * 86400)});
  config::ChoiceFacts<Preset> choices{
      .help = "The service that uses the certificate; sets everything below. What stands in this file goes first.",
      .names = {}};
  for (const PresetFacts& facts : presets()) choices.names.emplace_back(facts.name, facts.preset);
  set.add("preset", &S::preset, std::move(choices));
  set.add("certificate_path", &S::certificate_path,
          {.help = "Where the service looks for the certificate alone; becomes a link. So do the next ones, and what "
                   "stood there before is kept as NAME.before-chancery.",
           .kind = TextKind::path,
           .check = check_path});
  set.add("key_path", &S::key_path,
          {.help = "Where the service looks for the key: PEM, PKCS#8, or 'TSS2 PRIVATE KEY' of a TPM.",
           .kind = TextKind::path,
           .check = check_path});
  set.add("key_reference", &S::key_reference,
          {.help = "Where it looks for a file with the key's URI (RFC 7512), for a key in a PKCS#11 token.",
           .kind = TextKind::path,
           .check = check_path});
  set.add("chain_path", &S::chain_path,
          {.help = "Where it looks for the CA certificates between its own and the root.",
           .kind = TextKind::path,
           .check = check_path});
  set.add("full_chain_path", &S::full_chain_path,
          {.help = "Where it looks for the certificate followed by its chain.",
           .kind = TextKind::path,
           .check = check_path});
  set.add("combined_path", &S::combined_path,
          {.help = "Where it looks for key, certificate and chain in one file.",
           .kind = TextKind::path,
           .check = check_path});
  set.add("authorities_path", &S::authorities_path,
          {.help = "Where it looks for the CA certificates to check its peers with.",
           .kind = TextKind::path,
           .check = check_path});
  set.add("owner", &S::owner, {.help = "The user who has the files with the key. Empty: the agent's."});
  set.add("group", &S::group, {.help = "Their group. Empty: the user's."});
  set.add("key_mode", &S::key_mode,
          {.help = "Their mode: 0600, 0640, 0400 or 0440.", .required = true, .check = check_mode});
  set.add("reload", &S::reload,
          {.help = "Program and arguments that make the service read its files again. There is no shell. Empty: it "
                   "does so by itself."});
  set.add("restart", &S::restart, {.help = "Program and arguments that restart the service."});
  set.add("command_timeout", &S::command_timeout,
          {.help = "How long such a program may take before it is ended.", .min = Seconds(1), .max = Seconds(600)});
  set.add(
      "health_check", &S::health_check,
      {.help = "How to see that the service works with the new certificate: 'tls:HOST:PORT' or 'tls:HOST:PORT:NAME' "
               "(it shows the new certificate in a handshake), 'command: PROGRAM ARGUMENT…' (ends with 0), or "
               "'none'. When it fails, the certificate before is put back.",
       .required = true,
       .check = [](const std::string& t) { return status_of(health_check_from_text(t)); }});
  set.add("health_output", &S::health_output,
          {.help = "What the health check's command has to print. Empty: anything."});
  set.add("health_timeout", &S::health_timeout,
          {.help = "How long the service may take until the health check succeeds.",
           .min = Seconds(0),
           .max = Seconds(600)});
  return set;
}

const PresetFacts& facts_of(Preset preset) {
  for (const PresetFacts& facts : presets())
    if (facts.preset == preset) return facts;
  CHECK(false);
}

}  // namespace chancery::device
