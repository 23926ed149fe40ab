// What the hub asks for. An order is written down when it is begun and when it is finished, so that a repeat, or one
// that a cut interrupted, is answered and not done twice.

#include <fmt/format.h>

#include "agent/supervisor.h"
#include "pki/algorithms.h"

namespace chancery::agent {
namespace {

// Not begun so long after its deadline; clocks differ.
constexpr Seconds deadline_tolerance = std::chrono::minutes(2);

std::string_view parameter(const wire::Order& order, const std::string& name) {
  const auto found = order.parameters.find(name);
  return found == order.parameters.end() ? std::string_view() : std::string_view(found->second);
}

Result<RequestWish> wish_of(const wire::Order& order) {
  RequestWish wish;
  if (const std::string_view text = parameter(order, "subject"); !text.empty()) {
    TRY_IN("subject", wish.subject, pki::Name::from_text(text));
  }
  if (const std::string_view text = parameter(order, "key"); !text.empty()) {
    TRY_IN("key", wish.key, pki::key_spec_from_text(text));
  }
  std::string_view left = parameter(order, "names");
  if (!left.empty()) wish.names.emplace();
  while (!left.empty()) {
    const std::size_t comma = std::min(left.find(','), left.size());
    TRY_IN("names", pki::GeneralName name, pki::general_name_from_text(left.substr(0, comma)));
    wish.names->push_back(std::move(name));
    left.remove_prefix(std::min(comma + 1, left.size()));
  }
  return wish;
}

}  // namespace

void Supervisor::perform_orders() {
  const std::vector<wire::Order> orders = std::exchange(orders_, {});
  if (!orders.empty()) talk_.soon();
  for (const wire::Order& order : orders) {
    // The hub sends it again.
    if (is_stopping()) return;
    if (const Status done = perform(order); !done)
      // Without a record it is not done: the hub sends it again.
      agent_.log.error("an order could not be performed", {{"order", order.id}, {"error", done.error().text()}});
  }
}

Status Supervisor::perform(const wire::Order& order) {
  const Bytes content = pki::hash(pki::Digest::sha256, as_bytes(wire::to_json(order)));
  TRY(auto record, agent_.store.order(order.id));
  // A hub that lost its memory may give an id again, to another order.
  if (record && record->content != content) record.reset();
  if (record && record->result) return agent_.store.finish_order(*record->result);
  const Timestamp now = agent_.clock.now();
  TRY_STATUS(agent_.store.begin_order(order.id, content, now));
  if (!record && order.deadline != Timestamp() && now > order.deadline + deadline_tolerance)
    return agent_.store.finish_order({.id = order.id,
                                      .outcome = wire::Outcome::expired,
                                      .text = "it came after its deadline",
                                      .data = {},
                                      .finished_at = now});
  const wire::OrderResult result = execute(order, record ? record->begun : now);
  agent_.log.info("an order of the hub's", {{"order", order.id},
                                            {"verb", std::string(wire::to_string(order.verb))},
                                            {"slot", order.slot},
                                            {"outcome", std::string(wire::to_string(result.outcome))},
                                            {"text", result.text}});
  return agent_.store.finish_order(result);
}

wire::OrderResult Supervisor::execute(const wire::Order& order, Timestamp begun) {
  wire::OrderResult result{.id = order.id, .outcome = wire::Outcome::done};
  if (order.verb == wire::Verb::unknown) {
    result.outcome = wire::Outcome::unsupported;
    result.text = "this agent does not know the order";
  } else if (auto text = execute_verb(order, begun, result.data); text) {
    result.text = std::move(*text);
  } else {
    result.outcome = wire::Outcome::failed;
    result.text = text.error().text();
  }
  result.finished_at = agent_.clock.now();
  return result;
}

Result<std::string> Supervisor::execute_verb(const wire::Order& order, Timestamp begun, wire::Texts& data) {
  switch (order.verb) {
    case wire::Verb::read_inventory: talk_.report_everything(); return "";
    case wire::Verb::add_trust:
    case wire::Verb::remove_trust: TRY_STATUS(order_trust(order)); return "";
    default: break;
  }
  TRY(SlotRunner * runner, find(order.slot));
  switch (order.verb) {
    case wire::Verb::renew_slot:
      // Done before a cut, and only the record of it was lost.
      if (runner->installed_since(begun) && begun < agent_.clock.now()) return "the certificate was renewed";
      return runner->renew(no_earlier_than());
    case wire::Verb::generate_csr: {
      TRY(const RequestWish wish, wish_of(order));
      TRY(data["csr"], runner->give_request_out(wish));
      return "";
    }
    case wire::Verb::install_certificate: TRY_STATUS(runner->install(order.certificates)); return "";
    case wire::Verb::reload:
      TRY_STATUS(agent_.services.reload(order.slot));
      runner->service_is_back();
      return "";
    case wire::Verb::restart:
      TRY_STATUS(agent_.services.restart(order.slot));
      runner->service_is_back();
      return "";
    default: break;
  }
  return invalid("this agent does not know the order");
}

Status Supervisor::order_trust(const wire::Order& order) {
  std::string store(parameter(order, "store"));
  if (store.empty()) store = "default";
  if (order.verb == wire::Verb::add_trust) return add_trust(store, order.certificates);
  TRY_IN("sha256", const Bytes sha256, from_hex(parameter(order, "sha256")));
  const Status removed = remove_trust(store, sha256);
  // Gone already is what was wanted.
  if (!removed && removed.error().code() == ErrorCode::not_found) return {};
  return removed;
}

}  // namespace chancery::agent
