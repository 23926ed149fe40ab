#include "agent/authority.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::agent {
namespace {

using Certificates = std::vector<pki::Certificate>;

bool is_authority(const pki::Certificate& certificate) {
  return certificate.is_ca() || (!certificate.basic_constraints() && certificate.self_issued());
}

// The certificate at the top of the issuer's chain. The chain was checked before; only names are followed here.
const pki::Certificate& top_of(const scep::AuthorityCertificates& authority) {
  const pki::Certificate* top = &authority.all[authority.issuer];
  for (std::size_t steps = 0; steps < authority.all.size() && !top->self_issued(); ++steps) {
    const auto above = std::ranges::find_if(authority.all, [&](const pki::Certificate& other) {
      return is_authority(other) && equal(other.subject_der(), top->issuer_der());
    });
    if (above == authority.all.end()) break;
    top = &*above;
  }
  return *top;
}

Result<Authority> trust_what_came(Certificates certificates, Timestamp now) {
  TRY(scep::AuthorityCertificates trusted, scep::trust_on_first_use(std::move(certificates), now));
  pki::Certificate anchor = top_of(trusted);
  return Authority{std::move(trusted), std::move(anchor)};
}

}  // namespace

Result<Bytes> fingerprint_from_text(std::string_view text, bool allow_sha1) {
  TRY_IN("the fingerprint", Bytes fingerprint, from_hex(text));
  if (fingerprint.size() == pki::size_of(pki::Digest::sha256)) return fingerprint;
  if (fingerprint.size() != pki::size_of(pki::Digest::sha1))
    return invalid("the fingerprint is no SHA-256 value: 64 hexadecimal digits are wanted");
  if (!allow_sha1)
    return refused(
        "the fingerprint is a SHA-1 value: ask the CA's operator for the SHA-256 one, or say "
        "--allow-sha1-fingerprint");
  return fingerprint;
}

Certificates Authority::authorities() const {
  Certificates list{issuer()};
  for (const pki::Certificate& certificate : certificates.all)
    if (is_authority(certificate) && !equal(certificate.der(), issuer().der())) list.push_back(certificate);
  return list;
}

Certificates Authority::registration() const {
  Certificates list;
  std::ranges::copy_if(certificates.all, std::back_inserter(list),
                       [](const pki::Certificate& certificate) { return !is_authority(certificate); });
  if (list.empty()) list.push_back(encryption());
  return list;
}

namespace {

Result<Authority> authenticate_now(Certificates certificates, const Pin& pin, Timestamp now) {
  if (pin.fingerprint.empty()) {
    if (!pin.trust_first_use) return refused("no fingerprint says which CA to trust");
    return trust_what_came(std::move(certificates), now);
  }
  const scep::PinDigest allowed = pin.allow_sha1 ? scep::PinDigest::sha256_or_sha1 : scep::PinDigest::sha256;
  TRY(scep::AuthorityCertificates trusted,
      scep::authenticate_authority(std::move(certificates), pin.fingerprint, now, allowed));
  const pki::Digest digest =
      pin.fingerprint.size() == pki::size_of(pki::Digest::sha256) ? pki::Digest::sha256 : pki::Digest::sha1;
  const auto pinned = std::ranges::find_if(trusted.all, [&](const pki::Certificate& certificate) {
    return equal(pki::hash(digest, certificate.der()), pin.fingerprint);
  });
  pki::Certificate anchor = *pinned;  // authenticate_authority() found it
  return Authority{std::move(trusted), std::move(anchor)};
}

}  // namespace

// Where one of them is not good now, the reason may be the clock.
Result<Authority> authenticate(Certificates certificates, const Pin& pin, Timestamp now) {
  const bool all_good =
      std::ranges::all_of(certificates, [&](const auto& certificate) { return certificate.validity().contains(now); });
  Result<Authority> authority = authenticate_now(std::move(certificates), pin, now);
  if (authority || all_good) return authority;
  const Error& error = authority.error();
  return std::unexpected(
      Error(error.code(), fmt::format("{} (this device's clock says {})", error.text(), to_rfc3339(now))));
}

}  // namespace chancery::agent
