#pragma once

// One SCEP URL with its policy: who is let in, what is issued, which algorithms, which client's habits. An Endpoint is
// checked: only make_endpoint() (endpoint_options.h) makes one from settings.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "ca/policy.h"

namespace chancery::hub {

// What decides whether a first request is let in. All that an endpoint lists must pass; none listed is not a
// configuration.
enum class Authoriser : std::uint8_t { one_time_challenge, shared_challenge, web_hook, manual };

// Which certificates GetCACert gives besides the RA's.
enum class CaChain : std::uint8_t { issuing, issuing_and_root };

struct Endpoint {
  std::string name;
  bool enabled = true;
  std::vector<Authoriser> authorisers;
  Bytes shared_challenge_hash;  // SHA-256 of what stands in the file; for shared_challenge
  std::string web_hook_url;
  std::string web_hook_token_file;
  Seconds challenge_lifetime{0};
  ca::Policy policy;
  bool renewal = false;
  Seconds renewal_grace{0};          // how long after its end a certificate can still be renewed, and used for the link
  int renewals_per_certificate = 0;  // 0: any number
  bool allow_3des_sha1 = false;
  bool insecure_allow_single_des_and_md5 = false;
  CaChain ca_chain = CaChain::issuing;
  bool chain_in_reply = false;
  Seconds signing_time_tolerance{0};

  [[nodiscard]] bool needs(Authoriser authoriser) const;
};

// One path segment: a-z, 0-9, '-', '_' and '.', 1 to 64 characters, the first a letter or digit.
[[nodiscard]] bool is_endpoint_name(std::string_view name);

}  // namespace chancery::hub
