#include "hub/order_words.h"

#include <algorithm>

#include "base/check.h"

namespace chancery::hub {
namespace {

// Each with the state in which it leaves an order.
struct Words {
  fleet::OrderState state;
  std::string_view text;
};
constexpr Words not_here{fleet::OrderState::expired, "the node was not here in time"};
constexpr Words no_result{fleet::OrderState::expired, "the node took it and sent no result in time"};
constexpr Words agent_too_old{fleet::OrderState::failed, "the agent does not know this order: it is too old"};
constexpr Words own_words[] = {not_here, no_result, agent_too_old};

}  // namespace

std::string words_of_expiry(fleet::OrderState state) {
  CHECK(fleet::is_open(state));
  return std::string(state == fleet::OrderState::delivered ? no_result.text : not_here.text);
}

std::string words_of_result(const wire::OrderResult& result) {
  if (result.outcome == wire::Outcome::unsupported && result.text.empty()) return std::string(agent_too_old.text);
  const bool reads_like_ours = std::ranges::find(own_words, result.text, &Words::text) != std::end(own_words);
  return reads_like_ours ? "\"" + result.text + "\"" : result.text;
}

bool is_told_by_hub(const fleet::Order& order) {
  return std::ranges::any_of(
      own_words, [&](const Words& words) { return words.state == order.state && words.text == order.text; });
}

}  // namespace chancery::hub
