#include "http/work_queue.h"

#include <signal.h>

#include <iterator>
#include <system_error>

namespace chancery::http {

WorkQueue::~WorkQueue() { close(); }

Status WorkQueue::start(std::size_t threads) {
  try {
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error& error) {
    close();
    return unavailable(std::string("starting worker threads: ") + error.what());
  }
  return {};
}

bool WorkQueue::push(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    if (closed_ || jobs_.size() >= length_) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

bool WorkQueue::push_first(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    if (closed_ || jobs_.size() >= length_) return false;
    jobs_.push_front(std::move(job));
  }
  changed_.notify_one();
  return true;
}

std::size_t WorkQueue::depth() const {
  const std::scoped_lock lock(mutex_);
  return jobs_.size();
}

std::vector<WorkQueue::Job> WorkQueue::close() {
  std::vector<Job> left;
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    left.assign(std::make_move_iterator(jobs_.begin()), std::make_move_iterator(jobs_.end()));
    jobs_.clear();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  return left;
}

void WorkQueue::work() {
  // A peer that has gone is an error of the write, which OpenSSL cannot ask for.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    if (closed_) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    try {
      job();
    } catch (...) {
      // It was to answer for that itself; its connection goes with it, and the server stays.
    }
    job = nullptr;  // What it holds may be large; it goes before the lock is taken.
    lock.lock();
  }
}

}  // namespace chancery::http
