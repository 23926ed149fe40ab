#pragma once

// What the agent remembers beside the slots' folders: plans, history, trusted authorities, what hubs asked for. Granted
// by store/agent (SQLite); memory_store_testing.h has one in memory, store_contract_testing.h the contract of both.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/credential_folder.h"
#include "agent/slot_state.h"
#include "base/bytes.h"
#include "base/time.h"
#include "wire/inventory.h"
#include "wire/order.h"

namespace chancery::agent {

// A certificate that was in use in a slot at some time. It holds no secret.
struct CertificateRecord {
  Bytes sha256;
  std::string slot;
  Bytes der;
  Timestamp installed_at;  // last
};

// A certificate that an authority sent and that is not in use yet; its key is in the slot's folder, pending.
struct ReceivedCertificate {
  Bytes certificate;  // DER, as all here
  std::vector<Bytes> chain;
  std::vector<Bytes> authorities;
  Source source;
  Bytes challenge = {};  // SHA-256 of the one that it was asked for with; empty: none
};

// A trusted authority. A store is a name that services' configurations refer to.
struct TrustAnchor {
  std::string store;
  Bytes sha256;
  Bytes der;
};

// What one event did to a slot, kept whole or not at all.
struct SlotChange {
  std::string slot;
  const SlotState& state;
  std::vector<wire::Event> events = {};             // their numbers are given by the store
  std::optional<CertificateRecord> installed = {};  // what is in use from now on
  bool forget_received = false;
};

// An order of the hub's: begun, and finished when it has a result.
struct OrderRecord {
  Timestamp begun;
  Bytes content = {};  // SHA-256 of all that was asked
  std::optional<wire::OrderResult> result = {};
};

// What the hub is known to have.
struct LinkRecord {
  std::int64_t acknowledged_event = 0;
};

// Changes are on the disk when a call returns. Called by one thread at a time. Errors: unavailable (disk), internal.
class AgentStore {
 public:
  static constexpr std::size_t history_length = 1000;
  static constexpr std::size_t certificates_per_slot = 20;
  static constexpr std::size_t orders_remembered = 200;

  virtual ~AgentStore() = default;

  // By name.
  virtual Result<std::vector<std::pair<std::string, SlotState>>> slots() = 0;
  virtual Status save(const SlotChange& change) = 0;
  // The slot's service file is gone. Its history and certificates stay.
  virtual Status forget_slot(const std::string& slot) = 0;

  virtual Status keep_received(const std::string& slot, const ReceivedCertificate& received) = 0;
  virtual Result<std::optional<ReceivedCertificate>> received(const std::string& slot) = 0;

  // The newest `certificates_per_slot` of each slot, the newest first.
  virtual Result<std::vector<CertificateRecord>> certificates() = 0;

  // One more line of history; `event.number` is looked at by nobody. The oldest beyond `history_length` go.
  virtual Status append(const wire::Event& event) = 0;
  // The oldest `limit` of those with a greater number, in order.
  virtual Result<std::vector<wire::Event>> events_after(std::int64_t number, std::size_t limit) = 0;
  // The newest `limit`, the newest first. An empty `slot` is all of them.
  virtual Result<std::vector<wire::Event>> latest_events(const std::string& slot, std::size_t limit) = 0;

  // By store, then fingerprint.
  virtual Result<std::vector<TrustAnchor>> trust() = 0;
  // False when it was there already.
  virtual Result<bool> add_trust(const TrustAnchor& anchor) = 0;
  // False when there was none such.
  virtual Result<bool> remove_trust(const std::string& store, ByteView sha256) = 0;

  virtual Result<std::optional<OrderRecord>> order(const std::string& id) = 0;
  // Nothing changes when it was begun before; but what has another content is another order, and takes the place of the
  // one of that id. The oldest finished ones beyond `orders_remembered` go.
  virtual Status begin_order(const std::string& id, ByteView content, Timestamp now) = 0;
  // From now on it is not acknowledged. REQUIRES: it was begun.
  virtual Status finish_order(const wire::OrderResult& result) = 0;
  // In the order in which they were begun.
  virtual Result<std::vector<wire::OrderResult>> unacknowledged_results(std::size_t limit) = 0;
  virtual Status acknowledge_results(const std::vector<std::string>& ids) = 0;

  virtual Result<LinkRecord> link() = 0;
  virtual Status save_link(const LinkRecord& link) = 0;
};

}  // namespace chancery::agent
