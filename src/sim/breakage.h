#pragma once

// Mistakes that are made on purpose, one at a time: the rules of a simulation are worth something only if each of these
// breaks one.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace chancery::sim {

enum class Breakage : std::uint8_t {
  none,
  never_renew,          // the renewal time is after the end
  oversleep,            // a device's timer comes six hours late
  forget_pending,       // a restart loses the pending request with its key
  forget_each_try,      // each try of a renewal begins with a new key
  draw_anew,            // each start chooses another renewal time
  swap_halves,          // certificate and key change one after the other
  overlook_revocation,  // the hub goes on with what was revoked
  drop_commits,         // the hub's disk forgets a commit now and then
  real_randomness,      // a decision that the seed does not know
};

inline constexpr std::array<std::pair<std::string_view, Breakage>, 9> breakages = {{
    {"never-renew", Breakage::never_renew},
    {"oversleep", Breakage::oversleep},
    {"forget-pending", Breakage::forget_pending},
    {"forget-each-try", Breakage::forget_each_try},
    {"draw-anew", Breakage::draw_anew},
    {"swap-halves", Breakage::swap_halves},
    {"overlook-revocation", Breakage::overlook_revocation},
    {"drop-commits", Breakage::drop_commits},
    {"real-randomness", Breakage::real_randomness},
}};

[[nodiscard]] inline std::optional<Breakage> breakage_from_text(std::string_view text) {
  for (const auto& [name, breakage] : breakages)
    if (name == text) return breakage;
  return std::nullopt;
}

}  // namespace chancery::sim
