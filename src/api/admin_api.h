#pragma once

// The API on this machine: JSON over a Unix socket whose file mode says who may connect; who may is an administrator.
// docs/admin-api.md shows it in use.

#include <functional>
#include <string>
#include <vector>

#include "api/changes_door.h"
#include "http/message.h"
#include "http/reply.h"
#include "hub/accounts.h"
#include "hub/audit_check.h"
#include "hub/challenges.h"
#include "hub/clusters.h"
#include "hub/context.h"
#include "hub/crl_publisher.h"
#include "hub/endpoint_editor.h"
#include "hub/nodes.h"
#include "hub/orders.h"
#include "hub/refusals.h"
#include "hub/requests.h"
#include "hub/revocation.h"
#include "hub/rollover.h"
#include "hub/sign_in.h"

namespace chancery::api {

// A URL that an option grants an endpoint beside its own.
struct EndpointAlias {
  std::string option;    // "scep.pkiclient_alias"
  std::string endpoint;  // its value; there may be none of that name
};

struct AdminServices {
  hub::Context& context;
  hub::Requests& requests;
  const hub::Refusals& refusals;
  hub::AuditCheck& audit_check;
  hub::Revocation& revocation;
  hub::Challenges& challenges;
  hub::EndpointEditor& endpoints;
  hub::Rollover& rollover;
  hub::CrlPublisher& crls;
  hub::SignIn& sign_in;
  hub::Accounts& accounts;
  hub::Changes& changes;
  hub::Nodes& nodes;
  hub::Clusters& clusters;
  hub::Orders& orders;
  ChangesDoor& changes_door;
  std::string base_url;
  std::string link_url;  // how agents reach the hub; empty: not at all
  std::string version;
  // For the doctor only; empty: it does not look.
  std::vector<EndpointAlias> aliases;
  std::string data_folder;                    // where the ledger and the keys are
  std::function<bool()> root_key_is_present;  // whether the root's key lies on this machine
  std::function<bool()> ledger_is_present;    // whether the ledger's file is where it was opened
};

class AdminApi {
 public:
  // `services` must outlive it.
  explicit AdminApi(AdminServices& services) : services_(services) {}

  // Only for requests that came over a Unix socket (peer_uid is set): everything else is 403. Thread-safe.
  [[nodiscard]] http::Response handle(const http::Request& request);
  // The same; what is held is answered later.
  void answer(const http::Request& request, http::Reply reply);

 private:
  AdminServices& services_;
};

}  // namespace chancery::api
