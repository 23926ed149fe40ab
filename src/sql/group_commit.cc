#include "sql/group_commit.h"

#include <fmt/format.h>
#include <semaphore.h>

#include <algorithm>
#include <cerrno>

namespace chancery::sql {

// A caller that sleeps in run(), on its own stack. Each has a semaphore of its own, so that nobody wakes for nothing; a
// POSIX one, which sleeps at once and may go as soon as wait() returns. The wait() of std::atomic yields the processor
// many times first: where the disk takes longer than that, those are context switches for nothing.
struct GroupCommit::Waiting {
  explicit Waiting(const Work& to_do) : work(to_do) { CHECK(sem_init(&done, 0, 0) == 0); }
  ~Waiting() { sem_destroy(&done); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  void wait() {
    while (sem_wait(&done) != 0) CHECK(errno == EINTR);
  }
  // `this` may be gone before it returns.
  void finish() { sem_post(&done); }

  const Work& work;
  Status result;
  sem_t done;
};

GroupCommit::GroupCommit(std::unique_ptr<Connection> connection, GroupCommitOptions options)
    : connection_(std::move(connection)), options_(options) {
  CHECK(connection_ != nullptr && options_.most_per_batch > 0);
  writer_ = std::thread([this] { write_batches(); });
}

GroupCommit::~GroupCommit() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  queued_.notify_one();
  writer_.join();
}

void GroupCommit::on_commit(Work hook) {
  const std::scoped_lock lock(mutex_);
  CHECK(statistics_.works == 0 && queue_.empty());
  hook_ = std::move(hook);
}

Status GroupCommit::run(const Work& work) {
  CHECK(std::this_thread::get_id() != writer_.get_id());  // It would wait for itself.
  Waiting waiting(work);
  {
    const std::scoped_lock lock(mutex_);
    if (queue_.size() >= options_.most_waiting) {
      ++statistics_.refused_works;
      return unavailable(fmt::format("{} writes are waiting for the disk already", queue_.size()));
    }
    queue_.push_back(&waiting);
    // Under the lock: once this work is done, `this` may go.
    if (queue_.size() == 1) queued_.notify_one();
  }
  waiting.wait();
  return std::move(waiting.result);
}

void GroupCommit::write_batches() {
  std::vector<Waiting*> batch;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      queued_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), options_.most_per_batch));
      batch.assign(queue_.begin(), queue_.begin() + count);
      queue_.erase(queue_.begin(), queue_.begin() + count);
    }
    commit_batch(batch);
  }
}

void GroupCommit::commit_batch(std::vector<Waiting*>& batch) {
  const Status committed = run_batch(batch);
  if (!committed) {
    connection_->rollback();
    // Also for works that failed by themselves: what they ran into may have been what is now undone.
    for (Waiting* waiting : batch) waiting->result = unavailable(committed.error().text());
  }
  {
    const std::scoped_lock lock(mutex_);
    ++statistics_.batches;
    statistics_.failed_batches += committed ? 0 : 1;
    statistics_.works += batch.size();
    statistics_.failed_works += static_cast<std::uint64_t>(
        std::count_if(batch.begin(), batch.end(), [](const Waiting* waiting) { return !waiting->result; }));
    statistics_.biggest_batch = std::max<std::uint64_t>(statistics_.biggest_batch, batch.size());
  }
  for (Waiting* waiting : batch) waiting->finish();
}

// Gives an error if the transaction as a whole failed; it is then still to be rolled back.
Status GroupCommit::run_batch(std::vector<Waiting*>& batch) {
  TRY_STATUS_IN("beginning a transaction", connection_->begin(TransactionKind::write));
  // Works hardly ever fail, and a savepoint for each would copy every page that it touches. So the transaction is the
  // savepoint of all; if one fails, all are undone and run again, each with a savepoint of its own.
  const bool alone = batch.size() == 1;
  TRY(bool wrote, run_works(batch, alone ? Undo::alone : Undo::together));
  if (!wrote && !alone) {
    connection_->rollback();
    TRY_STATUS_IN("beginning a transaction again", connection_->begin(TransactionKind::write));
    TRY(wrote, run_works(batch, Undo::each));
  }
  if (!wrote) {
    connection_->rollback();
    return {};
  }
  if (hook_) TRY_STATUS_IN("before the commit", hook_(*connection_));
  TRY_STATUS_IN("committing", connection_->commit());
  return {};
}

// What a work throws, want of memory for instance, is its error and nobody else's.
Status GroupCommit::run_work(const Work& work) {
  try {
    return work(*connection_);
  } catch (const std::exception& error) {
    return internal(fmt::format("a write threw: {}", error.what()));
  } catch (...) {
    return internal("a write threw");
  }
}

// Whether there is something to commit: with Undo::each, if any work succeeded, else if all did. The error is of the
// transaction as a whole.
Result<bool> GroupCommit::run_works(std::vector<Waiting*>& batch, Undo undo) {
  bool wrote = false;
  for (Waiting* waiting : batch) {
    if (undo == Undo::each) TRY_STATUS(connection_->begin_savepoint());
    waiting->result = run_work(waiting->work);
    if (undo == Undo::together && !waiting->result) return false;
    // On some errors the database rolls the whole transaction back, and anything more would run outside of it.
    if (!connection_->in_transaction())
      return unavailable(waiting->result ? "the transaction was ended by a work"
                                         : "the transaction was rolled back: " + waiting->result.error().text());
    wrote = wrote || waiting->result;
    if (undo == Undo::each)
      TRY_STATUS(waiting->result ? connection_->release_savepoint() : connection_->rollback_savepoint());
  }
  return wrote;
}

GroupCommitStatistics GroupCommit::statistics() const {
  const std::scoped_lock lock(mutex_);
  GroupCommitStatistics statistics = statistics_;
  statistics.waiting = queue_.size();
  return statistics;
}

}  // namespace chancery::sql
