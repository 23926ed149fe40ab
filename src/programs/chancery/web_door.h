#pragma once

// The listener for administrators' browsers: the web pages and the API behind them.

#include <memory>
#include <string>
#include <vector>

#include "api/web_site.h"
#include "http/server.h"
#include "hub/server_certificate.h"

namespace chancery::program {

struct WebDoorOptions {
  std::vector<std::string> listen;
  bool tls = false;                     // with the server's own certificate
  std::vector<std::string> host_names;  // beside localhost and addresses
};

class WebDoor {
 public:
  static constexpr std::size_t max_connections = 1024;

  // Listens when it returns. `services` and `certificate` must outlive it. REQUIRES: where there is TLS, the
  // certificate is there.
  static Result<std::unique_ptr<WebDoor>> open(const WebDoorOptions& options, api::AdminServices& services,
                                               const hub::ServerCertificate& certificate);

  // Where it listens, as URLs.
  [[nodiscard]] std::vector<std::string> urls() const;
  [[nodiscard]] http::ServerStatistics statistics() const { return server_->statistics(); }
  // Shows the server's certificate of now to those who connect from now on.
  Status show_certificate();
  // Whoever is held is answered 503.
  void stop() { server_->stop(); }

 private:
  WebDoor(const WebDoorOptions& options, api::AdminServices& services, const hub::ServerCertificate& certificate);

  const bool tls_;
  const hub::ServerCertificate& certificate_;
  api::WebSite site_;
  std::unique_ptr<http::Server> server_;  // last: its requests use all of the above
};

// Whether who listens at that address is reached from this machine only: "127.0.0.1:8443", "[::1]:8443". What is no
// address is not.
[[nodiscard]] bool is_loopback(const std::string& listen_address);

}  // namespace chancery::program
