#include "ca/authority.h"

#include <fmt/format.h>

#include <algorithm>

#include "pki/name_constraints.h"
#include "pki/string_types.h"

namespace chancery::ca {
namespace {

namespace oids = pki::oids;

// Devices whose clock is a little slow must be able to use a fresh authority at once.
constexpr Seconds backdate = std::chrono::hours(1);
constexpr std::size_t most_characters = 64;  // ub-common-name and ub-organization-name, RFC 5280 appendix A.1

// "CN=<prefix> <role>,O=<organization>".
Result<pki::Name> name_for(const AuthorityNames& names, std::string_view role) {
  const std::string& prefix = names.common_name.empty() ? names.organization : names.common_name;
  if (prefix.empty()) return invalid("the authority needs an organization or a common name");
  for (const std::string& part : {names.organization, names.common_name}) {
    if (!pki::is_utf8(part) || pki::has_control_characters(part))
      return invalid("the authority's name is not UTF-8, or has a control character");
  }
  const std::string common_name = fmt::format("{} {}", prefix, role);
  // Counted in octets: a little strict for names beyond ASCII.
  if (names.organization.size() > most_characters || common_name.size() > most_characters)
    return invalid(
        fmt::format("the authority's name is too long: '{}' may have {} characters", common_name, most_characters));
  pki::Name name;
  if (!names.organization.empty()) name.add(oids::organization, names.organization);
  name.add(oids::common_name, common_name);
  return name;
}

// Who signs: a certificate and its key. The certificate is nothing for a root, which signs itself.
struct Signer {
  const pki::Certificate* certificate = nullptr;
  const pki::PrivateKey& key;
};

struct Wanted {
  pki::Name subject;
  const pki::PublicKey& key;
  pki::BasicConstraints constraints;
  pki::KeyUsage usage;
  Seconds validity{0};
  const PublicationUris& publication;
};

Result<pki::Certificate> certify(const Wanted& wanted, const Signer& signer, Timestamp now, Random& random) {
  if (wanted.validity <= Seconds(0)) return invalid("the validity must be longer than nothing");
  const Bytes subject = wanted.subject.to_der();
  pki::CertificateContent content{
      .serial = make_serial(random),
      .issuer_der = subject,
      .subject_der = subject,
      .validity = {.not_before = now - backdate, .not_after = now + wanted.validity},
      .spki = to_bytes(wanted.key.spki()),
      .extensions = {pki::make_basic_constraints(wanted.constraints), pki::make_key_usage(wanted.usage),
                     pki::make_subject_key_identifier(wanted.key.key_identifier())},
  };
  if (signer.certificate != nullptr) {
    const pki::Validity& outer = signer.certificate->validity();
    if (!outer.contains(now))
      return refused(fmt::format("the signing certificate {} is valid from {} to {}, not now",
                                 signer.certificate->subject().to_text(), to_rfc3339(outer.not_before),
                                 to_rfc3339(outer.not_after)));
    content.issuer_der = to_bytes(signer.certificate->subject_der());
    content.validity.not_before = std::max(content.validity.not_before, outer.not_before);
    content.validity.not_after = std::min(content.validity.not_after, outer.not_after);
    TRY(const Bytes identifier, authority_key_identifier(*signer.certificate));
    content.extensions.push_back(pki::make_authority_key_identifier(identifier));
  }
  if (!wanted.publication.crl.empty())
    content.extensions.push_back(pki::make_crl_distribution_points(wanted.publication.crl));
  if (!wanted.publication.ca_issuers.empty() || !wanted.publication.ocsp.empty())
    content.extensions.push_back(pki::make_authority_information_access(
        {.ocsp = wanted.publication.ocsp, .ca_issuers = wanted.publication.ca_issuers}));

  const pki::SignatureAlgorithm algorithm = signer.key.default_algorithm();
  TRY(const Bytes der, pki::sign_tbs(pki::encode_tbs(content, algorithm), algorithm, signer.key));
  return pki::Certificate::from_der(der);
}

Result<pki::PrivateKey> new_key(const AuthorityPlan& plan, const pki::KeySpec& spec) {
  return plan.make_key ? plan.make_key(spec) : pki::PrivateKey::generate(spec);
}

struct RegistrationAuthority {
  pki::Certificate certificate;
  pki::PrivateKey key;
};

// The RA's certificate has no extended key usage: OpenSSL's PKCS#7 verification, which certmonger uses, takes a signer
// with one only if emailProtection is in it, and strongSwan looks at keyUsage alone. None fits all, and a signature
// with this key is good for nothing but SCEP replies anyway: nobody is asked to trust the RA for anything else.
Result<RegistrationAuthority> make_ra(const AuthorityPlan& plan, const Signer& issuing, int number, Timestamp now,
                                      Random& random) {
  if (plan.ra_key.family != pki::KeyFamily::rsa)
    return invalid("the RA key must be RSA: SCEP clients encrypt their requests to it");
  TRY(pki::Name subject, name_for(plan.names, fmt::format("SCEP RA {}", number)));
  TRY(pki::PrivateKey key, new_key(plan, plan.ra_key));
  const PublicationUris nowhere;
  TRY(pki::Certificate certificate, certify({.subject = std::move(subject),
                                             .key = key.public_key(),
                                             .constraints = {.ca = false},
                                             .usage = {.digital_signature = true, .key_encipherment = true},
                                             .validity = plan.ra_validity,
                                             .publication = nowhere},
                                            issuing, now, random));
  return RegistrationAuthority{std::move(certificate), std::move(key)};
}

Status check_issuing_certificate(const pki::Certificate& issuing, Timestamp now) {
  if (!issuing.is_ca()) return invalid("it is no CA certificate: basicConstraints does not say CA:TRUE");
  if (issuing.subject().empty()) return invalid("it has no subject");
  if (!issuing.key_usage() || !issuing.key_usage()->key_cert_sign || !issuing.key_usage()->crl_sign)
    return invalid("its keyUsage must have keyCertSign and cRLSign");
  // RFC 5280 section 4.2.1.2: strict verifiers refuse all that a CA without it has issued.
  const pki::Extension* const identifier = issuing.extension(oids::subject_key_identifier);
  if (identifier == nullptr) return invalid("it has no subjectKeyIdentifier, which RFC 5280 asks of every CA");
  const auto octets = pki::read_subject_key_identifier(identifier->value);
  if (!octets || octets->empty()) return invalid("its subjectKeyIdentifier cannot be read");
  TRY(const pki::PublicKey key, issuing.public_key());
  if (key.spec().family == pki::KeyFamily::rsa && key.spec().bits < 2048)
    return invalid(fmt::format("its RSA key has {} bits, at least 2048 are needed", key.spec().bits));
  if (!issuing.validity().contains(now))
    return invalid(fmt::format("it is valid from {} to {}, not now", to_rfc3339(issuing.validity().not_before),
                               to_rfc3339(issuing.validity().not_after)));
  return {};
}

// What is signed here must be within what `authority` may certify, as devices must (RFC 5280 section 4.2.1.10); nobody
// asks for its purpose.
Status check_names(const pki::Certificate& certificate, const pki::Certificate& authority) {
  const pki::Extension* const constraints = authority.extension(oids::name_constraints);
  if (constraints == nullptr) return {};
  for (const pki::NameOutside& outside : pki::names_outside(
           constraints->value,
           {.subject = certificate.subject(), .alternative_names = certificate.subject_alternative_names()}))
    return invalid(fmt::format("its name '{}' {} of {}: give another organization and name", outside.name,
                               outside.reason, authority.subject().to_text()));
  return {};
}

AuthorityNames names_from(const pki::Certificate& issuing) {
  AuthorityNames names;
  names.organization = issuing.subject().value_of(oids::organization).value_or("");
  if (names.organization.empty()) names.common_name = issuing.subject().value_of(oids::common_name).value_or("CA");
  return names;
}

}  // namespace

Result<Root> make_root(const AuthorityPlan& plan, Timestamp now, Random& random) {
  TRY_IN("root", pki::Name subject, name_for(plan.names, "Root CA"));
  TRY_IN("root", pki::PrivateKey key, new_key(plan, plan.root_key));
  const PublicationUris nowhere;
  TRY_IN("root", pki::Certificate certificate,
         certify({.subject = std::move(subject),
                  .key = key.public_key(),
                  .constraints = {.ca = true},
                  .usage = {.key_cert_sign = true, .crl_sign = true},
                  .validity = plan.root_validity,
                  .publication = nowhere},
                 {.key = key}, now, random));
  return Root{std::move(certificate), std::move(key)};
}

Result<Generation> make_generation(const AuthorityPlan& plan, const Root& root, int number, Timestamp now,
                                   Random& random) {
  if (number < 1) return invalid("generations are numbered from 1");
  if (!root.key) return unavailable("the root's key is not here: a new generation must be signed where it is kept");
  TRY_STATUS_IN("root", check_pair(root.certificate, *root.key));
  TRY_IN("issuing CA", pki::Name subject, name_for(plan.names, fmt::format("Issuing CA {}", number)));
  TRY_IN("issuing CA", pki::PrivateKey key, new_key(plan, plan.issuing_key));
  // RFC 8894 section 2.1.2 wants digitalSignature of the CA certificate that clients see; decrypting is the RA's part.
  TRY_IN("issuing CA", pki::Certificate certificate,
         certify({.subject = std::move(subject),
                  .key = key.public_key(),
                  .constraints = {.ca = true, .path_length = 0},
                  .usage = {.digital_signature = true, .key_cert_sign = true, .crl_sign = true},
                  .validity = plan.issuing_validity,
                  .publication = plan.root_publication},
                 {.certificate = &root.certificate, .key = *root.key}, now, random));
  TRY_STATUS_IN("issuing CA", check_names(certificate, root.certificate));
  TRY_IN("RA", RegistrationAuthority ra, make_ra(plan, {.certificate = &certificate, .key = key}, number, now, random));
  TRY_STATUS_IN("RA", check_names(ra.certificate, root.certificate));
  return Generation{.number = number,
                    .state = Generation::State::current,
                    .issuing = std::move(certificate),
                    .issuing_key = std::move(key),
                    .ra = std::move(ra.certificate),
                    .ra_key = std::move(ra.key)};
}

Result<Generation> import_generation(ForeignCa ca, const AuthorityPlan& plan, int number, Timestamp now,
                                     Random& random) {
  if (number < 1) return invalid("generations are numbered from 1");
  TRY_STATUS_IN("imported certificate", check_issuing_certificate(ca.issuing, now));
  TRY_STATUS_IN("imported certificate", check_pair(ca.issuing, ca.key));
  AuthorityPlan named = plan;
  if (named.names.organization.empty() && named.names.common_name.empty()) named.names = names_from(ca.issuing);
  TRY_IN("RA", RegistrationAuthority ra,
         make_ra(named, {.certificate = &ca.issuing, .key = ca.key}, number, now, random));
  TRY_STATUS_IN("RA", check_names(ra.certificate, ca.issuing));
  for (const pki::Certificate& authority : ca.above) TRY_STATUS_IN("RA", check_names(ra.certificate, authority));
  if (!ca.above.empty()) ca.above.pop_back();
  return Generation{.number = number,
                    .state = Generation::State::current,
                    .issuing = std::move(ca.issuing),
                    .issuing_key = std::move(ca.key),
                    .ra = std::move(ra.certificate),
                    .ra_key = std::move(ra.key),
                    .between = std::move(ca.above)};
}

Status check_path_lengths(std::span<const pki::Certificate> path) {
  int below = 0;  // CAs between this one and a device, without those that only got a new certificate
  for (const pki::Certificate& authority : path) {
    const auto& constraints = authority.basic_constraints();
    if (constraints && constraints->path_length && *constraints->path_length < below)
      return invalid(fmt::format("{} may have at most {} CAs below it (pathLenConstraint), and there would be {}",
                                 authority.subject().to_text(), *constraints->path_length, below));
    if (!authority.self_issued()) ++below;
  }
  return {};
}

// Shown by a signature rather than by comparing encodings: the same key can be written in more than one way.
Status check_pair(const pki::Certificate& certificate, const pki::PrivateKey& key) {
  TRY(const pki::PublicKey expected, certificate.public_key());
  const pki::SignatureAlgorithm algorithm = key.default_algorithm();
  const ByteView sample = as_bytes("chancery: does this key belong to this certificate?");
  TRY(const Bytes signature, key.sign(algorithm, sample));
  if (expected.spec() != key.spec() || !expected.verify(algorithm, sample, signature))
    return invalid("the private key is not the one of the certificate");
  return {};
}

}  // namespace chancery::ca
