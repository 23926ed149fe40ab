#pragma once

// Certificates of others that nodes held or trusted, and that no node has any more: they are forgotten after 30 days. A
// fleet that goes through many would fill the ledger.

#include "fleet/registry.h"
#include "hub/context.h"

namespace chancery::hub {

// Looks once a day at what all nodes report, then forgets. Not thread-safe.
class ForeignCertificates {
 public:
  static constexpr Seconds kept = std::chrono::days(30);
  static constexpr Seconds pause = std::chrono::days(1);
  // What one transaction looks at, and how many one step makes: others wait for the ledger meanwhile.
  static constexpr int nodes_at_once = 50, certificates_at_once = 500, transactions_a_step = 20;

  explicit ForeignCertificates(Context& context) : context_(context) {}

  // Does the next part of it. Called once a minute or so.
  Status step();

 private:
  Context& context_;
  Timestamp due_{};
  // Of the look that is under way: the last node that was looked at; nothing when all were.
  std::optional<fleet::NodeId> last_ = 0;
};

}  // namespace chancery::hub
