#include "hub/orders.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "hub/order_words.h"
#include "pki/key.h"
#include "pki/name.h"
#include "wire/limits.h"
#include "wire/order.h"

namespace chancery::hub {
namespace {

constexpr Seconds usual_lifetime = std::chrono::days(1);
constexpr Seconds remembered = std::chrono::days(90);
constexpr std::size_t token_bytes = 16;

Status check_certificates(const std::vector<Bytes>& certificates) {
  if (certificates.empty()) return invalid("this order needs certificates");
  if (certificates.size() > wire::most_certificates)
    return invalid(fmt::format("an order has at most {} certificates", wire::most_certificates));
  for (const Bytes& der : certificates) {
    if (der.size() > wire::most_der_bytes) return invalid("a certificate is too large");
    TRY_IN("a certificate", [[maybe_unused]] const auto parsed, pki::Certificate::from_der(der));
  }
  return {};
}

// What agents read of an order (wire/order.h).
std::vector<std::string_view> parameters_of(wire::Verb verb) {
  switch (verb) {
    case wire::Verb::generate_csr: return {"subject", "names", "key"};
    case wire::Verb::add_trust: return {"store"};
    case wire::Verb::remove_trust: return {"sha256", "store"};
    default: return {};
  }
}

Status check_value(std::string_view name, std::string_view value) {
  if (value.size() > wire::most_text_bytes) return invalid(fmt::format("the parameter '{}' is too long", name));
  if (name == "sha256") {
    const auto octets = from_hex(value);
    if (!octets || octets->size() != 32)
      return invalid("the parameter 'sha256' is not the SHA-256 of a certificate: 64 hexadecimal digits");
  }
  // As the agent reads them: an empty one says nothing.
  if (name == "subject" && !value.empty()) {
    TRY_IN("the parameter 'subject'", [[maybe_unused]] const auto subject, pki::Name::from_text(value));
  }
  if (name == "key" && !value.empty()) {
    TRY_IN("the parameter 'key'", [[maybe_unused]] const auto key, pki::key_spec_from_text(value));
  }
  return {};
}

Status check_parameters(wire::Verb verb, const fleet::Texts& parameters) {
  const std::vector<std::string_view> known = parameters_of(verb);
  for (const auto& [name, value] : parameters) {
    if (std::ranges::find(known, name) == known.end()) {
      const std::string shown = name.size() > wire::most_name_bytes ? "" : fmt::format(" '{}'", name);
      if (known.empty())
        return invalid(fmt::format("this order takes no parameters: there is{}", shown.empty() ? " one" : shown));
      return invalid(fmt::format("this order takes no parameter{}, but {}", shown, fmt::join(known, ", ")));
    }
    TRY_STATUS(check_value(name, value));
  }
  return {};
}

// What could never be done is not sent.
Status check(const OrderRequest& request) {
  const auto verb = wire::verb_from_text(request.verb);
  if (!verb) return invalid(fmt::format("there is no order '{}'", request.verb));
  if (request.slot.size() > wire::most_name_bytes) return invalid("the slot's name is too long");
  if (request.lifetime && (*request.lifetime < Seconds(60) || *request.lifetime > std::chrono::days(90)))
    return invalid("the lifetime of an order is between 1m and 90d");
  TRY_STATUS(check_parameters(*verb, request.parameters));
  using enum wire::Verb;
  const bool of_a_slot = *verb == renew_slot || *verb == generate_csr || *verb == install_certificate ||
                         *verb == reload || *verb == restart;
  if (of_a_slot && request.slot.empty()) return invalid("this order is for a slot: name it");
  if (*verb == install_certificate || *verb == add_trust) return check_certificates(request.certificates);
  if (!request.certificates.empty()) return invalid("this order takes no certificates");
  if (*verb == remove_trust && !request.parameters.contains("sha256"))
    return invalid("which certificate: the parameter 'sha256' is missing");
  return {};
}

}  // namespace

Result<fleet::Order> Orders::create(OrderRequest request, const Caller& caller) {
  TRY_STATUS(check(request));
  const Timestamp now = context_.clock.now();
  fleet::Order order{.token = to_hex(context_.random.bytes(token_bytes)),
                     .node_id = request.node_id,
                     .verb = std::move(request.verb),
                     .slot = std::move(request.slot),
                     .parameters = std::move(request.parameters),
                     .certificates = std::move(request.certificates),
                     .created = now,
                     .created_by = caller.name,
                     .deadline = now + request.lifetime.value_or(usual_lifetime)};
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY(const auto node, books.nodes().find(order.node_id));
    if (!node) return not_found(fmt::format("there is no node {}", order.node_id));
    if (node->state == fleet::NodeState::waiting || node->state == fleet::NodeState::blocked)
      return conflict(fmt::format("the node is {}", to_string(node->state)));
    TRY(const std::int64_t open, books.orders().count_open(order.node_id));
    if (open >= static_cast<std::int64_t>(wire::most_orders))
      return conflict(fmt::format("the node has {} open orders: wait, or cancel some", open));
    TRY(order.id, books.orders().add(order));
    return books.audit().append({.at = now,
                                 .actor = caller.name,
                                 .action = "order.created",
                                 .subject = std::to_string(order.id),
                                 .details = {{"node", node->name}, {"verb", order.verb}, {"slot", order.slot}}});
  }));
  presence_.wake(order.node_id);
  return order;
}

Result<fleet::Order> Orders::cancel(fleet::OrderId id, const Caller& caller) {
  std::optional<fleet::Order> order;
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY(order, books.orders().find(id));
    if (!order) return not_found(fmt::format("there is no order {}", id));
    TRY(order->state, fleet::after_cancelling(order->state));
    order->finished = context_.clock.now();
    TRY_STATUS(books.orders().update(*order));
    return books.audit().append({.at = *order->finished,
                                 .actor = caller.name,
                                 .action = "order.cancelled",
                                 .subject = std::to_string(id),
                                 .details = {{"verb", order->verb}, {"slot", order->slot}}});
  }));
  return *std::move(order);
}

Result<fleet::Order> Orders::find(fleet::OrderId id) {
  std::optional<fleet::Order> order;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(order, books.orders().find(id));
    return {};
  }));
  if (!order) return not_found(fmt::format("there is no order {}", id));
  return *std::move(order);
}

Result<fleet::Order> Orders::repeat(fleet::OrderId id, const Caller& caller) {
  TRY(fleet::Order order, find(id));
  if (fleet::is_open(order.state))
    return conflict(fmt::format("the order is {}: wait, or cancel it", to_string(order.state)));
  if (order.state == fleet::OrderState::done) return conflict("the order was done");
  if (order.node_id == 0) return conflict("the order's node was removed");
  return create({.node_id = order.node_id,
                 .verb = std::move(order.verb),
                 .slot = std::move(order.slot),
                 .parameters = std::move(order.parameters),
                 .certificates = std::move(order.certificates),
                 .lifetime = std::chrono::floor<Seconds>(order.deadline - order.created)},
                caller);
}

Result<OrderPage> Orders::list(fleet::OrderFilter filter) {
  OrderPage page;
  const int limit = filter.limit++;  // one more tells whether there is another page
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    page = {};
    if (filter.node_id) {
      TRY(const auto found, books.nodes().find(*filter.node_id));
      if (!found) return not_found(fmt::format("there is no node {}", *filter.node_id));
    }
    if (filter.cluster_id) {
      TRY(const auto cluster, books.clusters().find(*filter.cluster_id));
      if (!cluster) return not_found(fmt::format("there is no cluster {}", *filter.cluster_id));
    }
    TRY(page.rows, books.orders().list(filter));
    if (std::ssize(page.rows) > limit) {
      page.rows.resize(static_cast<std::size_t>(limit));
      page.next = page.rows.back().id;
    }
    for (const fleet::Order& order : page.rows) {
      const auto [name, added] = page.names.try_emplace(order.node_id);
      if (!added) continue;
      TRY(const auto node, books.nodes().find(order.node_id));
      if (node) name->second = node->name;
    }
    return {};
  }));
  return page;
}

Status Orders::expire() {
  const Timestamp now = context_.clock.now();
  bool changed = false;
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    changed = false;
    TRY(const std::vector<fleet::Order> overdue, books.orders().overdue(now));
    for (fleet::Order order : overdue) {
      if (!fleet::has_expired(order, now)) continue;
      order.text = words_of_expiry(order.state);
      order.state = fleet::OrderState::expired;
      order.finished = now;
      TRY_STATUS(books.orders().update(order));
      TRY_STATUS(books.audit().append({.at = now,
                                       .actor = "chancery",
                                       .action = "order.expired",
                                       .subject = std::to_string(order.id),
                                       .details = {{"verb", order.verb}, {"slot", order.slot}}}));
      changed = true;
    }
    return books.orders().forget(now - remembered);
  }));
  if (changed) changes_.bump({Topic::orders, Topic::nodes});
  return {};
}

}  // namespace chancery::hub
