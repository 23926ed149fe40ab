#include "hub/audit_check.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"
#include "testing/memory_ledger.h"

namespace chancery::hub {
namespace {

// Asks for another check while the first one reads.
class NosyLedger final : public Ledger {
 public:
  Status read(const std::function<Status(Books&)>& work) override {
    if (check != nullptr && !asked) {
      asked = check->run();
    }
    return ledger.read(work);
  }
  Status write(const std::function<Status(Books&)>& work) override { return ledger.write(work); }

  testing::MemoryLedger ledger;
  AuditCheck* check = nullptr;
  std::optional<Result<AuditProof>> asked;
};

TEST(AuditCheck, IsOneAtATimeAndCanBeAskedForAgain) {
  NosyLedger ledger;
  ASSERT_TRUE(ledger.write([](Books& books) { return books.audit().append({.actor = "admin", .action = "tried"}); }));
  AuditCheck check(ledger);
  ledger.check = &check;
  const auto first = check.run();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->events, 1);
  EXPECT_FALSE(first->hash.empty());
  ASSERT_TRUE(ledger.asked);
  ASSERT_FALSE(*ledger.asked);
  EXPECT_EQ(ledger.asked->error().code(), ErrorCode::unavailable);
  EXPECT_TRUE(check.run()) << "when the first has ended";
}

}  // namespace
}  // namespace chancery::hub
