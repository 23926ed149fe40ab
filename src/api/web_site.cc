#include "api/web_site.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/error_status.h"
#include "api/probes.h"
#include "api/route_table.h"
#include "api/session_cookie.h"
#include "base/ascii.h"

namespace chancery::api {
namespace {

constexpr std::string_view prefix = "/api";

bool is_number(int family, const std::string& host) {
  std::array<std::uint8_t, 16> bytes{};
  return inet_pton(family, host.c_str(), bytes.data()) == 1;
}

http::Response refusal(unsigned status, std::string text) {
  http::Response response = json_error(Error(ErrorCode::refused, std::move(text)));
  response.status = status;
  return response;
}

// Answers of the API are data: nothing in them is to be shown, run or kept.
http::Response with_headers(http::Response response) {
  if (response.header("Cache-Control").empty()) response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  response.headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
  response.headers.push_back({"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"});
  return response;
}

// Where the browser says whose page asks, it must be ours.
bool is_from_here(const http::Request& request) {
  const std::string_view site = request.header("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none") return false;
  const std::string_view origin = request.header("Origin");
  return origin.empty() || ascii::lower(origin) ==
                               fmt::format("http{}://{}", request.tls ? "s" : "", ascii::lower(request.header("Host")));
}

bool is_json(const http::Request& request) {
  const std::string_view type = request.header("Content-Type");
  return ascii::equal_ignoring_case(type.substr(0, type.find_first_of("; ")), "application/json");
}

}  // namespace

bool is_known_host(std::string_view host, const std::vector<std::string>& names) {
  std::string name = ascii::lower(host);
  if (name.starts_with('[')) {
    const std::size_t end = name.find(']');
    return end != std::string::npos && is_number(AF_INET6, name.substr(1, end - 1));
  }
  name.resize(std::min(name.size(), name.find(':')));
  return name == "localhost" || is_number(AF_INET, name) || std::ranges::find(names, name) != names.end();
}

struct WebSite::Door {
  std::optional<http::Response> refusal;
  std::optional<hub::SessionView> session;
  Visitor visitor{};
};

WebSite::Door WebSite::open(const http::Request& request) {
  const std::string_view path = request.path().substr(prefix.size());
  const RouteMatch found = admin_routes().find(request.method, path);
  const bool changes_something = !is_reading(request);
  if (changes_something && !is_from_here(request))
    return {.refusal = refusal(403, "another site's page asked for this")};
  if (!request.body.empty() && !is_json(request))
    return {.refusal = refusal(415, "the body must be JSON: Content-Type: application/json")};
  // What is not there is not there for anybody.
  Door door{.visitor = {.caller = {.name = "web " + request.remote_address}}};
  if (found.route == nullptr || found.route->permission == Permission::anyone) return door;

  const std::string_view token = session_token_in(request);
  if (token.empty()) return {.refusal = sign_in_first()};
  // What pages fetch by themselves does not keep a session alive whose person has left.
  const bool is_use = found.route->holding_handler == nullptr && request.header("X-Background").empty();
  auto session = services_.sign_in.resume(token, is_use);
  if (!session) return {.refusal = json_error(session.error())};
  if (!*session) {
    http::Response response = sign_in_first();
    response.headers.push_back({"Set-Cookie", ended_session_cookie(request.tls)});
    return {.refusal = std::move(response)};
  }
  if (changes_something &&
      !equal_constant_time(as_bytes(request.header("X-CSRF-Token")), as_bytes((*session)->csrf_token)))
    return {.refusal = refusal(403, "X-CSRF-Token is not the session's: sign in again, or load the page anew")};
  door.visitor.caller.name = "user " + (*session)->user;
  door.visitor.role = (*session)->role;
  door.session = *std::move(session);
  return door;
}

http::Response WebSite::handle(const http::Request& request) {
  if (!is_known_host(request.header("Host"), options_.host_names))
    return http::text_response(421, "This server does not go by that name: add it to hub.host_names.");
  if (request.path() != prefix && !request.path().starts_with("/api/")) return options_.pages(request);
  Door door = open(request);
  if (door.refusal) return with_headers(*std::move(door.refusal));
  if (door.session) door.visitor.session = &*door.session;
  return with_headers(admin_routes().handle(services_, request.path().substr(prefix.size()), request, door.visitor));
}

void WebSite::answer(const http::Request& request, http::Reply reply) {
  const bool waits = request.method == "GET" && request.path().starts_with("/api/") &&
                     is_known_host(request.header("Host"), options_.host_names);
  const RouteMatch found =
      waits ? admin_routes().find(request.method, request.path().substr(prefix.size())) : RouteMatch{};
  if (found.route == nullptr || found.route->holding_handler == nullptr) return reply.send(handle(request));
  Door door = open(request);
  if (door.refusal) return reply.send(with_headers(*std::move(door.refusal)));
  if (door.session) door.visitor.session = &*door.session;
  reply.finish_with(with_headers);
  admin_routes().answer(services_, request.path().substr(prefix.size()), request, door.visitor, std::move(reply));
}

}  // namespace chancery::api
