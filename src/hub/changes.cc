#include "hub/changes.h"

#include <utility>

namespace chancery::hub {
namespace {

// Numbers of a later run are higher, so that one of an earlier run is told: below 2^53 until the year 2242, so that a
// JSON number holds it.
std::int64_t first_sequence(Timestamp now) { return now.time_since_epoch().count() << 20; }

}  // namespace

std::string_view to_string(Topic topic) {
  static constexpr std::string_view names[] = {"nodes", "certificates", "requests", "authority",
                                               "audit", "orders",       "users"};
  static_assert(std::size(names) == topic_count);
  return names[static_cast<std::size_t>(topic)];
}

Changes::Changes(Clock& clock) : clock_(clock), first_(first_sequence(clock.now())), sequence_(first_) {
  changed_.fill(first_);
}

ChangesSince Changes::since_locked(std::int64_t sequence) const {
  ChangesSince changes{.sequence = sequence_};
  const bool other_run = sequence < first_ || sequence > sequence_;
  for (std::size_t topic = 0; topic < topic_count; ++topic)
    if (other_run || changed_[topic] > sequence) changes.topics.push_back(static_cast<Topic>(topic));
  return changes;
}

ChangesSince Changes::since(std::int64_t sequence) const {
  const std::scoped_lock lock(mutex_);
  return since_locked(sequence);
}

void Changes::bump(const std::vector<Topic>& topics) {
  std::map<std::uint64_t, Waiter> woken;
  ChangesSince changes;
  {
    const std::scoped_lock lock(mutex_);
    ++sequence_;
    for (const Topic topic : topics) changed_[static_cast<std::size_t>(topic)] = sequence_;
    // All of them had seen everything up to now.
    woken.swap(waiters_);
    changes = {.sequence = sequence_, .topics = topics};
  }
  for (auto& [number, waiter] : woken) waiter.wake(changes);
}

std::uint64_t Changes::wait(std::int64_t sequence, Seconds longest, Wake wake) {
  ChangesSince changes;
  {
    const std::scoped_lock lock(mutex_);
    changes = since_locked(sequence);
    if (changes.topics.empty() && longest.count() > 0) {
      waiters_[++last_waiter_] = {.until = clock_.monotonic() + longest, .wake = std::move(wake)};
      return last_waiter_;
    }
  }
  wake(changes);
  return 0;
}

void Changes::forget(std::uint64_t waiter) {
  const std::scoped_lock lock(mutex_);
  waiters_.erase(waiter);
}

void Changes::expire() {
  std::vector<Wake> woken;
  ChangesSince nothing;
  {
    const std::scoped_lock lock(mutex_);
    const auto now = clock_.monotonic();
    for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
      if (waiter->second.until > now) {
        ++waiter;
        continue;
      }
      woken.push_back(std::move(waiter->second.wake));
      waiter = waiters_.erase(waiter);
    }
    nothing.sequence = sequence_;
  }
  for (const Wake& wake : woken) wake(nothing);
}

}  // namespace chancery::hub
