#include "sql/readers.h"

namespace chancery::sql {

ReadLease::~ReadLease() {
  if (readers_ != nullptr) readers_->give_back(std::move(connection_));
}

Result<std::unique_ptr<Readers>> Readers::open(const ConnectionFactory& open, std::size_t count) {
  CHECK(count > 0);
  std::unique_ptr<Readers> readers(new Readers());
  for (std::size_t i = 0; i < count; ++i) {
    TRY(std::unique_ptr<Connection> connection, open());
    readers->free_.push_back(std::move(connection));
  }
  return readers;
}

ReadLease Readers::lease() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return !free_.empty(); });
  // The one used last: its caches are warm.
  std::unique_ptr<Connection> connection = std::move(free_.back());
  free_.pop_back();
  return ReadLease(*this, std::move(connection));
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  // An old snapshot left open would keep the write-ahead log from being cut.
  connection->rollback();
  {
    const std::scoped_lock lock(mutex_);
    free_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

}  // namespace chancery::sql
