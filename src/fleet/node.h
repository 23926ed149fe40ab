#pragma once

// A device that the hub knows, and what it said about itself. Times are UTC; fingerprints SHA-256 in lower-case hex.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace chancery::fleet {

using NodeId = std::int64_t;

// `expected`: made by an administrator, has not been here. `waiting`: a certificate of ours that nobody announced.
enum class NodeState : std::uint8_t { expected, waiting, admitted, blocked };
[[nodiscard]] std::string_view to_string(NodeState state);
[[nodiscard]] std::optional<NodeState> node_state_from_text(std::string_view text);

// ErrorCode::conflict says why not. An expected node needs no admission: its challenge is one.
Result<NodeState> after_admission(NodeState state);
Result<NodeState> after_blocking(NodeState state);
// A node that was minted a challenge has been here with the certificate of that challenge.
[[nodiscard]] NodeState after_contact(NodeState state);

enum class ClockSync : std::uint8_t { unknown, yes, no };
[[nodiscard]] std::string_view to_string(ClockSync synchronised);

struct Node {
  NodeId id = 0;  // given by the store
  std::string name;
  std::int64_t cluster_id = 0;  // 0: none
  std::string product;
  NodeState state = NodeState::waiting;
  Timestamp created;
  std::optional<Timestamp> first_seen, last_seen;
  std::string remote_address;
  std::string agent_version;
  std::optional<std::int64_t> clock_offset_seconds;  // how far the device's clock is ahead of the hub's
  ClockSync clock_synchronised = ClockSync::unknown;
  std::string certificate;              // serial (hex) of the one that it showed last
  std::string inventory_hash;           // of the inventory that the hub has
  std::int64_t acknowledged_event = 0;  // the number of the newest event that the hub has
  // Of its slots, for lists: kept with the inventory.
  std::int64_t slots = 0, failed_slots = 0;
  std::optional<Timestamp> next_expiry;
  std::optional<Timestamp> expiring_from;  // one should have been renewed by then
  // Of its slots, those whose certificate is revoked: counted when the node is read, and never kept.
  std::int64_t revoked_slots = 0;

  bool operator==(const Node&) const = default;
};

// 1 to 64 characters: letters, digits, '-', '_', '.', ':', and blanks inside. Not digits only: that would be an id.
Status check_node_name(std::string_view name);
// What a device's own words make of a name, which may be nothing: others become '-', too long is cut,
// and "node-" stands before digits.
[[nodiscard]] std::string node_name_from(std::string_view text);
// "printer", "room-device", …: lower-case letters, digits and '-', 0 to 32 characters.
Status check_product(std::string_view product);

struct Cluster {
  std::int64_t id = 0;  // given by the store
  std::string name;
  Timestamp created;

  bool operator==(const Cluster&) const = default;
};

// Which node and slot a certificate or a challenge is for.
struct Place {
  NodeId node_id = 0;
  std::string slot;

  bool operator==(const Place&) const = default;
};

}  // namespace chancery::fleet
