#pragma once

// What a node said about itself last, as the hub keeps it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "fleet/node.h"

namespace chancery::fleet {

struct SlotStatus {
  std::string name;
  std::string service;
  std::string stage;   // "valid": as the message says it
  std::string active;  // fingerprint; "": none
  std::string subject;
  std::string serial;  // of a certificate of ours
  std::optional<Timestamp> not_before, not_after;
  std::optional<Timestamp> renew_at, next_attempt;
  std::string last_error;
  std::string csr;  // PEM

  bool operator==(const SlotStatus&) const = default;
};

struct HeldCertificate {
  std::string sha256;
  std::string slot;
  std::optional<Timestamp> installed_at;

  bool operator==(const HeldCertificate&) const = default;
};

struct TrustEntry {
  std::string store;
  std::string sha256;

  bool operator==(const TrustEntry&) const = default;
};

struct Inventory {
  std::vector<SlotStatus> slots;
  std::vector<HeldCertificate> held;
  std::vector<TrustEntry> trust;

  bool operator==(const Inventory&) const = default;
};

// A certificate that some node holds or trusts and that is not in the ledger.
struct ForeignCertificate {
  std::string sha256;
  std::string subject, issuer;
  Timestamp not_before, not_after;
  Bytes der;
  Timestamp reported = {};  // when some node was last known to have it

  bool operator==(const ForeignCertificate&) const = default;
};

struct NodeEvent {
  std::int64_t number = 0;
  Timestamp at;
  std::string slot;
  std::string what;
  std::string text;

  bool operator==(const NodeEvent&) const = default;
};
inline constexpr std::int64_t kept_events = 1000;  // of each node, the newest

// The one word for a list. `expiring`: an active certificate should have been renewed by now (expiring_from()).
enum class Worst : std::uint8_t { empty, ok, expiring, failed, expired, revoked };
[[nodiscard]] std::string_view to_string(Worst worst);
[[nodiscard]] Worst worst_of(const Node& node, Timestamp now);
[[nodiscard]] bool slot_has_failed(const SlotStatus& slot);
// The last fifth of a certificate's life, but no more than 30 days: agents renew before.
[[nodiscard]] Timestamp expiring_from(std::optional<Timestamp> not_before, Timestamp not_after);
// Node::slots, failed_slots, next_expiry and expiring_from, from an inventory.
void count_slots(Node& node, const std::vector<SlotStatus>& slots);

}  // namespace chancery::fleet
