#pragma once

// What a device says about itself: its slots, the authorities that it trusts, the certificates that it keeps, and what
// happened to them. Fingerprints are SHA-256 in lower-case hex; "" where there is none.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace chancery::wire {

// `unknown` is what a newer agent said and this program has no word for.
enum class SlotStage : std::uint8_t { empty, enrolling, awaiting_approval, valid, renewing, failed, expired, unknown };

struct Slot {
  std::string name;
  std::string service;
  SlotStage stage = SlotStage::empty;
  std::string active;  // the fingerprint of the certificate in use
  std::optional<Timestamp> not_after;
  std::optional<Timestamp> renew_at;
  std::optional<Timestamp> next_attempt;
  std::string last_error;
  std::string csr;  // PEM; what the device asks to have signed

  bool operator==(const Slot&) const = default;
};

struct TrustEntry {
  std::string store;
  std::string sha256;

  bool operator==(const TrustEntry&) const = default;
};

// Every certificate that the device keeps, in use or not.
struct StoredCertificate {
  std::string sha256;
  std::string slot;
  std::optional<Timestamp> installed_at;

  bool operator==(const StoredCertificate&) const = default;
};

struct Inventory {
  std::vector<Slot> slots;
  std::vector<TrustEntry> trust;
  std::vector<StoredCertificate> stored;

  bool operator==(const Inventory&) const = default;
};

// A line of the device's history. Numbers grow by one, from 1, for the life of the agent's store.
struct Event {
  std::int64_t number = 0;
  Timestamp at;
  std::string slot;
  std::string what;  // "installed"; a newer agent may have more words
  std::string text;

  bool operator==(const Event&) const = default;
};

[[nodiscard]] std::string_view to_string(SlotStage stage);

// The same bytes for the same inventory: what an agent hashes for CheckIn::inventory_hash.
[[nodiscard]] std::string to_json(const Inventory& inventory);
Result<Inventory> inventory_from_json(std::string_view json);
[[nodiscard]] std::string to_json(const Event& event);
Result<Event> event_from_json(std::string_view json);

}  // namespace chancery::wire
