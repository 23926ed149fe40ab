#include "testing/memory_ledger.h"

#include <utility>

#include "testing/memory_ca_books.h"
#include "testing/memory_fleet_books.h"
#include "testing/memory_hub_books.h"
#include "testing/memory_order_books.h"
#include "testing/memory_undo.h"
#include "testing/memory_user_books.h"

namespace chancery::testing {

class MemoryLedger::View final : public hub::Books {
 public:
  View(Contents& contents, bool writable)
      : undo_(writable),
        certificates_(contents, undo_),
        challenges_(contents, undo_),
        crls_(contents, undo_),
        transactions_(contents, undo_),
        endpoints_(contents, undo_),
        audit_(contents, undo_),
        users_(contents, undo_),
        sessions_(contents, undo_),
        nodes_(contents, undo_),
        inventories_(contents, undo_),
        clusters_(contents, undo_),
        orders_(contents, undo_) {}

  ca::Certificates& certificates() override { return certificates_; }
  ca::Challenges& challenges() override { return challenges_; }
  ca::Crls& crls() override { return crls_; }
  hub::Transactions& transactions() override { return transactions_; }
  hub::Endpoints& endpoints() override { return endpoints_; }
  hub::AuditTrail& audit() override { return audit_; }
  hub::Users& users() override { return users_; }
  hub::Sessions& sessions() override { return sessions_; }
  fleet::Nodes& nodes() override { return nodes_; }
  fleet::Inventories& inventories() override { return inventories_; }
  fleet::Clusters& clusters() override { return clusters_; }
  fleet::Orders& orders() override { return orders_; }
  void undo() { undo_.run(); }

 private:
  Undo undo_;
  MemoryCertificates certificates_;
  MemoryChallenges challenges_;
  MemoryCrls crls_;
  MemoryTransactions transactions_;
  MemoryEndpoints endpoints_;
  MemoryAuditTrail audit_;
  MemoryUsers users_;
  MemorySessions sessions_;
  MemoryNodes nodes_;
  MemoryInventories inventories_;
  MemoryClusters clusters_;
  MemoryOrders orders_;
};

MemoryLedger::MemoryLedger() = default;
MemoryLedger::~MemoryLedger() = default;

Status MemoryLedger::write(const std::function<Status(hub::Books&)>& work) {
  if (before_write_) {
    // What it writes itself does not call it again.
    const std::function<void()> action = std::exchange(before_write_, nullptr);
    action();
  }
  const std::scoped_lock lock(mutex_);
  View view(contents_, true);
  // Twice, as a database may: a work that cannot be run again is found out.
  static_cast<void>(work(view));
  view.undo();
  Status done = work(view);
  if (done && writes_left_ && (*writes_left_)-- <= 0) done = unavailable("committing: the disk is full");
  if (!done)
    view.undo();
  else
    ++commits_;
  return done;
}

Status MemoryLedger::read(const std::function<Status(hub::Books&)>& work) {
  const std::scoped_lock lock(mutex_);
  View view(contents_, false);
  return work(view);
}

void MemoryLedger::fail_after(int count) {
  const std::scoped_lock lock(mutex_);
  writes_left_ = count;
}

void MemoryLedger::recover() {
  const std::scoped_lock lock(mutex_);
  writes_left_.reset();
}

int MemoryLedger::commits() const {
  const std::scoped_lock lock(mutex_);
  return commits_;
}

}  // namespace chancery::testing
