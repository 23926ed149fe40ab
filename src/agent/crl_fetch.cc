#include "agent/crl_fetch.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/enrolment.h"
#include "pki/signed_data.h"

namespace chancery::agent {
namespace {

// The CA certificate whose key signed `certificate`: its name alone may stand on several.
Result<pki::Certificate> issuer_of(const pki::Certificate& certificate, const Credential& credential,
                                   const Authority& authority) {
  std::vector<pki::Certificate> known = authority.authorities();
  // An authority that moved on to its next generation shows only that one.
  known.insert(known.end(), credential.chain.begin(), credential.chain.end());
  known.insert(known.end(), credential.authorities.begin(), credential.authorities.end());
  for (const pki::Certificate& candidate : known) {
    const auto key = candidate.public_key();
    if (equal(candidate.subject_der(), certificate.issuer_der()) && key && certificate.signed_by(*key))
      return candidate;
  }
  return not_found(fmt::format("the CA '{}', which issued our certificate, is not one of this server's",
                               certificate.issuer().to_text()));
}

Result<scep::Reply> ask(ScepClient& client, const pki::Certificate& certificate, const Authority& authority,
                        const scep::Identity& requester, Random& random) {
  const Bytes wanted =
      pki::write_issuer_and_serial({.issuer_der = to_bytes(certificate.issuer_der()), .serial = certificate.serial()});
  return client.exchange({.type = scep::MessageType::get_crl,
                          .transaction_id = scep::TransactionId::from_text(to_hex(random.bytes(16))),
                          .content = wanted,
                          .authority = authority.certificates,
                          .requester = requester});
}

Result<scep::Reply> ask_with_throw_away_key(ScepClient& client, const pki::Certificate& certificate,
                                            const Authority& authority, Clock& clock, Random& random) {
  TRY(const pki::PrivateKey key, pki::PrivateKey::generate({.family = pki::KeyFamily::rsa, .bits = 2048}));
  TRY(const pki::Certificate signer, make_signer(key, certificate.subject(), clock.now(), random));
  return ask(client, certificate, authority, {signer, key}, random);
}

}  // namespace

Status check_crl(const pki::Crl& crl, const pki::Certificate& issuer, Timestamp now) {
  if (!crl.issuer().matches(issuer.subject()))
    return refused(
        fmt::format("the CRL is by '{}', and not by '{}'", crl.issuer().to_text(), issuer.subject().to_text()));
  TRY_IN("the issuer's key", const pki::PublicKey key, issuer.public_key());
  if (!crl.signed_by(key)) return refused("the CRL is not signed with the issuing CA's key");
  if (issuer.key_usage() && !issuer.key_usage()->crl_sign)
    return refused("the issuing CA's certificate does not allow it to sign CRLs");
  if (crl.this_update() > now)
    return refused(
        fmt::format("the CRL is of {}, which is to come: check this machine's clock", to_rfc3339(crl.this_update())));
  if (crl.next_update() && *crl.next_update() < now)
    return refused(fmt::format("the CRL ended on {}: the server has no newer one", to_rfc3339(*crl.next_update())));
  const bool narrowed = std::ranges::any_of(crl.extensions(), &pki::Extension::critical);
  if (narrowed) return refused("the CRL has a critical extension: it does not cover all certificates");
  return {};
}

Result<pki::Crl> fetch_crl(ScepClient& client, const Credential& credential, const Authority& authority, Clock& clock,
                           Random& random) {
  const pki::Certificate& certificate = credential.certificate;
  TRY(const pki::Certificate issuer, issuer_of(certificate, credential, authority));
  TRY(const scep::Reply reply, credential.key.public_key().can_encrypt()
                                   ? ask(client, certificate, authority, {certificate, credential.key}, random)
                                   : ask_with_throw_away_key(client, certificate, authority, clock, random));
  if (const auto* rejected = std::get_if<scep::Rejected>(&reply))
    return refused(fmt::format("the server refused to give the CRL: {}{}{}", scep::to_string(rejected->info),
                               rejected->text.empty() ? "" : ": ", rejected->text));
  const auto* granted = std::get_if<scep::Granted>(&reply);
  if (granted == nullptr || granted->bundle.crls.empty()) return invalid("the server's answer holds no CRL");
  TRY_IN("reading the CRL", pki::Crl crl, pki::Crl::from_der(granted->bundle.crls.front()));
  TRY_STATUS(check_crl(crl, issuer, clock.now()));
  return crl;
}

}  // namespace chancery::agent
