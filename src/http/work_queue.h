#pragma once

// A bounded queue with the threads that empty it.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"

namespace chancery::http {

// Thread-safe.
class WorkQueue {
 public:
  using Job = std::move_only_function<void()>;  // Must not throw.

  // Jobs wait until start().
  explicit WorkQueue(std::size_t length) : length_(length) {}
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // Errors: unavailable (the system gives no more threads). REQUIRES: called at most once.
  Status start(std::size_t threads);
  // False, and `job` is dropped, if as many jobs wait as may, or after close().
  [[nodiscard]] bool push(Job job);
  // The same, before all that wait.
  [[nodiscard]] bool push_first(Job job);
  [[nodiscard]] std::size_t depth() const;
  // Waits for the jobs that run, and returns those that did not begin. REQUIRES: not called by a job.
  std::vector<Job> close();

 private:
  void work();

  const std::size_t length_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace chancery::http
