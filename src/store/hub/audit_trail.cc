#include "store/hub/audit_trail.h"

#include <fmt/format.h>

#include <limits>

#include "store/hub/audit_chain.h"
#include "store/hub/json_text.h"
#include "store/hub/statements.h"

namespace chancery::store {

using hub::AuditEvent;

namespace statements_of = statements::audit_trail;

namespace {

constexpr int verify_page = 1000;

Result<AuditEvent> event_from(const sql::Row& row) {
  AuditEvent event;
  event.sequence = row.integer(0);
  event.at = row.time(1);
  event.actor = row.text(2);
  event.action = row.text(3);
  event.subject = row.text(4);
  TRY_IN(fmt::format("audit event {}", event.sequence), event.details, pairs_from_json(row.text(5)));
  event.hash = row.get<Bytes>(6);
  return event;
}

}  // namespace

Result<AuditTrail::Head> AuditTrail::stored_head() {
  TRY(sql::Rows rows, session_.query(statements_of::head));
  TRY(auto head, rows.one([](const sql::Row& row) { return Head{row.integer(0), row.get<Bytes>(1)}; }));
  if (!head) return internal("the audit trail has lost its head");
  return *std::move(head);
}

Status AuditTrail::append(const AuditEvent& event) {
  Head head;
  if (head_) {
    head = *head_;
  } else {
    TRY(head, stored_head());
  }
  AuditEvent chained = event;
  chained.sequence = head.sequence + 1;
  head = {chained.sequence, audit_hash(head.hash, chained)};
  TRY([[maybe_unused]] const auto added,
      session_.change(statements_of::append, chained.sequence, chained.at, chained.actor, chained.action,
                      chained.subject, to_json(chained.details), head.hash));
  head_ = std::move(head);
  return {};
}

Status AuditTrail::finish() {
  if (!head_) return {};
  TRY(const std::int64_t moved, session_.change(statements_of::move_head, head_->sequence, head_->hash));
  if (moved != 1) return internal("the audit trail has lost its head");
  return {};
}

Result<std::vector<AuditEvent>> AuditTrail::list(std::int64_t after, int limit) {
  TRY(sql::Rows rows, session_.query(statements_of::list, after, limit));
  return rows.all(event_from);
}

Result<std::vector<AuditEvent>> AuditTrail::newest(std::int64_t before, int limit) {
  const std::int64_t below = before == 0 ? std::numeric_limits<std::int64_t>::max() : before;
  TRY(sql::Rows rows, session_.query(statements_of::newest, below, limit));
  return rows.all(event_from);
}

Result<hub::AuditProof> AuditTrail::verify(const hub::AuditProof& so_far) {
  hub::AuditProof proof = so_far;
  TRY(const std::vector<AuditEvent> page, list(so_far.events, verify_page));
  for (const AuditEvent& event : page) {
    const std::int64_t expected = proof.events + 1;
    if (event.sequence != expected)
      return conflict(fmt::format("audit event {} is missing: {} follows", expected, event.sequence));
    if (!equal(event.hash, audit_hash(proof.hash, event)))
      return conflict(fmt::format("audit event {} does not fit the one before it, or was changed", expected));
    proof = {event.sequence, event.hash};
  }
  if (std::ssize(page) == verify_page) return proof;
  Head head;
  if (head_) {
    head = *head_;
  } else {
    TRY(head, stored_head());
  }
  if (head.sequence > proof.events)
    return conflict(fmt::format("audit event {} is missing: the trail ends at {}", proof.events + 1, proof.events));
  if (head.sequence != proof.events || !equal(head.hash, proof.hash))
    return conflict(fmt::format("audit event {} is not the last that was written", proof.events));
  proof.whole = true;
  return proof;
}

}  // namespace chancery::store
