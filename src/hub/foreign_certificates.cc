#include "hub/foreign_certificates.h"

namespace chancery::hub {

Status ForeignCertificates::step() {
  const Timestamp now = context_.clock.now();
  // A clock that was set back must not put it off for years.
  if (now < due_ && due_ - now <= pause) return {};
  for (int transaction = 0; transaction < transactions_a_step; ++transaction) {
    // A work may run twice: it begins with what is here.
    std::optional<fleet::NodeId> next;
    bool finished = false;
    TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
      if (last_) {
        TRY(const fleet::NodeId last, books.inventories().note_reported(*last_, nodes_at_once, now));
        next = last == 0 ? std::nullopt : std::optional(last);
        return {};
      }
      // Before this moment every node was looked at: what has an older time is nobody's.
      TRY(const std::int64_t gone, books.inventories().forget_foreign(now - kept, certificates_at_once));
      finished = gone < certificates_at_once;
      return {};
    }));
    last_ = next;
    if (!finished) continue;
    last_ = 0;
    due_ = now + pause;
    return {};
  }
  return {};
}

}  // namespace chancery::hub
