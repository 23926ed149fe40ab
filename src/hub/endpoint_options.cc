#include "hub/endpoint_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "pki/algorithms.h"
#include "pki/extensions.h"

namespace chancery::hub {
namespace {

using Kind = pki::GeneralName::Kind;

constexpr std::pair<std::string_view, ClientPreset> preset_names[] = {
    {"rfc8894", ClientPreset::rfc8894}, {"cisco-ios", ClientPreset::cisco_ios}, {"apple", ClientPreset::apple},
    {"windows", ClientPreset::windows}, {"mikrotik", ClientPreset::mikrotik},   {"canon", ClientPreset::canon},
    {"juniper", ClientPreset::juniper},
};

constexpr std::pair<std::string_view, Authoriser> authoriser_names[] = {
    {"challenge", Authoriser::one_time_challenge},
    {"shared-challenge", Authoriser::shared_challenge},
    {"web-hook", Authoriser::web_hook},
    {"manual", Authoriser::manual},
};

constexpr std::pair<std::string_view, Kind> alternative_name_kinds[] = {
    {"dns", Kind::dns},           {"ip", Kind::ip},          {"email", Kind::email},
    {"uri", Kind::uri},           {"upn", Kind::other_name}, {"dirname", Kind::directory_name},
    {"rid", Kind::registered_id},
};

// The value that `text` names in `table`, or an error that lists the choices.
template <class E, std::size_t n>
Result<E> choose(const std::pair<std::string_view, E> (&table)[n], std::string_view text) {
  std::string choices;
  for (const auto& [name, value] : table) {
    if (name == text) return value;
    choices.append(choices.empty() ? "" : ", ").append(name);
  }
  return invalid(fmt::format("'{}' is not one of {}", text, choices));
}

template <class E, std::size_t n>
config::Check check_choice(const std::pair<std::string_view, E> (&table)[n]) {
  return [&table](const std::string& text) -> Status {
    TRY([[maybe_unused]] const E value, choose(table, text));
    return {};
  };
}

Status check_key_type(const std::string& text) {
  if (text == "rsa") return {};
  TRY(const pki::KeySpec spec, pki::key_spec_from_text(text));
  if (spec.family == pki::KeyFamily::rsa)
    return invalid("write rsa here, and the sizes as rsa_least_bits and rsa_most_bits");
  return {};
}

config::OptionSet<EndpointOptions> describe() {
  using O = EndpointOptions;
  config::OptionSet<O> set;
  set.add("preset", &O::preset,
          {.help = "Habits of a family of clients; sets the defaults of the settings below",
           .names = {std::begin(preset_names), std::end(preset_names)}});
  set.add("enabled", &O::enabled, {.help = "Whether the endpoint answers"});
  set.add("authorisers", &O::authorisers,
          {.help = "Who is let in, all of which must agree: challenge, shared-challenge, web-hook, manual",
           .required = true,
           .check = check_choice(authoriser_names)});
  set.add("challenge_lifetime", &O::challenge_lifetime,
          {.help = "How long a new one-time challenge is good for", .min = Seconds(60), .max = std::chrono::days(365)});
  set.add("shared_challenge_file", &O::shared_challenge_file,
          {.help = "File with the password that all devices of a shared-challenge endpoint present",
           .kind = config::TextKind::secret_path});
  set.add("web_hook_url", &O::web_hook_url, {.help = "Where a web-hook endpoint asks whether a request is let in"});
  set.add(
      "web_hook_token_file", &O::web_hook_token_file,
      {.help = "File with the bearer token that goes along to the web hook", .kind = config::TextKind::secret_path});
  set.add("keys", &O::keys,
          {.help = "Key types that may be certified: rsa, ec:p256, ec:p384, ec:p521, ed25519",
           .required = true,
           .check = check_key_type});
  set.add("rsa_least_bits", &O::rsa_least_bits, {.help = "Smallest RSA key", .unit = "bits", .min = 2048, .max = 4096});
  set.add("rsa_most_bits", &O::rsa_most_bits, {.help = "Largest RSA key", .unit = "bits", .min = 2048, .max = 4096});
  set.add("subject", &O::subject,
          {.help = "Template of the subject, for example CN={CN},O=Example; empty: as requested"});
  set.add("alternative_names", &O::alternative_names,
          {.help = "Kinds of subject alternative names that may be asked for: dns, ip, email, uri, upn, dirname, rid",
           .check = check_choice(alternative_name_kinds)});
  set.add("dns_suffixes", &O::dns_suffixes, {.help = "Where set, DNS names must equal or end in one of these"});
  set.add("wildcards", &O::wildcards, {.help = "Whether DNS names like *.example.com are allowed"});
  set.add("extensions", &O::extensions,
          {.help = "Object identifiers of extensions that are copied from the request",
           .check = [](const std::string& text) -> Status {
             TRY([[maybe_unused]] const pki::Oid oid, pki::Oid::from_dotted(text));
             return {};
           }});
  set.add("extended_key_usages", &O::extended_key_usages,
          {.help = "What certificates are for: serverAuth, clientAuth, ipsecIKE, … or an object identifier",
           .required = true,
           .check = [](const std::string& text) -> Status {
             TRY([[maybe_unused]] const pki::Oid oid, pki::extended_key_usage_from_text(text));
             return {};
           }});
  set.add("validity", &O::validity,
          {.help = "Lifetime of a certificate", .min = Seconds(60), .max = std::chrono::days(20 * 365)});
  set.add("backdate", &O::backdate,
          {.help = "How long before now a certificate's life begins, for devices with a slow clock",
           .max = std::chrono::days(7)});
  set.add("renewal", &O::renewal, {.help = "Whether a certificate may be renewed with its own key"});
  set.add(
      "renewals_per_certificate", &O::renewals_per_certificate,
      {.help = "How many renewals of one certificate, and how many certificates of one key, may be valid at the same "
               "time before another renewal is refused; 0: any number",
       .min = 0,
       .max = 1000});
  set.add("renewal_window", &O::renewal_window,
          {.help = "How long before expiry renewal is possible; 0: at any time", .max = std::chrono::days(20 * 365)});
  set.add("renewal_grace", &O::renewal_grace,
          {.help = "How long after its end a certificate may still be renewed by whoever has its key, for devices that "
                   "were off; 0: not at all",
           .max = std::chrono::days(366)});
  set.add("renewal_may_change_names", &O::renewal_may_change_names,
          {.help = "Whether a renewal may ask for another subject or other alternative names"});
  set.add("allow_3des_sha1", &O::allow_3des_sha1,
          {.help = "Accept the weak algorithms of old clients: 3DES and SHA-1"});
  set.add("insecure_allow_single_des_and_md5", &O::insecure_allow_single_des_and_md5,
          {.help = "Accept broken algorithms that RFC 8894 forbids: single DES and MD5; needs allow_3des_sha1, too"});
  set.add("ca_chain", &O::ca_chain,
          {.help = "Which CA certificates GetCACert gives besides the RA's",
           .names = {{"issuing", CaChain::issuing}, {"issuing-and-root", CaChain::issuing_and_root}}});
  set.add("chain_in_reply", &O::chain_in_reply,
          {.help = "Whether the issuing CA's certificate goes along with an issued one"});
  set.add("signing_time_tolerance", &O::signing_time_tolerance,
          {.help = "How far a message's signingTime may be off; 0: it is not looked at", .max = std::chrono::days(7)});
  return set;
}

ca::KeyRules key_rules(const EndpointOptions& options) {
  const auto listed = [&](std::string_view type) {
    return std::ranges::find(options.keys, type) != options.keys.end();
  };
  ca::KeyRules rules{.rsa_least_bits = static_cast<int>(options.rsa_least_bits),
                     .rsa_most_bits = static_cast<int>(options.rsa_most_bits),
                     .p256 = listed("ec:p256"),
                     .p384 = listed("ec:p384"),
                     .p521 = listed("ec:p521"),
                     .ed25519 = listed("ed25519")};
  if (!listed("rsa")) rules.rsa_least_bits = rules.rsa_most_bits = 0;
  return rules;
}

// REQUIRES: the lists passed the checks of their descriptions.
Result<ca::Policy> policy_of(const EndpointOptions& options) {
  ca::Policy policy{.keys = key_rules(options),
                    .subject_template = options.subject,
                    .dns_suffixes = options.dns_suffixes,
                    .wildcards = options.wildcards,
                    .extended_key_usages = {},
                    .validity = options.validity,
                    .backdate = options.backdate,
                    .renewal_window = options.renewal_window,
                    .renewal_may_change_names = options.renewal_may_change_names};
  for (const std::string& text : options.alternative_names) {
    TRY(const Kind kind, choose(alternative_name_kinds, text));
    policy.alternative_names.push_back(kind);
  }
  for (const std::string& text : options.extensions) {
    TRY(const pki::Oid oid, pki::Oid::from_dotted(text));
    policy.passed_extensions.push_back(oid);
  }
  for (const std::string& text : options.extended_key_usages) {
    TRY(const pki::Oid oid, pki::extended_key_usage_from_text(text));
    policy.extended_key_usages.push_back(oid);
  }
  TRY_STATUS(ca::check(policy));
  return policy;
}

// Everything that no single setting can know to be wrong.
std::vector<std::string> contradictions(const EndpointOptions& options) {
  std::vector<std::string> problems;
  const auto listed = [&](std::string_view name) {
    return std::ranges::find(options.authorisers, name) != options.authorisers.end();
  };
  if (listed("challenge") && listed("shared-challenge"))
    problems.emplace_back("authorisers: a request carries one challengePassword; choose challenge or shared-challenge");
  if (listed("shared-challenge") && options.shared_challenge_file.empty())
    problems.emplace_back("shared_challenge_file: needed by the authoriser shared-challenge");
  if (listed("web-hook") && options.web_hook_url.empty())
    problems.emplace_back("web_hook_url: needed by the authoriser web-hook");
  if (!options.web_hook_url.empty() && !options.web_hook_url.starts_with("https://") &&
      !options.web_hook_url.starts_with("http://"))
    problems.emplace_back("web_hook_url: must begin with https:// or http://");
  if (options.rsa_least_bits > options.rsa_most_bits)
    problems.emplace_back("rsa_least_bits: larger than rsa_most_bits");
  if (options.insecure_allow_single_des_and_md5 && !options.allow_3des_sha1)
    problems.emplace_back(
        "insecure_allow_single_des_and_md5: needs allow_3des_sha1=true, too: it is a second step, not a first");
  if (options.renewal_window > options.validity) problems.emplace_back("renewal_window: longer than validity");
  return problems;
}

}  // namespace

bool Endpoint::needs(Authoriser authoriser) const {
  return std::ranges::find(authorisers, authoriser) != authorisers.end();
}

bool is_endpoint_name(std::string_view name) {
  const auto letter_or_digit = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 64 && letter_or_digit(name[0]) &&
         std::ranges::all_of(name, [&](char c) { return letter_or_digit(c) || c == '-' || c == '_' || c == '.'; });
}

const config::OptionSet<EndpointOptions>& endpoint_option_set() {
  static const config::OptionSet<EndpointOptions> set = describe();
  return set;
}

EndpointOptions preset_options(ClientPreset preset) {
  EndpointOptions options{.preset = preset};
  switch (preset) {
    case ClientPreset::rfc8894: break;
    // Routers up to IOS 15.x offer 3DES and SHA-1 only, and want the CA's certificate beside their own.
    case ClientPreset::cisco_ios:
      options.allow_3des_sha1 = true;
      options.alternative_names = {"dns", "ip"};
      break;
    // Old iOS and macOS sign with SHA-1 and encrypt with 3DES.
    case ClientPreset::apple:
      options.allow_3des_sha1 = true;
      options.alternative_names = {"dns", "email", "uri", "upn"};
      options.extended_key_usages = {"clientAuth"};
      break;
    // The Windows client takes the root from elsewhere and stumbles over it in GetCACert.
    case ClientPreset::windows:
      options.ca_chain = CaChain::issuing;
      options.allow_3des_sha1 = true;
      options.alternative_names = {"dns", "email", "uri", "upn"};
      options.extended_key_usages = {"clientAuth"};
      break;
    case ClientPreset::mikrotik:
      options.allow_3des_sha1 = true;
      options.alternative_names = {"dns", "ip", "email"};
      break;
    // Printers are built for the server of Windows 2008 to 2016: 3DES and SHA-1, certificates for TLS and IPsec.
    case ClientPreset::canon:
      options.allow_3des_sha1 = true;
      options.alternative_names = {"dns", "ip"};
      options.extended_key_usages = {"serverAuth", "clientAuth", "ipsecIKE"};
      break;
    // Refuses a reply that holds more than its own certificate.
    case ClientPreset::juniper:
      options.chain_in_reply = false;
      options.allow_3des_sha1 = true;
      options.alternative_names = {"dns", "ip", "email"};
      options.extended_key_usages = {"serverAuth", "clientAuth", "ipsecIKE"};
      break;
  }
  return options;
}

Result<ClientPreset> preset_from_text(std::string_view text) { return choose(preset_names, text); }

Result<EndpointOptions> apply_settings(EndpointOptions base, const std::vector<config::Setting>& settings) {
  for (const config::Setting& setting : settings)
    if (setting.key == "preset") {
      TRY_IN("preset", const ClientPreset preset, preset_from_text(setting.value));
      base = preset_options(preset);
    }
  std::vector<std::string> problems;
  for (const config::Setting& setting : settings)
    if (Status done = endpoint_option_set().set(base, setting.key, setting.value); !done)
      problems.push_back(done.error().text());
  if (!problems.empty()) return invalid(config::join_problems(problems));
  return base;
}

Result<Endpoint> make_endpoint(std::string_view name, const EndpointOptions& options, const SecretReader& read_secret) {
  if (!is_endpoint_name(name))
    return invalid(
        fmt::format("'{}' cannot be an endpoint's name: use a-z, 0-9, '-', '_' and '.', at most 64 characters", name));
  std::vector<std::string> problems = endpoint_option_set().check(options);
  if (options.authorisers.empty()) {
    std::erase_if(problems, [](const std::string& problem) { return problem.starts_with("authorisers:"); });
    problems.emplace_back("authorisers: say who is let in: challenge, shared-challenge, web-hook or manual");
  }
  std::ranges::move(contradictions(options), std::back_inserter(problems));
  if (!problems.empty()) return invalid(config::join_problems(problems));

  Endpoint endpoint{.name = std::string(name),
                    .enabled = options.enabled,
                    .web_hook_url = options.web_hook_url,
                    .web_hook_token_file = options.web_hook_token_file,
                    .challenge_lifetime = options.challenge_lifetime,
                    .renewal = options.renewal,
                    .renewal_grace = options.renewal_grace,
                    .renewals_per_certificate = static_cast<int>(options.renewals_per_certificate),
                    .allow_3des_sha1 = options.allow_3des_sha1,
                    .insecure_allow_single_des_and_md5 = options.insecure_allow_single_des_and_md5,
                    .ca_chain = options.ca_chain,
                    .chain_in_reply = options.chain_in_reply,
                    .signing_time_tolerance = options.signing_time_tolerance};
  for (const std::string& text : options.authorisers) {
    TRY(const Authoriser authoriser, choose(authoriser_names, text));
    if (!endpoint.needs(authoriser)) endpoint.authorisers.push_back(authoriser);
  }
  TRY(endpoint.policy, policy_of(options));
  if (endpoint.needs(Authoriser::shared_challenge)) {
    TRY_IN("shared_challenge_file", const SecretBytes secret, read_secret(options.shared_challenge_file));
    if (secret.empty()) return invalid("shared_challenge_file: the file is empty");
    endpoint.shared_challenge_hash = pki::hash(pki::Digest::sha256, secret.view());
  }
  return endpoint;
}

std::vector<std::string> warnings_of(const Endpoint& endpoint) {
  std::vector<std::string> warnings;
  if (endpoint.needs(Authoriser::shared_challenge))
    warnings.emplace_back(
        "shared challenge: whoever learns it from one device can enrol any name that the policy allows; prefer "
        "one-time challenges");
  if (endpoint.insecure_allow_single_des_and_md5)
    warnings.emplace_back(
        "single DES and MD5 are broken: anybody on the network path can read and forge this endpoint's messages");
  else if (endpoint.allow_3des_sha1)
    warnings.emplace_back("3DES and SHA-1 are weak; allow them only where a client cannot do better");
  if (endpoint.web_hook_url.starts_with("http://"))
    warnings.emplace_back("the web hook is asked without TLS: challenges pass the network in the clear");
  return warnings;
}

}  // namespace chancery::hub
