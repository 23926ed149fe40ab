#pragma once

// Values of the hub as JSON, each with the shape that describes it. Absent values are left out.

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "api/admin_api.h"
#include "api/generations.h"
#include "api/shape.h"

namespace chancery::api {

[[nodiscard]] http::Response json_response(unsigned status, const boost::json::object& body);
[[nodiscard]] boost::json::array to_json(const std::vector<std::string>& texts);

// A list in an object: {"certificates": [ … ], "next": 17}. `next` says how to ask for the next page (as `after`), and
// is missing on the last one.
[[nodiscard]] http::Response list_response(std::string_view name, boost::json::array rows, std::int64_t next = 0);

// In lists, and with what only the certificate itself tells.
[[nodiscard]] boost::json::object to_json(const ca::CertificateRecord& record, Timestamp now);
[[nodiscard]] const Shape& certificate_shape();
Result<boost::json::object> to_detailed_json(const ca::CertificateRecord& record, Timestamp now);
[[nodiscard]] std::string_view to_string(ca::CertificateStatus status);
[[nodiscard]] std::optional<ca::CertificateStatus> certificate_status_from_text(std::string_view text);
[[nodiscard]] const Shape& certificate_details_shape();

// `request` adds what is inside: never its challengePassword, and so not the whole PKCS#10 either.
[[nodiscard]] boost::json::object to_json(const hub::TransactionRecord& record);
[[nodiscard]] const Shape& request_shape();
[[nodiscard]] boost::json::object to_detailed_json(const hub::RequestView& view);
[[nodiscard]] const Shape& request_details_shape();

[[nodiscard]] boost::json::object to_json(const ca::ChallengeRecord& record, Timestamp now);
[[nodiscard]] const Shape& challenge_shape();

[[nodiscard]] boost::json::object to_json(const hub::EndpointView& view, const AdminServices& services);
[[nodiscard]] const Shape& endpoint_shape();

// A certificate of the authority itself.
[[nodiscard]] boost::json::object authority_certificate_json(const pki::Certificate& certificate);
[[nodiscard]] const Shape& authority_certificate_shape();
[[nodiscard]] boost::json::object to_json(const GenerationView& view);
[[nodiscard]] const Shape& generation_shape();
[[nodiscard]] boost::json::object to_json(const ca::CrlRecord& record, const AdminServices& services);
[[nodiscard]] const Shape& crl_shape();

[[nodiscard]] boost::json::object to_json(const hub::AuditEvent& event);
[[nodiscard]] const Shape& audit_event_shape();

// "subjectAltName", or the dotted form of an extension that has no name here.
[[nodiscard]] std::string extension_name(const pki::Oid& oid);
// SHA-256 in lower-case hexadecimal of a certificate that clients of `endpoint` should pin.
[[nodiscard]] std::string pinned_fingerprint(const hub::Context& context, const hub::Endpoint& endpoint);

// The shape of list_response(name, rows of `row`).
[[nodiscard]] Shape list_shape(std::string_view shape_name, std::string_view name, const Shape& row, bool pages);

}  // namespace chancery::api
