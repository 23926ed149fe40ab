#include "programs/chancery/web_door.h"

#include <algorithm>
#include <span>

#include "base/ascii.h"
#include "http/listen_address.h"
#include "http/static_files.h"
#include "programs/chancery/server_identity.h"

// Made from web/dist/hub by cmake/embed.cmake.
namespace chancery::embedded {
std::span<const http::StaticFile> hub_pages();
}  // namespace chancery::embedded

namespace chancery::program {
namespace {

std::vector<std::string> lower_case(std::vector<std::string> names) {
  for (std::string& name : names) name = ascii::lower(name);
  return names;
}

// The component library sets positions and colours by style attributes, so styles may be inline. Scripts may not.
http::StaticFiles pages() {
  return http::StaticFiles(embedded::hub_pages(),
                           {.content_security_policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; "
                                                       "img-src 'self' data:; base-uri 'none'; form-action 'self'; "
                                                       "frame-ancestors 'none'; object-src 'none'"});
}

}  // namespace

bool is_loopback(const std::string& listen_address) {
  const auto address = http::parse_listen_address(listen_address);
  return address && address->unix_path.empty() && (address->host.starts_with("127.") || address->host == "::1");
}

WebDoor::WebDoor(const WebDoorOptions& options, api::AdminServices& services, const hub::ServerCertificate& certificate)
    : tls_(options.tls),
      certificate_(certificate),
      site_(services, {.host_names = lower_case(options.host_names),
                       .pages = [files = pages()](const http::Request& request) { return files.answer(request); }}) {}

Result<std::unique_ptr<WebDoor>> WebDoor::open(const WebDoorOptions& options, api::AdminServices& services,
                                               const hub::ServerCertificate& certificate) {
  std::unique_ptr<WebDoor> door(new WebDoor(options, services, certificate));
  std::vector<http::Listener> listeners;
  for (const std::string& address : options.listen) {
    http::Listener listener{
        .options = {.address = address},
        .handler = {},
        .deferring_handler = [site = &door->site_](const http::Request& request, http::Reply reply) {
          site->answer(request, std::move(reply));
        }};
    if (options.tls) listener.options.tls = identity_of(certificate);
    listeners.push_back(std::move(listener));
  }
  // A browser opens several connections, and each page holds one. Passwords take a while to check: SignIn lets few wait
  // for that, so that there are workers for those who are signed in.
  const http::Limits limits{.max_connections = max_connections,
                            .queue_length = 256,
                            .workers = 16,
                            .requests_per_second_per_source = 100,
                            .request_burst_per_source = 400};
  TRY_IN("listening for browsers", door->server_,
         http::Server::start(std::move(listeners), limits, services.context.clock, services.context.log));
  return door;
}

std::vector<std::string> WebDoor::urls() const {
  std::vector<std::string> urls;
  for (const std::string& address : server_->addresses()) urls.push_back((tls_ ? "https://" : "http://") + address);
  return urls;
}

Status WebDoor::show_certificate() {
  if (!tls_) return {};
  return program::show_certificate(*server_, certificate_);
}

}  // namespace chancery::program
