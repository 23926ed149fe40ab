#pragma once

// Which nodes are here, their held requests, and what of them need not be looked up again. In memory. The ledger learns
// of a node that comes, moves or goes within a minute or two, and of one that stays every ten minutes. So after a hub
// that did not end properly, lists show the nodes that were here up to ten minutes too early until they come again.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "fleet/registry.h"
#include "hub/ledger.h"

namespace chancery::hub {

// A request that waits until there is something to say.
struct Held {
  fleet::NodeId node_id = 0;
  std::string serial;  // of the certificate that it came with
  Seconds longest{0};
  // Called once, without a lock held, from whoever wakes it: it must be short.
  std::function<void()> wake;
};

// Thread-safe.
class Presence {
 public:
  explicit Presence(Clock& clock) : clock_(clock) {}

  // The node was here just now, with the certificate of that serial.
  void seen(fleet::NodeId node, std::string remote_address, std::string_view serial);
  [[nodiscard]] std::optional<Timestamp> last_seen(fleet::NodeId node) const;
  // It has a held request, or was here in the last 90 seconds and has not been sent away since.
  [[nodiscard]] bool online(fleet::NodeId node) const;
  void forget(fleet::NodeId node);
  // It was refused: unless it has another request held, it is not here any more.
  void sent_away(fleet::NodeId node);

  // Of the node's inventory of that hash, the hub knows every certificate.
  void settle(fleet::NodeId node, std::string inventory_hash);
  void unsettle(fleet::NodeId node);
  [[nodiscard]] bool is_settled(fleet::NodeId node, std::string_view inventory_hash) const;

  // Take a mark, look at what there is to say, and hold with the mark when there is nothing: hold() gives nothing, and
  // drops `held`, when the node was woken or the certificate ended in between: look again.
  [[nodiscard]] std::uint64_t mark() const;
  [[nodiscard]] std::optional<std::uint64_t> hold(Held held, std::uint64_t mark);
  // Its peer has gone.
  void release(std::uint64_t ticket);
  [[nodiscard]] std::size_t held() const;

  // There is something to say to the node: orders, or another state.
  void wake(fleet::NodeId node);
  // Somebody decided a request of the node's. It is told once, and comes by itself when that is lost.
  void request_decided(fleet::NodeId node);
  [[nodiscard]] bool take_request_decided(fleet::NodeId node);
  // That certificate is not good any more: whoever came with it last is not here any more.
  void end(std::string_view serial);
  // Wakes those that waited for their longest time. Called every second or so.
  void expire();

  // Writes what the ledger should know by now: called once a minute. What could not be written is tried again next
  // time.
  Status flush(Ledger& ledger);
  // Writes all that the ledger does not have: called at the end.
  Status flush_all(Ledger& ledger);
  // What of a node that stays may be so old there.
  static constexpr Seconds written_every = std::chrono::minutes(10);

 private:
  struct Waiting {
    Held held;
    std::chrono::nanoseconds until;
  };
  // Who was to be woken: a node, or a certificate.
  struct Woken {
    fleet::NodeId node_id = 0;
    std::string serial;
  };
  using Tickets = std::vector<std::uint64_t>;  // oldest first
  [[nodiscard]] bool missed(const Held& held, std::uint64_t mark) const;
  void note(Woken woken);
  [[nodiscard]] bool is_here(const fleet::Sighting& sighting) const;
  [[nodiscard]] bool is_due(const fleet::Sighting& sighting) const;
  Status write(Ledger& ledger, bool all);
  // Takes the request out, and gives what wakes it. Its node was here until now.
  std::function<void()> take(std::uint64_t ticket);
  static void call(const std::vector<std::function<void()>>& woken);

  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<fleet::NodeId, fleet::Sighting> sightings_;
  std::map<fleet::NodeId, std::string> last_serial_;  // of the certificate that it came with
  std::map<std::string, fleet::NodeId, std::less<>> by_last_serial_;
  std::set<fleet::NodeId> sent_away_;
  std::set<fleet::NodeId> request_decided_;
  std::map<fleet::NodeId, fleet::Sighting> written_;
  std::map<fleet::NodeId, std::string> settled_;
  std::map<std::uint64_t, Waiting> waiting_;  // by ticket: oldest first
  std::map<fleet::NodeId, Tickets> by_node_;
  std::map<std::string, Tickets, std::less<>> by_serial_;
  std::uint64_t last_ticket_ = 0;
  std::uint64_t wakes_ = 0;   // how many there were
  std::deque<Woken> latest_;  // the last few of them, the last one at the end
};

}  // namespace chancery::hub
