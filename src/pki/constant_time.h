#pragma once

// Decisions on secret bytes without branches and without addresses that depend on them. A mask is all ones for yes and
// all zeros for no.

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/check.h"

namespace chancery::pki::constant_time {

using Mask = std::uint32_t;

// Hides a value from the optimiser, which would otherwise be free to turn mask arithmetic back into a branch.
inline std::uint32_t opaque(std::uint32_t value) {
  __asm__("" : "+r"(value));  // NOLINT(hicpp-no-assembler)
  return value;
}

inline Mask is_zero(std::uint32_t value) {
  value = opaque(value);
  return 0U - ((~value & (value - 1)) >> 31);
}
inline Mask equals(std::uint32_t a, std::uint32_t b) { return is_zero(a ^ b); }
// REQUIRES: both below 2^31.
inline Mask less(std::uint32_t a, std::uint32_t b) { return 0U - (opaque(a - b) >> 31); }

// `to` becomes `from` when the mask is set, and stays otherwise. REQUIRES: the same size.
inline void copy_if(Mask mask, std::span<std::uint8_t> to, ByteView from) {
  CHECK(to.size() == from.size());
  const auto chosen = static_cast<std::uint8_t>(opaque(mask));
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<std::uint8_t>((to[i] & ~chosen) | (from[i] & chosen));
}

}  // namespace chancery::pki::constant_time
