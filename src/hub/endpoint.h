#pragma once

// One SCEP URL with its policy: who is let in, what is issued, which algorithms, which client's habits.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "ca/policy.h"

namespace chancery::hub {

// What decides whether a first request is let in. All that an endpoint lists must pass; none listed is not a
// configuration.
enum class Authoriser : std::uint8_t { one_time_challenge, shared_challenge, web_hook, manual };
[[nodiscard]] std::string_view to_string(
    Authoriser authoriser);  // "challenge", "shared-challenge", "web-hook", "manual"

// Habits of a family of clients; setting one sets the options below it, each of which can still be changed.
enum class ClientPreset : std::uint8_t { rfc8894, cisco_ios, apple, windows, mikrotik, canon, juniper };

// Which certificates GetCACert gives besides the RA's.
enum class CaChain : std::uint8_t { issuing, issuing_and_root };

struct Endpoint {
  std::string name;  // one path segment: a-z, 0-9, '-', '_', '.', at most 64 characters
  ClientPreset preset = ClientPreset::rfc8894;
  std::vector<Authoriser> authorisers;
  Bytes shared_challenge_hash;       // SHA-256; for shared_challenge
  std::string web_hook_url;          // for web_hook
  std::string web_hook_secret_file;  // a bearer token in a file; empty: none
  Seconds challenge_lifetime = std::chrono::hours(1);
  ca::Policy policy;
  bool renewal = true;                             // certificates of this endpoint may be renewed by their own key
  bool allow_3des_sha1 = false;                    // weak algorithms of old clients
  bool insecure_allow_single_des_and_md5 = false;  // broken algorithms, forbidden by RFC 8894 section 2.9
  CaChain ca_chain = CaChain::issuing_and_root;
  bool chain_in_reply = true;         // the issuing CA goes along with the certificate
  Seconds signing_time_tolerance{0};  // 0: not looked at; an absent signingTime never is an error
  bool enabled = true;
};

// Everything that makes an endpoint unusable or unsafe, as sentences; empty when it can serve.
[[nodiscard]] std::vector<std::string> problems_of(const Endpoint& endpoint);
// What is allowed and still deserves a warning (a shared challenge, weak algorithms).
[[nodiscard]] std::vector<std::string> warnings_of(const Endpoint& endpoint);

// An endpoint as flat settings ("validity" = "365d"), the form in which it is stored, shown and changed.
// docs/endpoint-settings lists them.
using Settings = std::vector<std::pair<std::string, std::string>>;
struct SettingDescription {
  std::string key;
  std::string default_text;
  std::string help;  // one line, with the choices
};
[[nodiscard]] const std::vector<SettingDescription>& endpoint_settings();
[[nodiscard]] Settings to_settings(const Endpoint& endpoint);
// Applies settings in order onto `endpoint`; an unknown key or a bad value is an error that says what is expected.
Status apply_settings(Endpoint& endpoint, const Settings& settings);
Result<ClientPreset> preset_from_text(std::string_view text);
[[nodiscard]] std::string_view to_string(ClientPreset preset);
void apply_preset(Endpoint& endpoint, ClientPreset preset);

}  // namespace chancery::hub
