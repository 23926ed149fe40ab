// Certificates of devices: looking, exporting, revoking, releasing.

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/certificate_places.h"
#include "api/earlier_certificates.h"
#include "api/json_views.h"
#include "pki/bundle.h"

namespace chancery::api {
namespace {

namespace json = boost::json;
using State = ca::CertificateRecord::State;

std::optional<State> state_in(const Input& input) {
  const std::string text = input.text("state");
  if (text == "intended") return State::intended;
  if (text == "issued") return State::issued;
  if (text == "revoked") return State::revoked;
  return std::nullopt;
}

Result<ca::CertificateRecord> find_certificate(const Call& call) {
  const std::string text = call.input.text("serial");
  TRY_IN("serial", const pki::Serial serial, pki::Serial::from_hex(text));
  std::optional<ca::CertificateRecord> record;
  TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
    TRY(record, books.certificates().find(serial));
    return {};
  }));
  if (!record) return not_found(fmt::format("there is no certificate with serial {}", serial.hex()));
  return *std::move(record);
}

Result<pki::Certificate> find_signed(const Call& call) {
  TRY(const ca::CertificateRecord record, find_certificate(call));
  if (record.der.empty()) return conflict("the certificate was not signed: a crash came first, or it is being signed");
  return pki::Certificate::from_der(record.der);
}

Timestamp now_of(const Call& call) { return call.services.context.clock.now(); }

// The order that is asked for; else newest first, or for what ends, the next to end or the last to have ended first.
void set_order(const Input& input, ca::CertificateFilter& filter) {
  using Sort = ca::CertificateFilter::Sort;
  const std::string sort = input.text("sort");
  filter.sort = sort == "not_after" ? Sort::not_after : sort == "subject" ? Sort::subject : Sort::created;
  filter.ascending = !sort.empty();
  if (sort.empty() && filter.status == ca::CertificateStatus::expiring) {
    filter.sort = Sort::not_after;
    filter.ascending = true;
  }
  if (sort.empty() &&
      (filter.status == ca::CertificateStatus::expired || filter.status == ca::CertificateStatus::superseded))
    filter.sort = Sort::not_after;
  if (const auto descending = input.optional_flag("descending")) filter.ascending = !*descending;
}

Result<http::Response> list_certificates(const Call& call) {
  const Input& input = call.input;
  ca::CertificateFilter filter{.endpoint = input.optional_text("endpoint"),
                               .state = state_in(input),
                               .status = certificate_status_from_text(input.text("status")),
                               .text = input.text("text"),
                               .expires_before = input.time("expires_before"),
                               .expires_after = input.time("expires_after"),
                               .node = input.integer("node").value_or(0),
                               .slot = input.text("slot"),
                               .cluster = input.integer("cluster"),
                               .now = now_of(call)};
  if (filter.state && filter.status) return invalid("state: does not go together with status");
  if (!filter.slot.empty() && filter.node == 0) return invalid("slot: goes together with node only");
  set_order(input, filter);
  CertificatePlaces places(!wants_csv(call));
  return list_or_table(call, "certificates", certificate_shape(),
                       [&](std::int64_t after, int limit) -> Result<ListPage> {
                         filter.after = after;
                         filter.limit = limit;
                         ListPage rows;
                         TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
                           TRY(const ca::CertificatePage page, books.certificates().list(filter));
                           rows.next = page.next;
                           for (const ca::CertificateRecord& record : page.rows) {
                             json::object row = to_json(record, filter.now);
                             TRY_STATUS(places.add_to(row, record, books));
                             rows.rows.push_back(std::move(row));
                           }
                           return {};
                         }));
                         return rows;
                       });
}

Result<http::Response> show_certificate(const Call& call) {
  TRY(const ca::CertificateRecord record, find_certificate(call));
  TRY(json::object body, to_detailed_json(record, now_of(call)));
  TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
    TRY_STATUS(CertificatePlaces(true).add_to(body, record, books));
    return add_earlier(body, record, books, now_of(call));
  }));
  return json_response(200, body);
}

Result<http::Response> export_pem(const Call& call) {
  TRY(const pki::Certificate certificate, find_signed(call));
  return http::Response{.content_type = "application/x-pem-file", .body = to_bytes(as_bytes(certificate.to_pem()))};
}

Result<http::Response> export_der(const Call& call) {
  TRY(const pki::Certificate certificate, find_signed(call));
  return http::Response{.content_type = "application/pkix-cert", .body = to_bytes(certificate.der())};
}

// The CAs from the issuing one to the last below the root.
std::vector<pki::Certificate> authorities_of(const Call& call, const pki::Certificate& certificate) {
  const hub::Keyring& keyring = call.services.context.keyring;
  const hub::WorkingGeneration* issuer = keyring.for_issuer(certificate.issuer_der());
  if (issuer == nullptr || equal(issuer->keys().issuing.der(), keyring.root().der())) return {};
  std::vector<pki::Certificate> authorities = {issuer->keys().issuing};
  for (const pki::Certificate& authority : issuer->keys().between) authorities.push_back(authority);
  return authorities;
}

// What a TLS server sends: the certificate and those of the CAs above it, not the root's.
Result<http::Response> export_chain(const Call& call) {
  TRY(const pki::Certificate certificate, find_signed(call));
  std::string pem = certificate.to_pem();
  for (const pki::Certificate& authority : authorities_of(call, certificate)) pem += authority.to_pem();
  return http::Response{.content_type = "application/x-pem-file", .body = to_bytes(as_bytes(pem))};
}

// The same and the root's, in the one file that Windows and many devices import.
Result<http::Response> export_p7b(const Call& call) {
  TRY(const pki::Certificate certificate, find_signed(call));
  pki::Bundle bundle{.certificates = {to_bytes(certificate.der())}, .crls = {}};
  for (const pki::Certificate& authority : authorities_of(call, certificate))
    bundle.certificates.push_back(to_bytes(authority.der()));
  bundle.certificates.push_back(to_bytes(call.services.context.keyring.root().der()));
  return http::Response{.content_type = "application/x-pkcs7-certificates", .body = pki::write_bundle(bundle)};
}

Result<http::Response> revoke_certificate(const Call& call) {
  TRY(const ca::CertificateRecord record, find_certificate(call));
  TRY(const pki::RevocationReason reason, pki::revocation_reason_from_text(call.input.text("reason")));
  TRY_STATUS(call.services.revocation.revoke(record.serial, reason, call.caller,
                                             {.with_earlier = call.input.flag("with_earlier")}));
  TRY(const ca::CertificateRecord revoked, find_certificate(call));
  json::object body = to_json(revoked, now_of(call));
  TRY_STATUS(call.services.context.ledger.read(
      [&](hub::Books& books) { return add_earlier(body, revoked, books, now_of(call)); }));
  return json_response(200, body);
}

Result<http::Response> release_certificate(const Call& call) {
  TRY(const ca::CertificateRecord record, find_certificate(call));
  TRY_STATUS(call.services.revocation.release(record.serial, call.caller));
  TRY(const ca::CertificateRecord released, find_certificate(call));
  return json_response(200, to_json(released, now_of(call)));
}

const Shape& revoked_certificate_shape() {
  static const Shape shape = [] {
    Shape made = certificate_shape();
    made.name = "RevokedCertificate";
    made.fields.push_back(earlier_field());
    return made;
  }();
  return shape;
}

const Shape& certificate_list_shape() {
  static const Shape shape = list_shape("CertificateList", "certificates", certificate_shape(), true);
  return shape;
}

Field serial_field() {
  return {.name = "serial", .help = "Serial number in hexadecimal, colons allowed", .required = true};
}

}  // namespace

void add_certificate_routes(RouteTable& table) {
  table.add({.method = "GET",
             .path = "/v1/certificates",
             .name = "list_certificates",
             .permission = Permission::view,
             .summary = "Certificates: newest first, if nothing else is asked for",
             .fields = {{.name = "endpoint", .help = "Only of this endpoint"},
                        {.name = "state", .help = "Only in this state", .choices = {"intended", "issued", "revoked"}},
                        {.name = "status",
                         .help = "Only those that are this now; current: valid or expiring",
                         .choices = {"pending", "revoked", "suspended", "superseded", "expired", "expiring", "valid",
                                     "current"}},
                        {.name = "text",
                         .help = "Beginnings of words in the subject or the alternative names; or of the serial or the "
                                 "fingerprint, at least 6 digits"},
                        {.name = "expires_before", .type = FieldType::time, .help = "Only if it ends before then"},
                        {.name = "expires_after", .type = FieldType::time, .help = "Only if it ends then or later"},
                        {.name = "node",
                         .type = FieldType::integer,
                         .help = "Only those that were issued for the node of this id",
                         .least = 1},
                        {.name = "slot", .help = "Only those of this slot of the node"},
                        {.name = "cluster",
                         .type = FieldType::integer,
                         .help = "Only those that nodes of the cluster of this id use now; 0: those that no node of "
                                 "any cluster uses"},
                        {.name = "sort",
                         .help = "What is first: the lowest of this, unless `descending`",
                         .choices = {"created", "not_after", "subject"}},
                        {.name = "descending", .type = FieldType::flag, .help = "The highest first"},
                        after_field(),
                        limit_field(),
                        format_field()},
             .answer = {.shape = &certificate_list_shape(), .table = true},
             .handler = list_certificates});
  table.add({.method = "GET",
             .path = "/v1/certificates/{serial}",
             .name = "show_certificate",
             .permission = Permission::view,
             .summary = "One certificate",
             .fields = {serial_field()},
             .answer = {.shape = &certificate_details_shape()},
             .handler = show_certificate});
  table.add({.method = "GET",
             .path = "/v1/certificates/{serial}/pem",
             .name = "export_certificate_pem",
             .permission = Permission::view,
             .summary = "The certificate in PEM",
             .fields = {serial_field()},
             .answer = {.content_type = "application/x-pem-file"},
             .handler = export_pem});
  table.add({.method = "GET",
             .path = "/v1/certificates/{serial}/der",
             .name = "export_certificate_der",
             .permission = Permission::view,
             .summary = "The certificate in DER",
             .fields = {serial_field()},
             .answer = {.content_type = "application/pkix-cert"},
             .handler = export_der});
  table.add({.method = "GET",
             .path = "/v1/certificates/{serial}/chain",
             .name = "export_certificate_chain",
             .permission = Permission::view,
             .summary = "The certificate and its issuing CA's in PEM, as a TLS server wants them",
             .fields = {serial_field()},
             .answer = {.content_type = "application/x-pem-file"},
             .handler = export_chain});
  table.add({.method = "GET",
             .path = "/v1/certificates/{serial}/p7b",
             .name = "export_certificate_p7b",
             .permission = Permission::view,
             .summary = "The certificate, its issuing CA's and the root's as certificates-only PKCS#7",
             .fields = {serial_field()},
             .answer = {.content_type = "application/x-pkcs7-certificates"},
             .handler = export_p7b});
  table.add(
      {.method = "POST",
       .path = "/v1/certificates/{serial}/revoke",
       .name = "revoke_certificate",
       .permission = Permission::operate,
       .summary = "Revokes the certificate; it is on the CRL when the answer comes",
       .fields = {serial_field(),
                  {.name = "reason",
                   .help = "Why, as in RFC 5280 section 5.3.1; certificateHold suspends it until it is released, or "
                           "revoked for another reason",
                   .required = true,
                   .choices = {"unspecified", "keyCompromise", "cACompromise", "affiliationChanged", "superseded",
                               "cessationOfOperation", "certificateHold", "privilegeWithdrawn", "aACompromise"}},
                  {.name = "with_earlier",
                   .type = FieldType::flag,
                   .help =
                       "Also what it renews, directly or not: a device may keep the certificate before, and so does "
                       "who copied its files. Without it these are named in the answer; the hub lets them in no "
                       "more, unless the reason is superseded, but who reads the CRL does"}},
       .answer = {.shape = &revoked_certificate_shape()},
       .handler = revoke_certificate});
  table.add({.method = "POST",
             .path = "/v1/certificates/{serial}/release",
             .name = "release_certificate",
             .permission = Permission::operate,
             .summary = "Ends the suspension of the certificate; it is off the CRL when the answer comes",
             .fields = {serial_field()},
             .answer = {.shape = &certificate_shape()},
             .handler = release_certificate});
}

}  // namespace chancery::api
