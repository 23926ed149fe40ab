#pragma once

// What nodes said about themselves: slots, held certificates, trust, events.

#include "fleet/registry.h"
#include "store/hub/session.h"

namespace chancery::store {

class Inventories final : public fleet::Inventories {
 public:
  explicit Inventories(Session& session) : session_(session) {}

  Status put(fleet::NodeId node, const fleet::Inventory& inventory) override;
  Result<fleet::Inventory> of(fleet::NodeId node) override;
  Result<std::vector<fleet::SlotStatus>> slots(fleet::NodeId node) override;
  Result<std::vector<fleet::HeldEnd>> ends(Timestamp from, Timestamp before) override;
  Result<std::vector<fleet::NodeTrust>> trust_of_cluster(std::int64_t cluster_id) override;
  Result<std::optional<fleet::ForeignCertificate>> foreign(std::string_view sha256) override;
  Status add_foreign(const fleet::ForeignCertificate& certificate) override;
  Result<fleet::NodeId> note_reported(fleet::NodeId after, int limit, Timestamp now) override;
  Result<std::int64_t> forget_foreign(Timestamp reported_before, int limit) override;
  Result<std::int64_t> count_slots() override;
  Result<std::int64_t> count_failed_slots() override;
  Result<std::int64_t> count_revoked_slots() override;
  Status add_events(fleet::NodeId node, const std::vector<fleet::NodeEvent>& events) override;
  Status forget_events(fleet::NodeId node) override;
  Result<std::vector<fleet::NodeEvent>> events(fleet::NodeId node, std::int64_t before, int limit) override;

 private:
  Session& session_;
};

}  // namespace chancery::store
