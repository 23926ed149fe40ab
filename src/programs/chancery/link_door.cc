#include "programs/chancery/link_door.h"

#include <algorithm>

#include "programs/chancery/server_identity.h"

namespace chancery::program {

Result<std::unique_ptr<LinkDoor>> LinkDoor::open(const LinkDoorOptions& options, const Services& services) {
  std::unique_ptr<LinkDoor> door(new LinkDoor(services));
  std::vector<http::Listener> listeners;
  for (const std::string& address : options.listen)
    listeners.push_back(
        {.options = {.address = address, .tls = identity_of(services.certificate), .request_client_certificate = true},
         .handler = {},
         .deferring_handler = [site = &door->site_](const http::Request& request,
                                                    http::Reply reply) { site->answer(request, std::move(reply)); },
         .known_peer = [site = &door->site_](ByteView certificate) { return site->known_peer(certificate); }});
  // A held request may last as long as the longest hold; a connection between two requests not much longer than others.
  http::Limits limits;
  limits.body_bytes = wire::most_message_bytes;
  limits.max_connections = options.max_connections;
  // Thousands may come back from behind one router at the same moment, and until their handshakes are done they are
  // strangers from one address. A stranger who sits there has three quarters to leave to the others.
  limits.max_connections_per_source = std::max<std::size_t>(options.max_connections / 4, 1);
  limits.count_local_connections = options.count_local_connections;
  // Strangers, and who shows no certificate. Devices are counted each by itself once their handshake is done.
  limits.requests_per_second_per_source = 100;
  limits.request_burst_per_source = 1000;
  // An agent calls once in minutes, and thirty times at most without a pause.
  limits.requests_per_second_per_known_peer = 5;
  limits.request_burst_per_known_peer = 100;
  TRY_IN("listening for agents", door->server_,
         http::Server::start(std::move(listeners), limits, services.context.clock, services.context.log));
  return door;
}

Status LinkDoor::show_certificate() { return program::show_certificate(*server_, services_.certificate); }

}  // namespace chancery::program
