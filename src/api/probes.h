#pragma once

// What load balancers and monitoring ask over and over.

#include <optional>

#include "http/message.h"
#include "hub/context.h"

namespace chancery::api {

// /healthz: 200 while the process answers. /readyz: 200, or 503 with the reason (check_readiness()). Nothing for other
// paths. GET and HEAD only.
[[nodiscard]] std::optional<http::Response> answer_probe(hub::Context& context, const http::Request& request);

[[nodiscard]] bool is_reading(const http::Request& request);  // GET or HEAD

// 405, naming what is allowed: "GET, HEAD".
[[nodiscard]] http::Response method_not_allowed(std::string_view allowed);

}  // namespace chancery::api
