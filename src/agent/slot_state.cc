#include "agent/slot_state.h"

#include <fmt/format.h>

#include <array>

namespace chancery::agent {
namespace {

constexpr std::array<std::string_view, 4> phases = {"idle", "asking", "polling", "installing"};
constexpr std::array<std::string_view, 3> methods = {"renewal", "signed_request", "challenge"};

// From that many failures in a row on, it is no passing trouble.
constexpr unsigned failures_that_count = 3;

template <class Enum, std::size_t size>
Result<Enum> find(const std::array<std::string_view, size>& names, std::string_view text, std::string_view what) {
  for (std::size_t index = 0; index < size; ++index)
    if (names[index] == text) return static_cast<Enum>(index);
  return invalid(fmt::format("'{}' is no {}", text, what));
}

}  // namespace

std::string_view to_string(SlotPhase phase) { return phases[static_cast<std::size_t>(phase)]; }
std::string_view to_string(Method method) { return methods[static_cast<std::size_t>(method)]; }

Result<SlotPhase> slot_phase_from_text(std::string_view text) {
  return find<SlotPhase>(phases, text, "phase of a slot");
}
Result<Method> method_from_text(std::string_view text) { return find<Method>(methods, text, "method"); }

wire::SlotStage stage_of(const SlotState& state, Timestamp now) {
  using wire::SlotStage;
  if (state.active && now > state.active->validity.not_after) return SlotStage::expired;
  if (state.phase == SlotPhase::idle) return state.active ? SlotStage::valid : SlotStage::empty;
  if (state.phase == SlotPhase::polling && state.failures < failures_that_count) return SlotStage::awaiting_approval;
  if (state.rejected || state.failures >= failures_that_count) return SlotStage::failed;
  return state.active ? SlotStage::renewing : SlotStage::enrolling;
}

}  // namespace chancery::agent
