#pragma once

// One accepted connection, and what all of them share. Includes Asio: only connection.cc and server.cc include this.
//
// Thread safety: everything here lives on the I/O thread. While a worker runs the handler, the connection's request and
// response belong to the worker; they come back with the job that it posts.

#include <atomic>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/time.h"
#include "http/limits.h"
#include "http/message.h"
#include "http/request_reader.h"
#include "http/server.h"
#include "http/token_bucket.h"
#include "http/work_queue.h"

namespace chancery::http {

using Socket = boost::asio::generic::stream_protocol::socket;

class Connection;

struct Counters {
  std::atomic<std::uint64_t> connections = 0;
  std::atomic<std::uint64_t> open_connections = 0;
  std::atomic<std::uint64_t> rejected_connections = 0;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> malformed = 0;
  std::atomic<std::uint64_t> rejected_by_rate = 0;
  std::atomic<std::uint64_t> rejected_by_queue = 0;
};

// The connections that are open, with the one timer that watches over all their deadlines.
class Connections {
 public:
  Connections(boost::asio::io_context& io, const Limits& limits, Clock& clock, Log& log);

  // Owns the connection until it closes. False if all places are taken and nobody is idle.
  bool admit(const std::shared_ptr<Connection>& connection);
  void remove(Connection& connection);
  // Closes what is idle; the others close behind their response. `finished` is called once, when none is left.
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
  TokenBuckets buckets;
  Counters counters;

 private:
  void watch();
  void sweep();
  bool close_longest_idle();

  std::list<std::shared_ptr<Connection>> open_;
  boost::asio::steady_timer timer_;
  std::chrono::milliseconds interval_;
  bool watching_ = false;
  bool draining_ = false;
  std::function<void()> finished_;
  Timestamp date_second_{};
  std::string date_;
};

// What is known of the other end when it is accepted.
struct Peer {
  std::string address;
  std::optional<unsigned> uid;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // Takes over `tls`, which may be null. `shared` and `handler` must outlive it.
  Connection(Connections& shared, const Handler& handler, Socket socket, Peer peer, SSL* tls);

  void start();
  void close();
  // Acts if the time for what is going on is over.
  void check_deadline(std::chrono::nanoseconds now);
  // Waits for a request, and nothing of it has arrived.
  [[nodiscard]] bool idle() const { return phase_ == Phase::idle; }
  [[nodiscard]] std::chrono::nanoseconds deadline() const { return deadline_; }

 private:
  friend class Connections;
  enum class Phase : std::uint8_t { handshake, idle, head, body, handling, writing, lingering, closed };
  using TlsStream = boost::asio::ssl::stream<Socket&>;

  void enter(Phase phase);
  void read();
  void on_read(const boost::system::error_code& error, std::size_t count);
  void step();
  void write_continue();
  void dispatch();
  void handle();
  void respond(Response response);
  void refuse(unsigned status, std::string_view text);
  void write();
  void on_written(const boost::system::error_code& error);
  void end_tls();
  void linger();
  void discard();

  Connections& shared_;
  const Handler& handler_;
  Socket socket_;
  std::optional<TlsStream> tls_;
  Peer peer_;
  RequestReader reader_;
  Response response_;
  std::string head_;
  bool keep_alive_ = false;
  bool timed_out_ = false;
  Phase phase_ = Phase::handshake;
  std::chrono::nanoseconds deadline_{};
  std::size_t discarded_ = 0;
  std::list<std::shared_ptr<Connection>>::iterator place_;
};

}  // namespace chancery::http
