#pragma once

// Which CA certificates the nodes of a cluster trust, so that one that is missing somewhere is seen.

#include <optional>
#include <string>
#include <vector>

#include "hub/certificate_facts.h"
#include "hub/context.h"

namespace chancery::hub {

struct NodeName {
  fleet::NodeId id = 0;
  std::string name;
};

// Of many nodes so many are named, and the others are counted.
inline constexpr std::size_t most_named = 200;

struct NamedNodes {
  std::size_t count = 0;
  std::vector<NodeName> named;  // by name
};

// A CA certificate in a trust store of that name.
struct TrustedCertificate {
  std::string store, sha256;
  std::optional<CertificateFacts> facts;  // nothing: the hub has never seen it
  Bytes der;                              // empty: the same
  // Together they are ClusterTrust::nodes. All of the fewer are named, so that the others are known, too; they are no
  // more than what nodes have said.
  NamedNodes holders, missing;
};

struct ClusterTrust {
  std::vector<NodeName> nodes;   // that have said what they trust, by name
  std::vector<NodeName> silent;  // those that have not, and blocked ones, by name
  // By subject and store. The authority's own root is there even where no node trusts it.
  std::vector<TrustedCertificate> certificates;
};

// ErrorCode::not_found when there is no such cluster.
Result<ClusterTrust> read_cluster_trust(Context& context, std::int64_t cluster_id);

}  // namespace chancery::hub
