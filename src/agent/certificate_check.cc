#include "agent/certificate_check.h"

#include <fmt/format.h>

#include "pki/path.h"

namespace chancery::agent {
namespace {

using Certificates = std::vector<pki::Certificate>;

Status check_validity(const pki::Certificate& certificate, Timestamp now) {
  const pki::Validity& validity = certificate.validity();
  if (now < validity.not_before)
    return refused(fmt::format("the certificate is not valid before {}: check this machine's clock",
                               to_rfc3339(validity.not_before)));
  if (now > validity.not_after)
    return refused(
        fmt::format("the certificate ended on {}: check this machine's clock", to_rfc3339(validity.not_after)));
  return {};
}

// The anchor is trusted as it is; its own signature says nothing.
Status check_digests(const Certificates& path, pki::Digest least) {
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const auto& algorithm = path[i].signature_algorithm();
    const std::string subject = path[i].subject().to_text();
    if (!algorithm) return refused(fmt::format("the certificate of {} is signed with an unknown algorithm", subject));
    if (algorithm->family != pki::KeyFamily::ed25519 && algorithm->digest < least)
      return refused(fmt::format("the certificate of {} is signed with {}, and at least {} is wanted{}", subject,
                                 pki::to_string(algorithm->digest), pki::to_string(least),
                                 advice_for(algorithm->digest)));
  }
  return {};
}

Status check_names(const pki::Certificate& certificate, const pki::CertificateRequest& request) {
  constexpr std::string_view advice = "; to take it nevertheless, say --accept-changed-names";
  if (!certificate.subject().matches(request.subject()))
    return refused(fmt::format("the certificate's subject is '{}', and '{}' was asked for{}",
                               certificate.subject().to_text(), request.subject().to_text(), advice));
  const auto& got = certificate.subject_alternative_names();
  const auto& wanted = request.subject_alternative_names();
  for (const pki::GeneralName& name : wanted)
    if (!pki::holds(got, name))
      return refused(fmt::format("the certificate lacks the name {}, which was asked for{}", to_string(name), advice));
  for (const pki::GeneralName& name : got)
    if (!pki::holds(wanted, name))
      return refused(
          fmt::format("the certificate has the name {}, which was not asked for{}", to_string(name), advice));
  return {};
}

}  // namespace

Result<Certificates> check_trusted(const pki::Certificate& certificate, const TrustExpectation& expected) {
  TRY_STATUS(check_validity(certificate, expected.now));
  TRY_IN("the certificate does not lead to the trusted CA", Certificates path,
         pki::verify_path({.leaf = &certificate,
                           .intermediates = &expected.intermediates,
                           .anchors = &expected.anchors,
                           .at = expected.now}));
  TRY_STATUS(check_digests(path, expected.floor.digest));
  return path;
}

Result<Certificates> check_certificate(const pki::Certificate& certificate, const PathExpectation& expected) {
  if (!equal(certificate.spki(), expected.request.public_key().spki()))
    return refused("the certificate holds another key than ours");
  TRY(Certificates path, check_trusted(certificate, {.intermediates = expected.intermediates,
                                                     .anchors = expected.anchors,
                                                     .now = expected.now,
                                                     .floor = expected.floor}));
  if (!expected.accept_changed_names) TRY_STATUS(check_names(certificate, expected.request));
  return path;
}

Result<Certificates> check_issued(const pki::Certificate& certificate, const CertificateExpectation& expected) {
  Certificates intermediates = expected.authority.authorities();
  for (const Bytes& der : expected.bundle.certificates) {
    if (equal(der, certificate.der())) continue;
    if (auto sent = pki::Certificate::from_der(der)) intermediates.push_back(*std::move(sent));
  }
  const Certificates anchors{expected.authority.anchor};
  return check_certificate(certificate, {.request = expected.request,
                                         .intermediates = intermediates,
                                         .anchors = anchors,
                                         .now = expected.now,
                                         .accept_changed_names = expected.accept_changed_names,
                                         .floor = expected.floor});
}

}  // namespace chancery::agent
