// Requests that wait, or waited, for a person, as JSON (json_views.h).

#include <boost/json/array.hpp>

#include "api/json_views.h"
#include "api/sentence.h"
#include "base/check.h"
#include "scep/message.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

std::string_view to_string(hub::TransactionRecord::State state) {
  switch (state) {
    case hub::TransactionRecord::State::pending: return "pending";
    case hub::TransactionRecord::State::issued: return "issued";
    case hub::TransactionRecord::State::rejected: return "rejected";
  }
  CHECK(false);
}

Shape make_request_shape(std::string_view name) {
  return {
      .name = name,
      .fields = {
          {.name = "id", .type = FieldType::integer, .help = "Names the request", .required = true, .least = 1},
          {.name = "state", .help = "Where it stands", .required = true, .choices = {"pending", "issued", "rejected"}},
          {.name = "endpoint", .help = "Where it came in", .required = true},
          {.name = "renewal", .type = FieldType::flag, .help = "Whether it is a RenewalReq", .required = true},
          {.name = "subject", .help = "What the certificate would say, RFC 4514", .required = true},
          {.name = "alternative_names",
           .type = FieldType::text_list,
           .help = "Such as dns:host.example",
           .required = true},
          {.name = "key_type", .help = "Such as rsa:2048", .required = true},
          {.name = "source", .help = "The address it came from", .required = true},
          {.name = "transaction_id", .help = "As the device chose it", .required = true},
          {.name = "created", .type = FieldType::time, .help = "When it came", .required = true},
          {.name = "updated", .type = FieldType::time, .help = "When its state changed", .required = true},
          {.name = "reason", .help = "Why it waits, or was rejected"},
          sentence_field("sentence", "`reason`, where the hub gave it"),
          {.name = "fail_info", .help = "What the device was told when it was rejected"},
          {.name = "serial", .help = "The certificate that came of it, hexadecimal"},
          {.name = "replaces", .help = "Serial of the certificate that it renews"},
      }};
}

}  // namespace

json::object to_json(const hub::TransactionRecord& record) {
  const scep::TransactionId transaction_id{.octets = record.key.transaction_id};
  json::object out{{"id", record.id},
                   {"state", to_string(record.state)},
                   {"endpoint", record.key.endpoint},
                   {"renewal", record.renewal},
                   {"subject", record.subject},
                   {"alternative_names", to_json(record.alternative_names)},
                   {"key_type", record.key_type},
                   {"source", record.source},
                   {"transaction_id", transaction_id.to_text()},
                   {"created", to_rfc3339(record.created)},
                   {"updated", to_rfc3339(record.updated)}};
  if (!record.reason.empty()) out["reason"] = record.reason;
  put_sentence(out, "sentence", record.reason);
  if (record.state == hub::TransactionRecord::State::rejected)
    out["fail_info"] = scep::to_string(static_cast<scep::FailInfo>(record.fail_info));
  if (!record.serial.empty()) out["serial"] = record.serial;
  if (!record.replaces.empty()) out["replaces"] = record.replaces;
  return out;
}

const Shape& request_shape() {
  static const Shape shape = make_request_shape("Request");
  return shape;
}

json::object to_detailed_json(const hub::RequestView& view) {
  json::object out = to_json(view.record);
  if (!view.request) return out;
  const pki::CertificateRequest& request = *view.request;
  json::array extensions;
  for (const pki::Extension& extension : request.extensions()) extensions.emplace_back(extension_name(extension.oid));
  const auto algorithm = request.signature_algorithm();
  out["requested_subject"] = request.subject().to_text();
  out["key_fingerprint"] = to_hex(request.public_key().fingerprint());
  out["signature_algorithm"] = algorithm ? std::string(pki::to_string(*algorithm)) : request.signature_oid().dotted();
  out["extensions"] = std::move(extensions);
  return out;
}

const Shape& request_details_shape() {
  static const Shape shape = [] {
    Shape made = make_request_shape("RequestDetails");
    // Only while it waits.
    made.fields.insert(
        made.fields.end(),
        {{.name = "requested_subject", .help = "The subject as the device sent it, RFC 4514"},
         {.name = "key_fingerprint", .help = "SHA-256 of the public key, hexadecimal: compare it with the device's"},
         {.name = "signature_algorithm", .help = "Of the PKCS#10"},
         {.name = "extensions", .type = FieldType::text_list, .help = "Extensions asked for, by name or identifier"}});
    return made;
  }();
  return shape;
}

}  // namespace chancery::api
