#pragma once

// Time, randomness and a log that a test controls.

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "base/time.h"

namespace chancery::testing {

// Stands still until told. Starts on 2026-01-01T00:00:00Z. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Timestamp start = Timestamp(Seconds(1767225600))) : nanoseconds_(start.time_since_epoch()) {}
  [[nodiscard]] Timestamp now() const override { return Timestamp(std::chrono::floor<Seconds>(nanoseconds_.load())); }
  [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return nanoseconds_.load(); }
  void sleep_for(std::chrono::milliseconds duration) override { advance(duration); }
  void advance(std::chrono::nanoseconds by) { nanoseconds_.store(nanoseconds_.load() + by); }
  void set(Timestamp time) { nanoseconds_.store(time.time_since_epoch()); }

 private:
  std::atomic<std::chrono::nanoseconds> nanoseconds_;
};

// The same bytes for the same seed on every machine (splitmix64). Thread-safe, and not at all unpredictable.
class FakeRandom final : public Random {
 public:
  explicit FakeRandom(std::uint64_t seed = 1) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::mutex mutex_;
  std::uint64_t state_;
};

// Keeps what was logged, each line as `level message name="value"`.
class RecordingLog final : public Log {
 public:
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) override;
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace chancery::testing
