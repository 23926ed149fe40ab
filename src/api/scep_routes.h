#pragma once

// SCEP over HTTP (RFC 8894 section 4), with the ways in which deployed clients differ from it.

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "hub/scep_service.h"

namespace chancery::api {

// Paths that old devices cannot be told to change; each names the endpoint that answers there. Empty: switched off.
struct ScepAliases {
  std::string pkiclient;  // /cgi-bin/pkiclient.exe
  std::string mscep;      // /certsrv/mscep/mscep.dll
};

class ScepRoutes {
 public:
  ScepRoutes(hub::ScepService& service, ScepAliases aliases) : service_(service), aliases_(std::move(aliases)) {}

  // Nothing when the path is none of SCEP's: /scep/<endpoint>, and whatever follows that, or an alias;
  // with any number of slashes first.
  [[nodiscard]] std::optional<http::Response> handle(const http::Request& request);

 private:
  [[nodiscard]] std::optional<std::string_view> endpoint_of(std::string_view path) const;
  http::Response operation(std::string_view endpoint, const http::Request& request);
  http::Response pki_operation(std::string_view endpoint, const http::Request& request, ByteView message);

  hub::ScepService& service_;
  ScepAliases aliases_;
};

}  // namespace chancery::api
