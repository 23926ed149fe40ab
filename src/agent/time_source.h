#pragma once

// Whether the machine's clock is kept right by somebody. Granted by device/; a test says what it wants.

#include <cstdint>

namespace chancery::agent {

enum class ClockSync : std::uint8_t { unknown, no, yes };

class TimeSource {
 public:
  virtual ~TimeSource() = default;
  // Cheap: asked at each check-in. Called from the thread of decisions.
  [[nodiscard]] virtual ClockSync state() = 0;
};

}  // namespace chancery::agent
