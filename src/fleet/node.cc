#include "fleet/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace chancery::fleet {
namespace {

constexpr std::array<std::string_view, 4> state_names = {"expected", "waiting", "admitted", "blocked"};
constexpr std::size_t most_name_bytes = 64;
constexpr std::size_t most_product_bytes = 32;

bool is_number(std::string_view text) { return !text.empty() && std::ranges::all_of(text, ascii::is_digit); }

bool may_stand_in_name(char c) { return ascii::is_letter_or_digit(c) || c == '-' || c == '_' || c == '.' || c == ':'; }

}  // namespace

std::string_view to_string(NodeState state) { return state_names[static_cast<std::size_t>(state)]; }

std::optional<NodeState> node_state_from_text(std::string_view text) {
  const auto place = std::ranges::find(state_names, text);
  if (place == state_names.end()) return std::nullopt;
  return static_cast<NodeState>(place - state_names.begin());
}

std::string_view to_string(ClockSync synchronised) {
  static constexpr std::string_view names[] = {"unknown", "yes", "no"};
  return names[static_cast<std::size_t>(synchronised)];
}

Result<NodeState> after_admission(NodeState state) {
  switch (state) {
    case NodeState::waiting:
    case NodeState::blocked: return NodeState::admitted;
    case NodeState::expected: return conflict("the node is expected: it is admitted by its challenge, when it comes");
    case NodeState::admitted: break;
  }
  return conflict("the node is admitted already");
}

Result<NodeState> after_blocking(NodeState state) {
  if (state == NodeState::blocked) return conflict("the node is blocked already");
  return NodeState::blocked;
}

NodeState after_contact(NodeState state) { return state == NodeState::expected ? NodeState::admitted : state; }

Status check_node_name(std::string_view name) {
  if (name.empty()) return invalid("a name is missing");
  if (name.size() > most_name_bytes) return invalid(fmt::format("a name has at most {} characters", most_name_bytes));
  if (name.front() == ' ' || name.back() == ' ') return invalid("a name does not begin or end with a blank");
  if (!std::ranges::all_of(name, [](char c) { return may_stand_in_name(c) || c == ' '; }))
    return invalid("a name holds letters, digits, '-', '_', '.', ':' and blanks");
  if (is_number(name)) return invalid("a name of digits only would be taken for an id");
  return {};
}

std::string node_name_from(std::string_view text) {
  std::string name(is_number(text) ? "node-" : "");
  for (const char c : text) {
    if (name.size() == most_name_bytes) break;
    name += may_stand_in_name(c) ? c : '-';
  }
  return name;
}

Status check_product(std::string_view product) {
  if (product.size() > most_product_bytes)
    return invalid(fmt::format("a product has at most {} characters", most_product_bytes));
  if (!std::ranges::all_of(product,
                           [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }))
    return invalid("a product holds lower-case letters, digits and '-'");
  return {};
}

}  // namespace chancery::fleet
