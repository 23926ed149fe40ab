#include "api/scep_routes.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/error_status.h"
#include "http/url_query.h"
#include "scep/get_message.h"

namespace chancery::api {
namespace {

http::Response reply(std::string_view content_type, Bytes body) {
  return {
      .content_type = std::string(content_type), .body = std::move(body), .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace

std::optional<http::Response> ScepRoutes::handle(const http::Request& request) {
  const auto endpoint = endpoint_of(request.path());
  if (!endpoint) return std::nullopt;
  return operation(*endpoint, request);
}

// What follows the endpoint's name is ignored, such as pkiclient.exe. Old Cisco IOS writes the server's port there:
// /scep/printers:8080/pkiclient.exe; no endpoint's name has a colon. A URL that was put together of two parts begins
// with two slashes.
std::optional<std::string_view> ScepRoutes::endpoint_of(std::string_view path) const {
  constexpr std::string_view prefix = "/scep/";
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()) - (path.starts_with('/') ? 1 : 0));
  if (path.starts_with(prefix)) {
    const std::string_view rest = path.substr(prefix.size());
    return rest.substr(0, rest.find_first_of("/:"));
  }
  if (!aliases_.pkiclient.empty() && path.starts_with("/cgi-bin/pkiclient.exe")) return aliases_.pkiclient;
  if (!aliases_.mscep.empty() && path.starts_with("/certsrv/mscep/mscep.dll")) return aliases_.mscep;
  return std::nullopt;
}

http::Response ScepRoutes::operation(std::string_view endpoint, const http::Request& request) {
  // A POST can only be a PKIOperation: many clients leave the word out, or put something else there (section 4.3).
  if (request.method == "POST") return pki_operation(endpoint, request, request.body);
  if (request.method != "GET" && request.method != "HEAD") {
    http::Response response = http::text_response(405, "SCEP uses GET and POST.");
    response.headers.push_back({"Allow", "GET, HEAD, POST"});
    return response;
  }
  const std::string_view name = http::raw_parameter(request.query(), "operation").value_or("");
  if (name == "GetCACaps") {
    const auto capabilities = service_.capabilities(endpoint);
    return capabilities ? reply("text/plain", to_bytes(as_bytes(*capabilities))) : device_error(capabilities.error());
  }
  if (name == "GetCACert") {
    auto certificates = service_.ca_certificates(endpoint);
    if (!certificates) return device_error(certificates.error());
    return reply(certificates->bundle ? "application/x-x509-ca-ra-cert" : "application/x-x509-ca-cert",
                 std::move(certificates->body));
  }
  if (name == "GetNextCACert") {
    auto certificates = service_.next_ca_certificates(endpoint);
    return certificates ? reply("application/x-x509-next-ca-cert", *std::move(certificates))
                        : device_error(certificates.error());
  }
  if (name == "PKIOperation") {
    const auto raw = http::raw_parameter(request.query(), "message");
    if (!raw || raw->empty()) return http::text_response(400, "PKIOperation by GET needs the parameter 'message'.");
    const auto message = scep::decode_get_message(*raw);
    return message ? pki_operation(endpoint, request, *message) : device_error(message.error());
  }
  return http::text_response(
      400, name.empty()
               ? "A SCEP URL needs the parameter 'operation': GetCACaps, GetCACert, GetNextCACert or PKIOperation."
               : "Unknown operation. SCEP has GetCACaps, GetCACert, GetNextCACert and PKIOperation.");
}

http::Response ScepRoutes::pki_operation(std::string_view endpoint, const http::Request& request, ByteView message) {
  if (message.empty()) return http::text_response(400, "The message is empty.");
  auto answer = service_.pki_operation(endpoint, message, request.remote_address);
  return answer ? reply("application/x-pki-message", *std::move(answer)) : device_error(answer.error());
}

}  // namespace chancery::api
