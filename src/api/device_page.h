#pragma once

// The page for a person in front of a device: which authority this is, how to check that it is the right one, and where
// to enrol. One HTML document without scripts, pictures or anything from elsewhere.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "pki/certificate.h"

namespace chancery::api {

struct DevicePage {
  struct Authority {
    std::string title;  // "Root", "Issuing CA 1"
    std::string note;   // "current", "announced: takes over later"; may be empty
    pki::Certificate certificate;
    std::string path;  // "/ca/root": what ".crt" and ".pem" are put behind
  };
  struct Crl {
    int generation = 1;
    // Nothing when there is none yet, or it cannot be read now.
    std::optional<std::uint64_t> number;
    Timestamp this_update, next_update;
  };
  struct ScepUrl {
    std::string endpoint;
    std::vector<std::string> urls;  // the first is the real one, the others are aliases
    std::string asks_for;           // "a one-time challenge, approval by an administrator"
    std::string fingerprint;        // the certificate to pin here, SHA-256, hexadecimal
  };

  std::string name;  // the authority's
  std::string base_url;
  std::vector<Authority> authorities;
  std::vector<Crl> crls;
  std::vector<ScepUrl> scep_urls;
};

[[nodiscard]] std::string render(const DevicePage& page);
// The Content-Security-Policy under which it is shown: its one style sheet, by hash, and nothing else.
[[nodiscard]] const std::string& device_page_security_policy();

}  // namespace chancery::api
