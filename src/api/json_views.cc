#include "api/json_views.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "api/audit_actions.h"
#include "api/sentence.h"
#include "base/utf8.h"
#include "pki/algorithms.h"
#include "scep/message.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

std::string key_type_of(const pki::Certificate& certificate) {
  const auto key = certificate.public_key();
  return key ? pki::to_string(key->spec()) : "unknown";
}

}  // namespace

http::Response json_response(unsigned status, const json::object& body) {
  return {.status = status,
          .content_type = "application/json",
          .body = to_bytes(as_bytes(utf8::repaired(json::serialize(body)) + "\n")),
          .headers = {{"Cache-Control", "no-store"}}};
}

http::Response list_response(std::string_view name, json::array rows, std::int64_t next) {
  json::object body;
  body[name] = std::move(rows);
  if (next != 0) body["next"] = next;
  return json_response(200, body);
}

Shape list_shape(std::string_view shape_name, std::string_view name, const Shape& row, bool pages) {
  Shape shape{
      .name = shape_name,
      .fields = {{.name = name, .type = FieldType::object_list, .help = "The rows", .required = true, .shape = &row}}};
  if (pages)
    shape.fields.push_back({.name = "next",
                            .type = FieldType::integer,
                            .help = "`after` of the next page; missing on the last one",
                            .least = 1});
  return shape;
}

json::array to_json(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

json::object to_json(const ca::ChallengeRecord& record, Timestamp now) {
  json::object out{{"id", record.id},
                   {"endpoint", record.endpoint},
                   {"state", record.used             ? "used"
                             : record.expires <= now ? "expired"
                                                     : "open"},
                   {"alternative_names", to_json(record.binding.alternative_names)},
                   {"created", to_rfc3339(record.created)},
                   {"expires", to_rfc3339(record.expires)},
                   {"note", record.note}};
  if (record.binding.subject) out["subject"] = *record.binding.subject;
  if (record.used) out["used"] = to_rfc3339(*record.used);
  if (!record.used_by.empty()) out["used_by"] = record.used_by;
  return out;
}

const Shape& challenge_shape() {
  static const Shape shape{
      .name = "Challenge",
      .fields = {
          {.name = "id", .help = "Names the challenge; no secret", .required = true},
          {.name = "endpoint", .help = "Where it is good", .required = true},
          {.name = "state", .help = "What it is now", .required = true, .choices = {"open", "used", "expired"}},
          {.name = "subject", .help = "The subject that the request must have, RFC 4514; missing: any"},
          {.name = "alternative_names",
           .type = FieldType::text_list,
           .help = "The alternative names that the request must have",
           .required = true},
          {.name = "created", .type = FieldType::time, .help = "When it was made", .required = true},
          {.name = "expires", .type = FieldType::time, .help = "Until when it is good", .required = true},
          {.name = "used", .type = FieldType::time, .help = "When it was used up"},
          {.name = "used_by", .help = "The certificate's serial, or the request, that used it up"},
          {.name = "note", .help = "What the administrator wrote", .required = true},
      }};
  return shape;
}

json::object to_json(const hub::EndpointView& view, const AdminServices& services) {
  json::object settings;
  for (const config::Setting& setting : hub::endpoint_option_set().to_settings(view.options))
    settings[setting.key] = setting.value;
  json::array sentences;
  for (const std::string& warning : view.warnings) sentences.push_back(sentence_json(warning));
  return {{"name", view.name},
          {"serves", view.options.enabled && services.context.endpoints.find(view.name) != nullptr},
          {"settings", std::move(settings)},
          {"warnings", to_json(view.warnings)},
          {"warning_sentences", std::move(sentences)},
          {"scep_url", services.base_url + "/scep/" + view.name}};
}

const Shape& endpoint_shape() {
  static const Shape shape{
      .name = "Endpoint",
      .fields = {
          {.name = "name", .help = "The last part of its URL", .required = true},
          {.name = "serves", .type = FieldType::flag, .help = "Whether it answers devices now", .required = true},
          {.name = "settings",
           .type = FieldType::text_map,
           .help = "Every setting as text; /v1/endpoint-settings describes them",
           .required = true},
          {.name = "warnings",
           .type = FieldType::text_list,
           .help = "What is allowed and still deserves a look",
           .required = true},
          {.name = "warning_sentences",
           .type = FieldType::object_list,
           .help = "The same warnings, for who says them in another language",
           .required = true,
           .shape = &sentence_shape()},
          {.name = "scep_url", .help = "What to tell devices", .required = true},
      }};
  return shape;
}

json::object authority_certificate_json(const pki::Certificate& certificate) {
  return {{"subject", certificate.subject().to_text()},
          {"issuer", certificate.issuer().to_text()},
          {"serial", certificate.serial().hex()},
          {"not_before", to_rfc3339(certificate.validity().not_before)},
          {"not_after", to_rfc3339(certificate.validity().not_after)},
          {"key_type", key_type_of(certificate)},
          {"sha256", to_hex(certificate.fingerprint())},
          {"sha1", to_hex(pki::hash(pki::Digest::sha1, certificate.der()))},
          {"pem", certificate.to_pem()}};
}

const Shape& authority_certificate_shape() {
  static const Shape shape{
      .name = "AuthorityCertificate",
      .fields = {
          {.name = "subject", .help = "RFC 4514", .required = true},
          {.name = "issuer", .help = "RFC 4514", .required = true},
          {.name = "serial", .help = "Hexadecimal", .required = true},
          {.name = "not_before", .type = FieldType::time, .help = "Begin of its validity", .required = true},
          {.name = "not_after", .type = FieldType::time, .help = "End of its validity", .required = true},
          {.name = "key_type", .help = "Such as rsa:3072 or ec:p256", .required = true},
          {.name = "sha256", .help = "Fingerprint, hexadecimal: for pinning", .required = true},
          {.name = "sha1", .help = "Fingerprint for old devices that show nothing else", .required = true},
          {.name = "pem", .help = "The certificate itself", .required = true},
      }};
  return shape;
}

json::object to_json(const GenerationView& view) {
  const ca::Generation& keys = view.generation.keys();
  return {{"number", view.generation.number()},
          {"state", to_string(view.state)},
          {"issuing", authority_certificate_json(keys.issuing)},
          {"ra", authority_certificate_json(keys.ra)}};
}

const Shape& generation_shape() {
  static const Shape shape{
      .name = "Generation",
      .fields = {
          {.name = "number", .type = FieldType::integer, .help = "From 1", .required = true, .least = 1},
          {.name = "state",
           .help = "next is announced, current issues, old still renews and revokes",
           .required = true,
           .choices = {"next", "current", "old"}},
          {.name = "issuing",
           .type = FieldType::object,
           .help = "Signs certificates and CRLs",
           .required = true,
           .shape = &authority_certificate_shape()},
          {.name = "ra",
           .type = FieldType::object,
           .help = "SCEP messages are encrypted to it and signed by it",
           .required = true,
           .shape = &authority_certificate_shape()},
      }};
  return shape;
}

json::object to_json(const ca::CrlRecord& record, const AdminServices& services) {
  return {{"generation", record.generation},
          {"number", record.number},
          {"this_update", to_rfc3339(record.this_update)},
          {"next_update", to_rfc3339(record.next_update)},
          {"size", record.der.size()},
          {"url", services.base_url + "/crl/" + crl_file_name(record.generation)}};
}

const Shape& crl_shape() {
  static const Shape shape{
      .name = "Crl",
      .fields = {
          {.name = "generation", .type = FieldType::integer, .help = "Whose it is; 0: the root's", .required = true},
          {.name = "number", .type = FieldType::integer, .help = "The CRL number", .required = true, .least = 1},
          {.name = "this_update", .type = FieldType::time, .help = "From when it is good", .required = true},
          {.name = "next_update", .type = FieldType::time, .help = "When it expires", .required = true},
          {.name = "size", .type = FieldType::integer, .help = "Bytes of its DER", .required = true},
          {.name = "url", .help = "Where devices fetch it", .required = true},
      }};
  return shape;
}

json::object to_json(const hub::AuditEvent& event) {
  json::array details;
  for (const auto& [name, value] : event.details) {
    json::object detail{{"name", name}, {"value", value}};
    if (name == "reason") put_sentence(detail, "sentence", value);
    details.push_back(std::move(detail));
  }
  return {{"sequence", event.sequence}, {"at", to_rfc3339(event.at)}, {"actor", event.actor},
          {"action", event.action},     {"subject", event.subject},   {"details", std::move(details)},
          {"hash", to_hex(event.hash)}};
}

const Shape& audit_event_shape() {
  static const Shape detail{.name = "AuditDetail",
                            .fields = {{.name = "name", .help = "What the value is", .required = true},
                                       {.name = "value", .help = "The value", .required = true},
                                       sentence_field("sentence", "The value, where it is a reason of the hub's")}};
  static const Shape shape{
      .name = "AuditEvent",
      .fields = {
          {.name = "sequence",
           .type = FieldType::integer,
           .help = "From 1, without gaps",
           .required = true,
           .least = 1},
          {.name = "at", .type = FieldType::time, .help = "When it happened", .required = true},
          {.name = "actor", .help = "Who did it", .required = true},
          {.name = "action",
           .help = "What was done; older ledgers may hold others",
           .required = true,
           .choices = audit_actions()},
          {.name = "subject", .help = "What it was done to: a serial, an endpoint, a request", .required = true},
          {.name = "details",
           .type = FieldType::object_list,
           .help = "In order; a name may come twice",
           .required = true,
           .shape = &detail},
          {.name = "hash", .help = "SHA-256 over the hash before and this event, hexadecimal", .required = true},
      }};
  return shape;
}

std::string pinned_fingerprint(const hub::Context& context, const hub::Endpoint& endpoint) {
  return to_hex(certificate_to_pin(context.keyring, endpoint).fingerprint());
}

}  // namespace chancery::api
