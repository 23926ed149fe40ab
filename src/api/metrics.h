#pragma once

// Numbers for Prometheus, gathered when they are asked for: nothing is counted twice, here and where it happens.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace chancery::api {

class Metrics {
 public:
  using Labels = std::vector<std::pair<std::string_view, std::string>>;
  enum class Kind : std::uint8_t { counter, gauge };

  // What follows by value() belongs to this family. The name ends in its unit; a counter's in "_total".
  Metrics& family(Kind kind, std::string_view name, std::string_view help);
  Metrics& value(double value, Labels labels = {});
  Metrics& value(std::uint64_t count, Labels labels = {}) {
    return value(static_cast<double>(count), std::move(labels));
  }
  Metrics& value(Timestamp time, Labels labels = {}) {
    return value(static_cast<double>(time.time_since_epoch().count()), std::move(labels));
  }

  // Prometheus' text format, version 0.0.4.
  [[nodiscard]] std::string to_text() const;

 private:
  struct Sample {
    double value = 0;
    Labels labels;
  };
  struct Family {
    Kind kind = Kind::counter;
    std::string name, help;
    std::vector<Sample> samples;
  };
  std::vector<Family> families_;
};

}  // namespace chancery::api
