#pragma once

// Group commit: many threads write, one fsync makes them all durable.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "sql/connection.h"

namespace chancery::sql {

struct GroupCommitOptions {
  // How many works one transaction takes at most.
  std::size_t most_per_batch = 256;
  // How many callers may wait; one more gets `unavailable` at once.
  std::size_t most_waiting = 4096;
};

struct GroupCommitStatistics {
  std::uint64_t batches = 0;
  std::uint64_t failed_batches = 0;
  std::uint64_t works = 0;
  std::uint64_t failed_works = 0;
  std::uint64_t refused_works = 0;
  std::uint64_t biggest_batch = 0;
  std::uint64_t waiting = 0;
};

// Owns the only connection that writes, and a thread that runs what callers hand in. While one commit waits for the
// disk, the next batch collects; nothing is ever delayed on purpose. All functions may be called from any thread,
// except run() from inside a work.
class GroupCommit {
 public:
  using Work = std::function<Status(Connection&)>;

  explicit GroupCommit(std::unique_ptr<Connection> connection, GroupCommitOptions options = {});
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;
  // Finishes what is queued; its callers may still be on their way out of run(). REQUIRES: nobody calls run() any more.
  ~GroupCommit();

  // Runs `work` on the writer's thread inside a transaction, and returns when that transaction is durable. An error of
  // `work` undoes what it wrote, nothing of others, and is returned. If the transaction as a whole fails, every work in
  // it is undone and gets `unavailable`; only if the machine stops right then may the next start find it written after
  // all. The work sees what earlier works of its batch wrote; it must not begin, commit or roll back, nor rely on
  // constraints that are checked only at commit, which would fail its neighbours too. When one of a batch fails, all
  // are undone and run again: a work must do the same each time it runs, and move nothing out of what it captured.
  Status run(const Work& work);

  // `hook` runs inside each transaction after its last work, just before COMMIT, on the writer's thread: for what is
  // kept once a batch (the head of a hash chain). Its error fails the whole batch. Set before the first run().
  void on_commit(Work hook);

  [[nodiscard]] GroupCommitStatistics statistics() const;

 private:
  struct Waiting;

  void write_batches();
  void commit_batch(std::vector<Waiting*>& batch);
  Status run_batch(std::vector<Waiting*>& batch);
  // How a work that fails is undone: with the transaction that is its own, with all of its batch, or by a savepoint.
  enum class Undo : std::uint8_t { alone, together, each };
  Result<bool> run_works(std::vector<Waiting*>& batch, Undo undo);
  Status run_work(const Work& work);

  const std::unique_ptr<Connection> connection_;
  const GroupCommitOptions options_;
  Work hook_;

  mutable std::mutex mutex_;
  std::condition_variable queued_;
  std::vector<Waiting*> queue_;
  GroupCommitStatistics statistics_;
  bool stopping_ = false;

  std::thread writer_;  // Last: it uses all of the above.
};

}  // namespace chancery::sql
