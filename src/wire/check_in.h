#pragma once

// The two messages between an agent and its hub: POST /link/v1/check-in carries a CheckIn, and is answered with a
// CheckInAnswer. A reader ignores fields that it does not know, and a field that is missing has the default that stands
// here; so an older and a newer program understand each other. Everything else is strict, and bounded by limits.h.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/inventory.h"
#include "wire/limits.h"
#include "wire/order.h"

namespace chancery::wire {

inline constexpr std::string_view check_in_path = "/link/v1/check-in";

enum class ClockSync : std::uint8_t { unknown, yes, no };

struct ClockReport {
  std::optional<Timestamp> now;
  ClockSync synchronised = ClockSync::unknown;

  bool operator==(const ClockReport&) const = default;
};

struct CheckIn {
  std::int64_t version = current_version;
  std::string agent_version;
  std::string node;  // what it calls itself
  std::string product;
  std::string boot_id;
  ClockReport clock;
  std::string inventory_hash;
  std::optional<Inventory> inventory;         // only when the hub does not have that hash
  std::map<std::string, Bytes> certificates;  // SHA-256 → DER: those that the hub asked for
  std::vector<OrderResult> results;           // until acknowledged
  std::vector<Event> events;                  // those after the acknowledged number, oldest first
  std::int64_t hold_seconds = 0;

  bool operator==(const CheckIn&) const = default;
};

// Whether the hub deals with this node. A newer word reads as the one that lets nothing happen.
enum class NodeState : std::uint8_t { waiting, admitted, blocked };

struct CheckInAnswer {
  std::int64_t version = current_version;
  NodeState state = NodeState::waiting;
  std::optional<Timestamp> now;  // the hub's clock
  bool inventory_wanted = false;
  std::vector<std::string> certificates_wanted;   // SHA-256
  std::vector<std::string> acknowledged_results;  // ids: need not be sent again
  std::int64_t acknowledged_event = 0;            // events up to this number need not be sent again
  std::vector<Order> orders;
  bool request_decided = false;             // a request of this node's that waited: it need not wait for its next poll
  std::int64_t check_in_again_seconds = 0;  // the agent adds jitter; 0: at once

  bool operator==(const CheckInAnswer&) const = default;
};

[[nodiscard]] std::string_view to_string(ClockSync synchronised);
[[nodiscard]] std::string_view to_string(NodeState state);

// Texts for people that are too long, not UTF-8 or hold control characters are made fit; a name, a list or a number
// that is out of bounds is the caller's bug and is refused by the reader.
[[nodiscard]] std::string to_json(const CheckIn& check_in);
[[nodiscard]] std::string to_json(const CheckInAnswer& answer);
// ErrorCode::invalid with the place: "inventory.slots[2].stage: expected a text". A message of a version that this
// program does not know is ErrorCode::refused.
Result<CheckIn> check_in_from_json(std::string_view json);
Result<CheckInAnswer> check_in_answer_from_json(std::string_view json);

}  // namespace chancery::wire
