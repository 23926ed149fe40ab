// The certificates of devices as JSON (json_views.h).

#include <boost/json/array.hpp>

#include "api/certificate_places.h"
#include "api/earlier_certificates.h"
#include "api/json_views.h"
#include "base/check.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

std::string_view to_string(ca::CertificateRecord::State state) {
  switch (state) {
    case ca::CertificateRecord::State::intended: return "intended";
    case ca::CertificateRecord::State::issued: return "issued";
    case ca::CertificateRecord::State::revoked: return "revoked";
  }
  CHECK(false);
}

json::array key_usages(const pki::Certificate& certificate) {
  json::array names;
  if (!certificate.key_usage()) return names;
  const pki::KeyUsage& usage = *certificate.key_usage();
  const std::pair<bool, std::string_view> bits[] = {
      {usage.digital_signature, "digitalSignature"},
      {usage.content_commitment, "contentCommitment"},
      {usage.key_encipherment, "keyEncipherment"},
      {usage.data_encipherment, "dataEncipherment"},
      {usage.key_agreement, "keyAgreement"},
      {usage.key_cert_sign, "keyCertSign"},
      {usage.crl_sign, "cRLSign"},
      {usage.encipher_only, "encipherOnly"},
      {usage.decipher_only, "decipherOnly"},
  };
  for (const auto& [set, name] : bits)
    if (set) names.emplace_back(name);
  return names;
}

json::array extended_key_usages(const pki::Certificate& certificate) {
  json::array names;
  const pki::Extension* extension = certificate.extension(pki::oids::extended_key_usage);
  if (extension == nullptr) return names;
  if (const auto purposes = pki::read_extended_key_usage(extension->value))
    for (const pki::Oid& purpose : *purposes) names.emplace_back(pki::extended_key_usage_text(purpose));
  return names;
}

json::array crl_urls(const pki::Certificate& certificate) {
  json::array urls;
  const pki::Extension* extension = certificate.extension(pki::oids::crl_distribution_points);
  if (extension == nullptr) return urls;
  if (const auto points = pki::read_crl_distribution_points(extension->value))
    for (const std::string& url : *points) urls.emplace_back(url);
  return urls;
}

Shape make_certificate_shape(std::string_view name) {
  return {
      .name = name,
      .fields = {
          {.name = "serial", .help = "Hexadecimal; names the certificate", .required = true},
          {.name = "state",
           .help = "intended: written down, and not signed for all this server knows",
           .required = true,
           .choices = {"intended", "issued", "revoked"}},
          {.name = "status",
           .help = "What it is now; expiring: ends within 30 days, in the last fifth of its life; suspended: its state "
                   "is revoked with the reason certificateHold, and it can be released",
           .required = true,
           .choices = {"pending", "revoked", "suspended", "superseded", "expired", "expiring", "valid"}},
          {.name = "endpoint", .help = "Where it was asked for", .required = true},
          {.name = "generation",
           .type = FieldType::integer,
           .help = "Which generation of the authority issued it",
           .required = true,
           .least = 1},
          {.name = "subject", .help = "RFC 4514", .required = true},
          {.name = "alternative_names",
           .type = FieldType::text_list,
           .help = "Such as dns:host.example",
           .required = true},
          {.name = "not_before", .type = FieldType::time, .help = "Begin of its validity", .required = true},
          {.name = "not_after", .type = FieldType::time, .help = "End of its validity", .required = true},
          {.name = "created", .type = FieldType::time, .help = "When it was issued", .required = true},
          {.name = "key_fingerprint", .help = "SHA-256 of the public key, hexadecimal", .required = true},
          {.name = "fingerprint", .help = "SHA-256 of the certificate, hexadecimal"},
          {.name = "revoked_at", .type = FieldType::time, .help = "When it was revoked"},
          {.name = "reason", .help = "Why it was revoked, as in RFC 5280"},
          {.name = "replaces", .help = "Serial of the certificate that this one renews"},
      }};
}

constexpr std::pair<ca::CertificateStatus, std::string_view> status_names[] = {
    {ca::CertificateStatus::pending, "pending"},     {ca::CertificateStatus::revoked, "revoked"},
    {ca::CertificateStatus::suspended, "suspended"}, {ca::CertificateStatus::superseded, "superseded"},
    {ca::CertificateStatus::expired, "expired"},     {ca::CertificateStatus::expiring, "expiring"},
    {ca::CertificateStatus::valid, "valid"},         {ca::CertificateStatus::current, "current"}};

}  // namespace

std::string_view to_string(ca::CertificateStatus status) {
  for (const auto& [known, name] : status_names)
    if (known == status) return name;
  CHECK(false);
}

std::optional<ca::CertificateStatus> certificate_status_from_text(std::string_view text) {
  for (const auto& [status, name] : status_names)
    if (name == text) return status;
  return std::nullopt;
}

json::object to_json(const ca::CertificateRecord& record, Timestamp now) {
  json::object out{{"serial", record.serial.hex()},
                   {"state", to_string(record.state)},
                   {"status", to_string(ca::status_of(record, now))},
                   {"endpoint", record.endpoint},
                   {"generation", record.generation},
                   {"subject", record.subject},
                   {"alternative_names", to_json(record.alternative_names)},
                   {"not_before", to_rfc3339(record.validity.not_before)},
                   {"not_after", to_rfc3339(record.validity.not_after)},
                   {"created", to_rfc3339(record.created)},
                   {"key_fingerprint", to_hex(record.key_fingerprint)}};
  if (!record.fingerprint.empty()) out["fingerprint"] = to_hex(record.fingerprint);
  if (record.state == ca::CertificateRecord::State::revoked) {
    if (record.revoked_at) out["revoked_at"] = to_rfc3339(*record.revoked_at);
    out["reason"] = pki::to_string(record.reason);
  }
  if (!record.replaces.empty()) out["replaces"] = record.replaces;
  return out;
}

const Shape& certificate_shape() {
  static const Shape shape = [] {
    Shape made = make_certificate_shape("Certificate");
    const std::vector<Field> places = certificate_place_fields();
    made.fields.insert(made.fields.end(), places.begin(), places.end());
    return made;
  }();
  return shape;
}

Result<json::object> to_detailed_json(const ca::CertificateRecord& record, Timestamp now) {
  json::object out = to_json(record, now);
  if (record.der.empty()) return out;
  TRY_IN("the stored certificate", const pki::Certificate certificate, pki::Certificate::from_der(record.der));
  const auto key = certificate.public_key();
  json::array extensions;
  for (const pki::Extension& extension : certificate.extensions())
    extensions.push_back(json::object{
        {"oid", extension.oid.dotted()}, {"name", extension_name(extension.oid)}, {"critical", extension.critical}});
  out["issuer"] = certificate.issuer().to_text();
  out["key_type"] = key ? pki::to_string(key->spec()) : "unknown";
  const auto& algorithm = certificate.signature_algorithm();
  out["signature_algorithm"] =
      algorithm ? std::string(pki::to_string(*algorithm)) : certificate.signature_oid().dotted();
  out["key_usages"] = key_usages(certificate);
  out["extended_key_usages"] = extended_key_usages(certificate);
  out["crl_urls"] = crl_urls(certificate);
  out["extensions"] = std::move(extensions);
  return out;
}

const Shape& certificate_details_shape() {
  static const Shape extension{
      .name = "CertificateExtension",
      .fields = {{.name = "oid", .help = "Dotted", .required = true},
                 {.name = "name", .help = "Such as subjectAltName; else the oid again", .required = true},
                 {.name = "critical", .type = FieldType::flag, .help = "As marked", .required = true}}};
  static const Shape shape = [] {
    Shape made = make_certificate_shape("CertificateDetails");
    const std::vector<Field> places = certificate_place_fields();
    made.fields.insert(made.fields.end(), places.begin(), places.end());
    made.fields.push_back(earlier_field());
    // A certificate that was never signed has none of these.
    made.fields.insert(
        made.fields.end(),
        {{.name = "issuer", .help = "RFC 4514"},
         {.name = "key_type", .help = "Such as rsa:2048 or ec:p256"},
         {.name = "signature_algorithm", .help = "Such as sha256WithRSAEncryption"},
         {.name = "key_usages", .type = FieldType::text_list, .help = "Such as digitalSignature"},
         {.name = "extended_key_usages", .type = FieldType::text_list, .help = "Such as serverAuth"},
         {.name = "crl_urls", .type = FieldType::text_list, .help = "Where it says that its CRL is"},
         {.name = "extensions", .type = FieldType::object_list, .help = "All of them", .shape = &extension}});
    return made;
  }();
  return shape;
}

std::string extension_name(const pki::Oid& oid) {
  static constexpr std::pair<pki::Oid, std::string_view> names[] = {
      {pki::oids::subject_key_identifier, "subjectKeyIdentifier"},
      {pki::oids::key_usage, "keyUsage"},
      {pki::oids::subject_alternative_name, "subjectAltName"},
      {pki::oids::issuer_alternative_name, "issuerAltName"},
      {pki::oids::basic_constraints, "basicConstraints"},
      {pki::oids::name_constraints, "nameConstraints"},
      {pki::oids::crl_distribution_points, "cRLDistributionPoints"},
      {pki::oids::certificate_policies, "certificatePolicies"},
      {pki::oids::authority_key_identifier, "authorityKeyIdentifier"},
      {pki::oids::extended_key_usage, "extKeyUsage"},
      {pki::oids::authority_information_access, "authorityInfoAccess"},
      {pki::oids::microsoft_sid, "microsoftSid"},
  };
  for (const auto& [known, name] : names)
    if (known == oid) return std::string(name);
  return oid.dotted();
}

}  // namespace chancery::api
