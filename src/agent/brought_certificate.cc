#include "agent/brought_certificate.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::agent {
namespace {

using Certificates = std::vector<pki::Certificate>;

bool holds(const Certificates& list, const pki::Certificate& certificate) {
  return std::ranges::any_of(list, [&](const auto& other) { return equal(other.der(), certificate.der()); });
}

void add(Certificates& list, const pki::Certificate& certificate) {
  if (!holds(list, certificate)) list.push_back(certificate);
}

Result<Certificates> anchors_for(const Certificates& known, const Certificates& above,
                                 const BroughtExpectation& expected) {
  if (!expected.fingerprint.empty()) {
    for (const pki::Certificate& certificate : known)
      if (equal(certificate.fingerprint(), expected.fingerprint)) return Certificates{certificate};
    return refused("the CA certificate that the slot's file names by its fingerprint did not come along");
  }
  if (expected.active && !expected.active->authorities.empty()) return expected.active->authorities;
  if (above.empty()) return refused("no CA certificate came along, and the slot trusts none yet");
  const pki::Certificate& top = above.back();
  if (!top.is_ca()) return refused(fmt::format("'{}' is no CA", top.subject().to_text()));
  if (!top.validity().contains(expected.now))
    return refused(fmt::format("the certificate of '{}' is not good now", top.subject().to_text()));
  return Certificates{top};
}

// What stands above the anchor, up to the root: many programs want to see one. It signed what is trusted, and that
// cannot be pretended.
void climb(Certificates& path, const Certificates& known) {
  while (!path.back().self_issued()) {
    const auto above = std::ranges::find_if(known, [&](const pki::Certificate& other) {
      const auto key = other.public_key();
      return other.is_ca() && !holds(path, other) && key && path.back().signed_by(*key);
    });
    if (above == known.end()) return;
    path.push_back(*above);
  }
}

}  // namespace

Result<ReceivedCertificate> check_brought(const std::vector<Bytes>& certificates, const BroughtExpectation& expected) {
  if (certificates.empty()) return invalid("no certificate was given");
  TRY_IN("the certificate", const pki::Certificate leaf, pki::Certificate::from_der(certificates.front()));
  if (!equal(expected.pending.key.public_key().spki(), leaf.spki()))
    return refused("the certificate is for another key than the one that waits here");
  Certificates above;
  for (std::size_t at = 1; at < certificates.size(); ++at) {
    TRY_IN("the chain", pki::Certificate certificate, pki::Certificate::from_der(certificates[at]));
    above.push_back(std::move(certificate));
  }
  Certificates known = above;
  if (expected.active)
    for (const Certificates* list : {&expected.active->chain, &expected.active->authorities})
      for (const pki::Certificate& certificate : *list) add(known, certificate);
  TRY(const Certificates anchors, anchors_for(known, above, expected));
  TRY_IN("the pending request", const auto request, pki::CertificateRequest::from_der(expected.pending.request.view()));
  TRY(Certificates path, check_certificate(leaf, {.request = request,
                                                  .intermediates = known,
                                                  .anchors = anchors,
                                                  .now = expected.now,
                                                  .accept_changed_names = expected.accept_changed_names,
                                                  .floor = expected.floor}));
  climb(path, known);
  path.erase(path.begin());
  ReceivedCertificate received{.certificate = certificates.front(), .chain = {}, .authorities = {}, .source = {}};
  for (const pki::Certificate& certificate : path)
    if (!certificate.self_issued()) received.chain.push_back(to_bytes(certificate.der()));
  if (expected.fingerprint.empty() && expected.active)
    for (const pki::Certificate& certificate : expected.active->authorities) add(path, certificate);
  for (const pki::Certificate& certificate : path) received.authorities.push_back(to_bytes(certificate.der()));
  return received;
}

}  // namespace chancery::agent
