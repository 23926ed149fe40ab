#include "ca/issuer.h"

#include <algorithm>

#include "base/check.h"
#include "ca/lint.h"

namespace chancery::ca {
namespace {

namespace tag = pki::der::tag;
namespace oids = pki::oids;

std::vector<pki::Extension> make_issuer_pointers(const pki::Certificate& issuer, const PublicationUris& publication) {
  std::vector<pki::Extension> pointers;
  const auto identifier = authority_key_identifier(issuer);
  CHECK(identifier.has_value());
  pointers.push_back(pki::make_authority_key_identifier(*identifier));
  if (!publication.crl.empty()) pointers.push_back(pki::make_crl_distribution_points(publication.crl));
  if (!publication.ca_issuers.empty() || !publication.ocsp.empty())
    pointers.push_back(
        pki::make_authority_information_access({.ocsp = publication.ocsp, .ca_issuers = publication.ca_issuers}));
  return pointers;
}

std::vector<std::string> texts_of(const std::vector<pki::GeneralName>& names) {
  std::vector<std::string> texts;
  texts.reserve(names.size());
  for (const pki::GeneralName& name : names) texts.push_back(pki::to_string(name));
  return texts;
}

// The AlgorithmIdentifier inside a TBSCertificate, as encoded.
Result<ByteView> algorithm_in(ByteView tbs) {
  TRY(const pki::der::Element whole, pki::der::only_element(tbs, tag::sequence, "tbsCertificate"));
  pki::der::Reader reader(whole.content);
  TRY([[maybe_unused]] const auto version, reader.optional(tag::context_constructed(0)));
  TRY([[maybe_unused]] const auto serial, reader.expect(tag::integer, "serialNumber"));
  TRY(const pki::der::Element algorithm, reader.expect(tag::sequence, "signature"));
  return algorithm.whole;
}

}  // namespace

Result<Bytes> authority_key_identifier(const pki::Certificate& issuer) {
  if (const pki::Extension* const extension = issuer.extension(oids::subject_key_identifier)) {
    auto identifier = pki::read_subject_key_identifier(extension->value);
    if (identifier && !identifier->empty()) return identifier;
  }
  TRY_IN("issuing certificate", const pki::PublicKey key, issuer.public_key());
  return key.key_identifier();
}

pki::Serial make_serial(Random& random) {
  pki::Serial serial{.octets = Bytes(17)};
  serial.octets[0] = 0x01;
  random.fill(std::span(serial.octets).subspan(1));
  return serial;
}

// Of the key usages, RSA keys get keyEncipherment for TLS without forward secrecy and for SCEP's own replies; EC keys
// get no keyAgreement, which only static ECDH would need.
//
// basicConstraints is written although RFC 5280 section 4.2.1.9 would let it be left out: a verifier that is lax about
// its absence cannot take a device's certificate for a CA's.
Issuer::Issuer(Options options, Random& random)
    : options_(std::move(options)),
      random_(random),
      algorithm_(options_.key.default_algorithm()),
      basic_constraints_(pki::make_basic_constraints({.ca = false})),
      rsa_key_usage_(pki::make_key_usage({.digital_signature = true, .key_encipherment = true})),
      signing_key_usage_(pki::make_key_usage({.digital_signature = true})),
      issuer_pointers_(make_issuer_pointers(options_.certificate, options_.publication)) {
  CHECK(options_.generation > 0);
}

std::vector<pki::Extension> Issuer::extensions_for(const Policy& policy, const IssuanceRequest& request,
                                                   bool empty_subject) const {
  std::vector<pki::Extension> extensions;
  extensions.reserve(8 + policy.passed_extensions.size());
  extensions.push_back(basic_constraints_);
  extensions.push_back(request.key.spec().family == pki::KeyFamily::rsa ? rsa_key_usage_ : signing_key_usage_);
  extensions.push_back(pki::make_extended_key_usage(policy.extended_key_usages));
  // RFC 5280 section 4.2.1.6: critical where it is all that names the holder.
  if (!request.alternative_names.empty())
    extensions.push_back(pki::make_subject_alternative_name(request.alternative_names, empty_subject));
  extensions.push_back(pki::make_subject_key_identifier(request.key.key_identifier()));
  extensions.insert(extensions.end(), issuer_pointers_.begin(), issuer_pointers_.end());
  for (const pki::Oid& oid : policy.passed_extensions) {
    const pki::Extension* const asked = pki::find_extension(request.extensions, oid);
    // check() keeps these apart from what is set above; an extension must not stand twice (RFC 5280 section 4.2).
    if (asked != nullptr && pki::find_extension(extensions, oid) == nullptr) extensions.push_back(*asked);
  }
  return extensions;
}

Result<Approved> Issuer::prepare(const Policy& policy, const IssuanceRequest& request, Timestamp now) const {
  TRY(const pki::Name subject, subject_for(policy, request.subject));
  const pki::Certificate& issuer = options_.certificate;
  const pki::CertificateContent content{
      .serial = make_serial(random_),
      .issuer_der = to_bytes(issuer.subject_der()),
      .subject_der = subject.to_der(),
      .validity = {.not_before = std::max(now - policy.backdate, issuer.validity().not_before),
                   .not_after = now + policy.validity},
      .spki = to_bytes(request.key.spki()),
      .extensions = extensions_for(policy, request, subject.empty()),
  };
  const std::vector<Finding> findings = lint({.policy = policy,
                                              .content = content,
                                              .subject = subject,
                                              .alternative_names = request.alternative_names,
                                              .key = request.key,
                                              .issuer = issuer,
                                              .now = now,
                                              .authority_keys = options_.authority_keys,
                                              .above = options_.above});
  if (!findings.empty()) return refused(to_text(findings));

  Approved approved;
  approved.serial_ = content.serial;
  approved.tbs_ = pki::encode_tbs(content, algorithm_);
  approved.validity_ = content.validity;
  approved.subject_text_ = subject.to_text();
  approved.alternative_name_texts_ = texts_of(request.alternative_names);
  approved.key_fingerprint_ = request.key.fingerprint();
  approved.generation_ = options_.generation;
  return approved;
}

Result<Approved> Issuer::resume(Bytes tbs) const {
  // Read as the certificate that it will be, with an empty signature.
  TRY_IN("intent", const pki::Certificate certificate,
         pki::Certificate::from_der(pki::assemble_signed(tbs, algorithm_, {})));
  TRY_IN("intent", const ByteView algorithm, algorithm_in(tbs));
  pki::der::Writer expected;
  pki::write_algorithm(expected, algorithm_);
  const pki::Extension* const pointer = certificate.extension(oids::authority_key_identifier);
  if (!equal(algorithm, expected.view()) || !equal(certificate.issuer_der(), options_.certificate.subject_der()) ||
      pointer == nullptr || !equal(pointer->value, issuer_pointers_.front().value))
    return invalid("intent: it was approved for another generation's key");
  TRY_IN("intent", const pki::PublicKey key, certificate.public_key());

  Approved approved;
  approved.serial_ = certificate.serial();
  approved.validity_ = certificate.validity();
  approved.subject_text_ = certificate.subject().to_text();
  approved.alternative_name_texts_ = texts_of(certificate.subject_alternative_names());
  approved.key_fingerprint_ = key.fingerprint();
  approved.generation_ = options_.generation;
  approved.tbs_ = std::move(tbs);
  return approved;
}

Result<pki::Certificate> Issuer::sign(Approved approved) const {
  // Of another generation, or moved from: signed already.
  CHECK(approved.generation_ == options_.generation && !approved.tbs_.empty());
  TRY(const Bytes der, pki::sign_tbs(approved.tbs_, algorithm_, options_.key));
  return pki::Certificate::from_der(der);
}

}  // namespace chancery::ca
