#pragma once

// The administrators' side of the fleet: announcing nodes with a challenge of their own, letting unknown ones in,
// blocking, renaming, removing.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/registry.h"
#include "hub/certificate_facts.h"
#include "hub/challenges.h"
#include "hub/context.h"
#include "hub/presence.h"

namespace chancery::hub {

// A challenge with which the device of a node enrols one of its slots.
struct NodeChallengeOrder {
  std::string slot;
  ChallengeOrder challenge;  // endpoint, subject and names, lifetime
};

struct NodeOrder {
  std::string name;
  std::string product;
  std::int64_t cluster_id = 0;
  std::optional<NodeChallengeOrder> challenge;
};

// What is given is changed.
struct NodeChange {
  std::optional<std::string> name;
  std::optional<std::string> product;
  std::optional<std::int64_t> cluster_id;
};

struct AddedNode {
  fleet::Node node;
  std::optional<ca::MintedChallenge> challenge;
};

// A node with what it said about itself.
struct NodeDetails {
  fleet::Node node;
  fleet::Inventory inventory;
  std::map<std::string, CertificateFacts> certificates;  // those of the inventory that the hub knows, by SHA-256
  std::vector<std::pair<std::string, ca::ChallengeRecord>> challenges;  // minted and not used yet, with their slots
};

class Nodes {
 public:
  Nodes(Context& context, Challenges& challenges, Presence& presence)
      : context_(context), challenges_(challenges), presence_(presence) {}

  // The node is expected from now on. It becomes durable together with its challenge, or neither does.
  Result<AddedNode> add(const NodeOrder& order, const Caller& caller);
  // In place of earlier challenges for that slot that were not used.
  Result<ca::MintedChallenge> challenge(fleet::NodeId id, NodeChallengeOrder order, const Caller& caller);
  Result<fleet::Node> admit(fleet::NodeId id, const Caller& caller);
  // Its link ends at once, and challenges that it has not used are taken back. Its certificates stay good for others:
  // revoke them to change that.
  Result<fleet::Node> block(fleet::NodeId id, const Caller& caller);
  Result<fleet::Node> change(fleet::NodeId id, const NodeChange& change, const Caller& caller);
  // Challenges that it has not used are taken back, and its open orders cancelled. A device whose certificate is still
  // good comes back as an unknown one.
  Status remove(fleet::NodeId id, const Caller& caller);

  // With the times of presence.
  Result<fleet::NodePage> list(const fleet::NodeFilter& filter);
  Result<NodeDetails> details(fleet::NodeId id);
  // Newest first, before that number; 0: the newest.
  Result<std::vector<fleet::NodeEvent>> events(fleet::NodeId id, std::int64_t before, int limit);
  [[nodiscard]] bool online(fleet::NodeId id) const { return presence_.online(id); }

 private:
  using Decide = Result<fleet::NodeState> (*)(fleet::NodeState);
  // What was minted for the node and not used yet would let a device in that nobody wants any more.
  Status take_back_challenges(Books& books, fleet::NodeId id, const Caller& caller);
  Result<fleet::Node> decide(fleet::NodeId id, Decide after, std::string_view action, const Caller& caller);

  Context& context_;
  Challenges& challenges_;
  Presence& presence_;
};

}  // namespace chancery::hub
