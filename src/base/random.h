#pragma once

// Where unpredictable bytes come from. Only base/ asks the system; everyone else gets a Random.

#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace chancery {

class Random {
 public:
  virtual ~Random() = default;
  // Fills `out` with bytes fit for keys, serials, nonces and challenges. Safe to call from several threads.
  virtual void fill(std::span<std::uint8_t> out) = 0;

  [[nodiscard]] Bytes bytes(std::size_t count);
  // Uniform in [0, 1).
  [[nodiscard]] double fraction();
};

// The kernel's generator (getrandom). Made in main and handed down.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace chancery
