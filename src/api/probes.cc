#include "api/probes.h"

#include <fmt/format.h>

#include "api/readiness.h"

namespace chancery::api {

std::optional<http::Response> answer_probe(hub::Context& context, const http::Request& request) {
  const bool asks_readiness = request.path() == "/readyz";
  if (!asks_readiness && request.path() != "/healthz") return std::nullopt;
  if (!is_reading(request)) return method_not_allowed("GET, HEAD");
  const Status ready = asks_readiness ? check_readiness(context) : Status();
  http::Response response = ready ? http::text_response(200, asks_readiness ? "ready" : "ok")
                                  : http::text_response(503, ready.error().text());
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

bool is_reading(const http::Request& request) { return request.method == "GET" || request.method == "HEAD"; }

http::Response method_not_allowed(std::string_view allowed) {
  http::Response response = http::text_response(405, fmt::format("This address takes {}.", allowed));
  response.headers.push_back({"Allow", std::string(allowed)});
  return response;
}

}  // namespace chancery::api
