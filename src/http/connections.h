#pragma once

// What all connections of a server share: limits, workers, counters, the list of those that are open and the one timer
// that watches over their deadlines.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/log.h"
#include "base/time.h"
#include "http/limits.h"
#include "http/token_bucket.h"
#include "http/work_queue.h"

namespace chancery::http {

class Connection;

struct Counters {
  std::atomic<std::uint64_t> connections = 0;
  std::atomic<std::uint64_t> open_connections = 0;
  std::atomic<std::uint64_t> rejected_connections = 0;
  std::atomic<std::uint64_t> rejected_by_source = 0;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> malformed = 0;
  std::atomic<std::uint64_t> rejected_by_rate = 0;
  std::atomic<std::uint64_t> rejected_by_queue = 0;
  std::atomic<std::uint64_t> held = 0;
};

// Lives on the I/O thread, but for counters and queues.
class Connections {
 public:
  Connections(boost::asio::io_context& io, const Limits& limits, Clock& clock, Log& log);

  // Owns the connection until it closes. False if all places are taken and no stranger is idle.
  bool admit(const std::shared_ptr<Connection>& connection);
  void remove(Connection& connection);
  // A connection that counts against its source does so from now on, or no longer.
  void count(const Source& source);
  void discount(const Source& source);
  // Whether `source` may have one more connection that counts; its own that is idle longest gives way.
  bool make_place_for(const Source& source);
  // Closes what is idle and answers what is held; the others close behind their response. `finished` is called once,
  // when none is left.
  void drain(std::function<void()> finished);
  void close_all();
  [[nodiscard]] bool draining() const { return draining_; }
  // The present second as an HTTP date.
  std::string_view date();

  boost::asio::io_context& io;
  const Limits& limits;
  Clock& clock;
  Log& log;
  WorkQueue queue;
  // A handshake is up to a millisecond of arithmetic: the I/O thread would keep all others waiting meanwhile.
  WorkQueue handshakes;
  bool handshakes_elsewhere = false;  // Else there is only one core: it would be the same one, and waited for.
  TokenBuckets buckets, known_peers;
  Counters counters;

 private:
  void watch();
  void sweep();
  // Of those that count against `source`; without one, of those whom no listener knows.
  bool close_longest_idle(const Source* source = nullptr);
  [[nodiscard]] bool source_has_too_many(const Source& source) const;

  std::list<std::shared_ptr<Connection>> open_;
  std::unordered_map<Source, std::size_t, SourceHash> by_source_;
  boost::asio::steady_timer timer_;
  std::chrono::milliseconds interval_;
  bool watching_ = false;
  bool draining_ = false;
  std::function<void()> finished_;
  Timestamp date_second_{};
  std::string date_;
};

}  // namespace chancery::http
