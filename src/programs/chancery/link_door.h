#pragma once

// The listener for agents: TLS with the server's own certificate, and with the devices' certificates.

#include <memory>
#include <string>
#include <vector>

#include "api/link_site.h"
#include "http/server.h"
#include "hub/check_in.h"
#include "hub/server_certificate.h"

namespace chancery::program {

struct LinkDoorOptions {
  std::vector<std::string> listen;
  std::size_t max_connections = 16'384;
  bool count_local_connections = false;  // for tests
};

class LinkDoor {
 public:
  struct Services {
    hub::Context& context;
    hub::Presence& presence;
    hub::Changes& changes;
    hub::ServerCertificate& certificate;
  };
  // Listens when it returns. REQUIRES: the certificate is there.
  static Result<std::unique_ptr<LinkDoor>> open(const LinkDoorOptions& options, const Services& services);

  [[nodiscard]] std::vector<std::string> addresses() const { return server_->addresses(); }
  [[nodiscard]] http::ServerStatistics statistics() const { return server_->statistics(); }
  // Shows the server's certificate of now to those who connect from now on; the others stay connected.
  Status show_certificate();
  // Whoever is held is answered 503, and comes again.
  void stop() { server_->stop(); }

 private:
  explicit LinkDoor(const Services& services)
      : services_(services),
        check_in_(services.context, services.presence, services.changes),
        site_(check_in_, services.presence) {}

  Services services_;
  hub::CheckIn check_in_;
  api::LinkSite site_;
  std::unique_ptr<http::Server> server_;  // last: its requests use all of the above
};

}  // namespace chancery::program
