#pragma once

// The slots of many nodes as one list: what each holds, and which of them need a person.

#include <optional>
#include <string>
#include <vector>

#include "hub/certificate_facts.h"
#include "hub/context.h"

namespace chancery::hub {

struct SlotFilter {
  std::optional<std::int64_t> cluster_id;
  std::string text;  // in the node's name, product or address
  // Of these, slots of blocked nodes are none: nobody waits for their certificates.
  bool troubled = false;              // its word is neither empty nor ok
  std::optional<fleet::Worst> worst;  // its word is this
  bool failed = false;                // it counts among fleet::Node::failed_slots, whatever its word is
  fleet::NodeId after = 0;            // `next` of the page before; 0: first page
  int limit = 100;
};

struct NodeSlot {
  fleet::Node node;
  fleet::SlotStatus slot;
  std::optional<CertificateFacts> facts;  // of the certificate in use
  fleet::Worst worst = fleet::Worst::empty;
};

// The slots of a node stand together, so a page may have some more rows than asked for. It may have fewer, or none,
// where many nodes were looked at in vain.
struct SlotPage {
  std::vector<NodeSlot> rows;  // by the names of nodes and slots
  fleet::NodeId next = 0;      // 0: no more
};

Result<SlotPage> list_slots(Context& context, const SlotFilter& filter);

}  // namespace chancery::hub
