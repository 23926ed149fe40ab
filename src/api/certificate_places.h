#pragma once

// Where certificates are: the node and slot that each was issued for, as fields of its JSON.

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/shape.h"
#include "hub/ledger.h"

namespace chancery::api {

// For one answer: a node of several certificates is looked up once.
class CertificatePlaces {
 public:
  // `with_active`: also whether the node says that it uses the certificate now, which costs a look at its slots.
  explicit CertificatePlaces(bool with_active) : with_active_(with_active) {}

  // Adds node_id, node, slot and active to `row`, as far as they are known.
  Status add_to(boost::json::object& row, const ca::CertificateRecord& record, hub::Books& books);

 private:
  struct NodeFacts {
    std::string name;                                // empty: the node was removed
    std::map<std::string, std::string> active = {};  // slot to fingerprint
  };
  Result<const NodeFacts*> facts_of(fleet::NodeId node, hub::Books& books);

  bool with_active_;
  std::map<fleet::NodeId, NodeFacts> nodes_;
};

[[nodiscard]] std::vector<Field> certificate_place_fields();

}  // namespace chancery::api
