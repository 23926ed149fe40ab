#pragma once

// The authority's generations as they are shown: which state each is in now, and which CRL it has.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hub/context.h"

namespace chancery::api {

struct GenerationView {
  const hub::WorkingGeneration& generation;
  ca::Generation::State state;  // the keyring's, which changes with a rollover
};

[[nodiscard]] std::string_view to_string(ca::Generation::State state);  // "current"
// In order of their numbers. The references live as long as the keyring.
[[nodiscard]] std::vector<GenerationView> generations_of(const hub::Keyring& keyring);

// The latest CRLs by generation, ca::root_crl for the root's; those that were never made are missing.
Result<std::map<int, ca::CrlRecord>> latest_crls(hub::Context& context);
[[nodiscard]] std::string crl_file_name(int generation);  // "1.crl", "root.crl"

// Root and issuing certificates, the current generation's first, the root last, none twice.
[[nodiscard]] std::vector<pki::Certificate> chain_of(const hub::Keyring& keyring);

// The certificate that a client of `endpoint` should pin: the root, so that a rollover changes nothing; the current
// issuing CA where the endpoint does not send the root.
[[nodiscard]] const pki::Certificate& certificate_to_pin(const hub::Keyring& keyring, const hub::Endpoint& endpoint);

}  // namespace chancery::api
