#pragma once

// A small pool of connections that only read, beside the one that writes (group_commit.h).

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "sql/connection.h"

namespace chancery::sql {

class Readers;

// One connection of the pool, given back when this goes.
class [[nodiscard]] ReadLease {
 public:
  ReadLease(ReadLease&& other) noexcept
      : readers_(std::exchange(other.readers_, nullptr)), connection_(std::move(other.connection_)) {}
  ReadLease& operator=(ReadLease&&) = delete;
  ~ReadLease();

  [[nodiscard]] Connection& operator*() const { return *connection_; }
  [[nodiscard]] Connection* operator->() const { return connection_.get(); }

 private:
  friend class Readers;
  ReadLease(Readers& readers, std::unique_ptr<Connection> connection)
      : readers_(&readers), connection_(std::move(connection)) {}

  Readers* readers_;
  std::unique_ptr<Connection> connection_;
};

// Thread-safe. Must outlive its leases.
class Readers {
 public:
  // `open` must give connections that cannot write. REQUIRES: count > 0.
  static Result<std::unique_ptr<Readers>> open(const ConnectionFactory& open, std::size_t count);

  // Blocks until a connection is free. A thread that holds a lease must not ask for a second one.
  [[nodiscard]] ReadLease lease();

  // Runs `read(Connection&)` and gives what it gives. Each query sees the latest commit.
  template <class Read>
  auto run(Read&& read) {
    const ReadLease leased = lease();
    return read(*leased);
  }

  // The same on a snapshot: all queries of `read` (giving Status or a Result) see one state.
  template <class Read>
  auto snapshot(Read&& read) -> std::invoke_result_t<Read&, Connection&> {
    const ReadLease leased = lease();
    TRY_STATUS(leased->begin(TransactionKind::read));
    auto done = read(*leased);
    leased->rollback();
    return done;
  }

 private:
  friend class ReadLease;
  Readers() = default;
  void give_back(std::unique_ptr<Connection> connection);

  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> free_;
};

}  // namespace chancery::sql
