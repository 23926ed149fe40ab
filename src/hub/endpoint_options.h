#pragma once

// An endpoint as people write it: settings described once, presets for families of clients, and the check that turns
// them into an Endpoint.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/option.h"
#include "hub/endpoint.h"

namespace chancery::hub {

// Habits of a family of clients: choosing one sets the defaults of the settings, each of which can still be changed.
enum class ClientPreset : std::uint8_t { rfc8894, cisco_ios, apple, windows, mikrotik, canon, juniper };

struct EndpointOptions {
  ClientPreset preset = ClientPreset::rfc8894;
  bool enabled = true;
  std::vector<std::string> authorisers;
  std::string shared_challenge_file;
  std::string web_hook_url;
  std::string web_hook_token_file;
  Seconds challenge_lifetime = std::chrono::hours(1);
  std::vector<std::string> keys = {"rsa", "ec:p256", "ec:p384", "ec:p521", "ed25519"};
  std::int64_t rsa_least_bits = 2048;
  std::int64_t rsa_most_bits = 4096;
  std::string subject;
  std::vector<std::string> alternative_names;
  std::vector<std::string> dns_suffixes;
  bool wildcards = false;
  std::vector<std::string> extensions;
  std::vector<std::string> extended_key_usages = {"serverAuth", "clientAuth"};
  Seconds validity = std::chrono::days(365);
  Seconds backdate = std::chrono::hours(1);
  bool renewal = true;
  std::int64_t renewals_per_certificate = 8;
  Seconds renewal_window{0};
  Seconds renewal_grace{0};
  bool renewal_may_change_names = false;
  bool allow_3des_sha1 = false;
  bool insecure_allow_single_des_and_md5 = false;
  CaChain ca_chain = CaChain::issuing_and_root;
  bool chain_in_reply = true;
  Seconds signing_time_tolerance{0};
};

[[nodiscard]] const config::OptionSet<EndpointOptions>& endpoint_option_set();
// The defaults for that family of clients.
[[nodiscard]] EndpointOptions preset_options(ClientPreset preset);
Result<ClientPreset> preset_from_text(std::string_view text);

// The preset among `settings` first, then the other settings in order, on top of `base`.
Result<EndpointOptions> apply_settings(EndpointOptions base, const std::vector<config::Setting>& settings);

// Reads a file that holds a secret, without its trailing line break.
using SecretReader = std::function<Result<SecretBytes>(const std::string& path)>;

// The checked endpoint, or all that is wrong, one problem a line.
Result<Endpoint> make_endpoint(std::string_view name, const EndpointOptions& options, const SecretReader& read_secret);

// What is allowed and still deserves a warning: a shared challenge, weak algorithms, a web hook without TLS.
[[nodiscard]] std::vector<std::string> warnings_of(const Endpoint& endpoint);

}  // namespace chancery::hub
