#include "hub/watched_ledger.h"

#include <algorithm>

namespace chancery::hub {
namespace {

class WatchedTrail final : public AuditTrail {
 public:
  WatchedTrail(AuditTrail& trail, std::vector<Committed>& events) : trail_(trail), events_(events) {}

  Status append(const AuditEvent& event) override {
    TRY_STATUS(trail_.append(event));
    events_.push_back({event.action, event.subject});
    return {};
  }
  Result<std::vector<AuditEvent>> list(std::int64_t after, int limit) override { return trail_.list(after, limit); }
  Result<std::vector<AuditEvent>> newest(std::int64_t before, int limit) override {
    return trail_.newest(before, limit);
  }
  Result<AuditPage> find(const AuditFilter& filter) override { return trail_.find(filter); }
  Result<AuditProof> verify(const AuditProof& so_far) override { return trail_.verify(so_far); }

 private:
  AuditTrail& trail_;
  std::vector<Committed>& events_;
};

class WatchedBooks final : public Books {
 public:
  WatchedBooks(Books& books, std::vector<Committed>& events) : books_(books), trail_(books.audit(), events) {}

  ca::Certificates& certificates() override { return books_.certificates(); }
  ca::Challenges& challenges() override { return books_.challenges(); }
  ca::Crls& crls() override { return books_.crls(); }
  Transactions& transactions() override { return books_.transactions(); }
  Endpoints& endpoints() override { return books_.endpoints(); }
  AuditTrail& audit() override { return trail_; }
  Users& users() override { return books_.users(); }
  Sessions& sessions() override { return books_.sessions(); }
  fleet::Nodes& nodes() override { return books_.nodes(); }
  fleet::Inventories& inventories() override { return books_.inventories(); }
  fleet::Clusters& clusters() override { return books_.clusters(); }
  fleet::Orders& orders() override { return books_.orders(); }

 private:
  Books& books_;
  WatchedTrail trail_;
};

}  // namespace

Status WatchedLedger::write(const std::function<Status(Books&)>& work) {
  std::vector<Committed> events;
  TRY_STATUS(ledger_.write([&](Books& books) -> Status {
    // Only what the last run of the work did is committed.
    events.clear();
    WatchedBooks watched(books, events);
    return work(watched);
  }));
  if (!events.empty())
    for (const Watcher& watcher : watchers_) watcher(events);
  return {};
}

std::vector<Topic> topics_of(std::string_view action) {
  const std::string_view subject = action.substr(0, action.find('.'));
  // A device whose certificate is revoked is not well any more, until it is released.
  if (action == "certificate.revoked" || action == "certificate.released")
    return {Topic::audit, Topic::certificates, Topic::nodes};
  if (subject == "certificate") return {Topic::audit, Topic::certificates};
  // A request that is decided, or a challenge that is used, may have become a certificate.
  if (subject == "request") return {Topic::audit, Topic::requests};
  if (subject == "node" || subject == "cluster") return {Topic::audit, Topic::nodes};
  if (subject == "order") return {Topic::audit, Topic::orders, Topic::nodes};
  if (subject == "user" || subject == "session") return {Topic::audit, Topic::users};
  if (subject == "endpoint" || subject == "challenge" || subject == "authority" || subject == "generation" ||
      subject == "crl")
    return {Topic::audit, Topic::authority};
  return {Topic::audit};
}

WatchedLedger::Watcher telling(Changes& changes) {
  return [&changes](const std::vector<Committed>& events) {
    std::array<bool, topic_count> touched{};
    for (const Committed& event : events)
      for (const Topic topic : topics_of(event.action)) touched[static_cast<std::size_t>(topic)] = true;
    std::vector<Topic> topics;
    for (std::size_t topic = 0; topic < topic_count; ++topic)
      if (touched[topic]) topics.push_back(static_cast<Topic>(topic));
    changes.bump(topics);
  };
}

}  // namespace chancery::hub
