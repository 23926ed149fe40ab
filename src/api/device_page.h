#pragma once

// The page for a person in front of a device: which authority this is, how to check that it is the right one, and where
// to enrol. One HTML document without scripts, pictures or anything from elsewhere.

#include <cstdint>
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
    std::string title;  // "CRL of generation 1"
    std::string path;   // "/crl/1.crl"
    std::uint64_t number = 0;
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
  std::vector<Crl> crls;  // empty when there are none, or they cannot be read now
  std::vector<ScepUrl> scep_urls;
};

[[nodiscard]] std::string render(const DevicePage& page);
// The Content-Security-Policy under which it is shown: its one style sheet, by hash, and nothing else.
[[nodiscard]] const std::string& device_page_security_policy();

}  // namespace chancery::api
