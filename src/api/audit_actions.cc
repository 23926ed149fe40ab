#include "api/audit_actions.h"

namespace chancery::api {

std::vector<std::string_view> audit_actions() {
  return {"authority.made",       "certificate.issued",
          "certificate.released", "certificate.renewed_after_expiry",
          "certificate.revoked",  "challenge.minted",
          "challenge.removed",    "challenge.reused",
          "cluster.added",        "cluster.removed",
          "cluster.renamed",      "crl.published",
          "endpoint.added",       "endpoint.changed",
          "endpoint.removed",     "generation.activated",
          "generation.announced", "node.added",
          "node.admitted",        "node.appeared",
          "node.blocked",         "node.changed",
          "node.removed",         "node.waiting",
          "order.cancelled",      "order.created",
          "order.done",           "order.expired",
          "order.failed",         "request.approved",
          "request.rejected",     "request.waiting",
          "session.closed",       "session.opened",
          "session.refused",      "user.added",
          "user.changed",         "user.password_changed",
          "user.password_set",    "user.removed"};
}

}  // namespace chancery::api
