#include "agent/kept_certificate.h"

#include <algorithm>

#include "agent/certificate_check.h"

namespace chancery::agent {
namespace {

using Certificates = std::vector<pki::Certificate>;

Result<Certificates> anchors_for(const Credential& kept, const Certificates& known, const KeptExpectation& expected) {
  if (expected.fingerprint.empty()) {
    const bool trusts = expected.active && !expected.active->authorities.empty();
    return trusts ? expected.active->authorities : kept.authorities;
  }
  const auto pinned = std::ranges::find_if(
      known, [&](const pki::Certificate& other) { return equal(other.fingerprint(), expected.fingerprint); });
  if (pinned == known.end())
    return refused("the CA certificate that the slot's file names by its fingerprint is not kept with it");
  return Certificates{*pinned};
}

}  // namespace

Status check_kept(const Credential& kept, const KeptExpectation& expected) {
  Certificates known = kept.chain;
  std::ranges::copy(kept.authorities, std::back_inserter(known));
  TRY(const Certificates anchors, anchors_for(kept, known, expected));
  TRY([[maybe_unused]] const Certificates path,
      check_trusted(kept.certificate,
                    {.intermediates = known, .anchors = anchors, .now = expected.now, .floor = expected.floor}));
  return {};
}

}  // namespace chancery::agent
