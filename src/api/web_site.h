#pragma once

// The web pages and the API behind them, for administrators' browsers.
//
//   /api/v1/…   the table of routes (route_table.h); who asks is told by the session's cookie
//   elsewhere   the pages, which are part of the program
//
// What keeps other sites out: the cookie is SameSite=Strict and HttpOnly; each change carries the session's token in
// X-CSRF-Token and says application/json; Origin and Sec-Fetch-Site, where the browser sends them, must be ours; and
// Host must be a name of ours, so that a name that was pointed at this machine opens nothing (DNS rebinding).

#include <functional>
#include <string>
#include <vector>

#include "api/admin_api.h"
#include "http/reply.h"

namespace chancery::api {

struct WebSiteOptions {
  // By which browsers know the server, beside localhost and every numeric address: lower case, without port.
  std::vector<std::string> host_names;
  std::function<http::Response(const http::Request&)> pages;
};

// Thread-safe. `services` must outlive it.
class WebSite {
 public:
  WebSite(AdminServices& services, WebSiteOptions options) : services_(services), options_(std::move(options)) {}

  void answer(const http::Request& request, http::Reply reply);
  // The same at once; what would be held is answered with what there is.
  [[nodiscard]] http::Response handle(const http::Request& request);

 private:
  // The visitor of a request to the API; or the answer that says why it is none.
  struct Door;
  [[nodiscard]] Door open(const http::Request& request);

  AdminServices& services_;
  WebSiteOptions options_;
};

// Whether Host names this server: one of `names`, localhost, or an address in numbers, each with or without a port.
[[nodiscard]] bool is_known_host(std::string_view host, const std::vector<std::string>& names);

}  // namespace chancery::api
