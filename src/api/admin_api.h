#pragma once

// The administrators' API: JSON over a Unix socket whose file mode says who may connect. One table of routes drives
// routing, input checks and `chancery docs api`. docs/admin-api.md shows it in use.

#include <functional>
#include <string>
#include <vector>

#include "http/message.h"
#include "hub/challenges.h"
#include "hub/context.h"
#include "hub/crl_publisher.h"
#include "hub/endpoint_editor.h"
#include "hub/requests.h"
#include "hub/revocation.h"
#include "hub/rollover.h"

namespace chancery::api {

struct AdminServices {
  hub::Context& context;
  hub::Requests& requests;
  hub::Revocation& revocation;
  hub::Challenges& challenges;
  hub::EndpointEditor& endpoints;
  hub::Rollover& rollover;
  hub::CrlPublisher& crls;
  std::string base_url;
  std::string version;
  // For the doctor only; empty: it does not look.
  std::string data_folder;                    // where the ledger and the keys are
  std::function<bool()> root_key_is_present;  // whether the root's key lies on this machine
};

class AdminApi {
 public:
  explicit AdminApi(AdminServices services) : services_(std::move(services)) {}

  // Only for requests that came over a Unix socket (peer_uid is set): everything else is 403. Thread-safe.
  [[nodiscard]] http::Response handle(const http::Request& request);

 private:
  AdminServices services_;
};

}  // namespace chancery::api
