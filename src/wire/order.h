#pragma once

// What a hub asks of a device, and what became of it. An order is delivered again until its result arrives, so each is
// idempotent: a device answers one that it has done with the same result.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace chancery::wire {

// `unknown` is a verb that a newer hub sent: the answer is Outcome::unsupported.
enum class Verb : std::uint8_t {
  unknown,
  read_inventory,       // report everything anew
  renew_slot,           // renew now
  generate_csr,         // make a key and a request; the result's data has "csr" in PEM; parameters "subject", "names",
                        // "key" say what it is for where that is not what the slot's file says
  install_certificate,  // `certificates`: the one that a generated request asked for, then its chain
  add_trust,            // `certificates`; parameters "store"
  remove_trust,         // parameters "sha256", "store"
  reload,
  restart,
};

using Texts = std::map<std::string, std::string>;

struct Order {
  std::string id;
  Verb verb = Verb::unknown;
  std::string slot;
  Texts parameters;
  std::vector<Bytes> certificates;  // DER
  Timestamp deadline;               // not begun after this

  bool operator==(const Order&) const = default;
};

enum class Outcome : std::uint8_t { failed, done, expired, unsupported };

struct OrderResult {
  std::string id;
  Outcome outcome = Outcome::failed;
  std::string text;  // the real error text
  Texts data;
  Timestamp finished_at;

  bool operator==(const OrderResult&) const = default;
};

[[nodiscard]] std::string_view to_string(Verb verb);
[[nodiscard]] std::string_view to_string(Outcome outcome);
// Nothing for a text that is no verb of this version.
[[nodiscard]] std::optional<Verb> verb_from_text(std::string_view text);

[[nodiscard]] std::string to_json(const Order& order);
Result<Order> order_from_json(std::string_view json);
[[nodiscard]] std::string to_json(const OrderResult& result);
Result<OrderResult> order_result_from_json(std::string_view json);

}  // namespace chancery::wire
