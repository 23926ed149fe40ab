#pragma once

// How long somebody who keeps failing has to wait before the next try.

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"

namespace chancery::hub {

inline constexpr Seconds most_delay = std::chrono::minutes(5);
// Failures are forgotten when nothing failed for that long.
inline constexpr Seconds failures_remembered = std::chrono::minutes(15);

// After the first failure 1 s, then 2 s, 4 s … 5 min; nothing for 0.
[[nodiscard]] Seconds delay_after(int failures);

// Counts failures by key (a user's name, an address) in memory, for what exists and what does not alike. Thread-safe.
// `clock` must outlive it.
class LockOut {
 public:
  // The first `free` failures of a key cost nothing. Of more than `most` keys, the one not heard of for longest is
  // forgotten.
  LockOut(const Clock& clock, int free, std::size_t most = 16384) : clock_(clock), free_(free), most_(most) {}

  // How long `key` has still to wait; zero: it may try, and this try counts as a failure until forgive(), so that many
  // tries at once are not one.
  [[nodiscard]] Seconds begin(const std::string& key);
  // The try that began last was right, or none: it does not count, and what failed before does as before.
  void forgive(const std::string& key);
  // All is forgotten.
  void clear(const std::string& key);

 private:
  struct Entry {
    std::string key;
    int failures = 0;
    std::chrono::nanoseconds last{}, until{}, until_before{};
  };
  using Place = std::list<Entry>::iterator;
  Entry& entry(const std::string& key, std::chrono::nanoseconds now);

  const Clock& clock_;
  const int free_;
  const std::size_t most_;
  std::mutex mutex_;
  std::list<Entry> entries_;  // the one used last is first
  std::unordered_map<std::string, Place> by_key_;
};

// The source that an address stands for: an IPv4 address, or the /64 of an IPv6 address, because a host owns all of it.
[[nodiscard]] std::string source_of(std::string_view address);

}  // namespace chancery::hub
