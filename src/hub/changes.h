#pragma once

// A number that grows whenever something changes, with what it was that changed: for pages that show it at once. Who
// waits holds no thread. In memory only: after a start everything counts as changed.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace chancery::hub {

enum class Topic : std::uint8_t { nodes, certificates, requests, authority, audit, orders, users };
inline constexpr std::size_t topic_count = 7;
[[nodiscard]] std::string_view to_string(Topic topic);

struct ChangesSince {
  std::int64_t sequence = 0;  // ask for what comes after this
  std::vector<Topic> topics;  // what changed since; empty: nothing did
};

// Thread-safe.
class Changes {
 public:
  // Called once, without a lock held, from a thread that changes something or calls expire(): it must be short.
  using Wake = std::function<void(const ChangesSince&)>;

  explicit Changes(Clock& clock);

  // Something of these changed, and is durable. Wakes all who wait.
  void bump(const std::vector<Topic>& topics);
  void bump(Topic topic) { bump(std::vector{topic}); }

  // What changed after `sequence`. A number of another run of the program (too high, or from before the start) counts
  // as before everything.
  [[nodiscard]] ChangesSince since(std::int64_t sequence) const;

  // Calls `wake` when there is something after `sequence`: at once if there is already; else at the next bump(), or in
  // the expire() after `longest`, then without topics. Gives a number for forget(), 0 when `wake` was called already.
  std::uint64_t wait(std::int64_t sequence, Seconds longest, Wake wake);
  // Whoever waited has gone: `wake` is not called any more, unless it is being called just now.
  void forget(std::uint64_t waiter);
  // Wakes those whose time is over. Called every second or so.
  void expire();

 private:
  struct Waiter {
    std::chrono::nanoseconds until;
    Wake wake;
  };
  [[nodiscard]] ChangesSince since_locked(std::int64_t sequence) const;

  Clock& clock_;
  mutable std::mutex mutex_;
  std::int64_t first_;  // the sequence of the start
  std::int64_t sequence_;
  std::array<std::int64_t, topic_count> changed_;  // the sequence at which each changed last
  std::map<std::uint64_t, Waiter> waiters_;
  std::uint64_t last_waiter_ = 0;
};

}  // namespace chancery::hub
