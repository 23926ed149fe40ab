#include "http/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <exception>

#include "http/response_head.h"

namespace chancery::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::milliseconds linger_time{1'000};
constexpr std::size_t linger_bytes = 4 * 1024 * 1024;
constexpr auto never = std::chrono::nanoseconds::max();

Response busy(std::chrono::nanoseconds wait) {
  Response response = text_response(503, "The server is busy. Try again later.");
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<Seconds>(wait).count());
  response.headers.push_back({"Retry-After", std::to_string(seconds)});
  return response;
}

}  // namespace

Connection::Connection(Connections& shared, const Handler& handler, Socket socket, Peer peer, SSL* tls)
    : shared_(shared), handler_(handler), socket_(std::move(socket)), peer_(std::move(peer)), reader_(shared.limits) {
  if (tls != nullptr) tls_.emplace(socket_, tls);
}

void Connection::start() {
  if (!tls_) {
    enter(Phase::head);
    return read();
  }
  enter(Phase::handshake);
  tls_->async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](const error_code& error) {
    if (error) return self->close();
    self->enter(Phase::head);
    self->read();
  });
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  error_code ignored;
  socket_.close(ignored);
  shared_.remove(*this);
}

void Connection::enter(Phase phase) {
  phase_ = phase;
  const auto in = [&](std::chrono::milliseconds time) { deadline_ = shared_.clock.monotonic() + time; };
  switch (phase) {
    case Phase::handshake:
    case Phase::head: return in(shared_.limits.header_timeout);
    case Phase::idle: return in(shared_.limits.idle_timeout);
    case Phase::body: return in(shared_.limits.body_timeout);
    case Phase::writing: return in(shared_.limits.write_timeout);
    case Phase::lingering: return in(linger_time);
    case Phase::handling:
    case Phase::closed: deadline_ = never; return;
  }
}

void Connection::check_deadline(std::chrono::nanoseconds now) {
  if (now < deadline_) return;
  const bool reading = phase_ == Phase::body || (phase_ == Phase::head && !reader_.untouched());
  if (!reading || timed_out_) return close();
  // The peer is told why. The read that waits ends with an error, and on_read() goes on from there.
  timed_out_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

void Connection::read() {
  const auto space = reader_.space();
  const asio::mutable_buffer buffer(space.data(), space.size());
  auto then = [self = shared_from_this()](const error_code& error, std::size_t count) { self->on_read(error, count); };
  if (tls_)
    tls_->async_read_some(buffer, std::move(then));
  else
    socket_.async_read_some(buffer, std::move(then));
}

void Connection::on_read(const error_code& error, std::size_t count) {
  if (phase_ == Phase::closed) return;
  if (timed_out_) return refuse(408, "The request took too long to arrive.");
  if (error) return close();
  reader_.received(count);
  step();
}

// Goes on with what has been read.
void Connection::step() {
  switch (reader_.state()) {
    case RequestReader::State::head:
      if (phase_ == Phase::idle && !reader_.untouched()) enter(Phase::head);
      return read();
    case RequestReader::State::body:
      if (phase_ != Phase::body) enter(Phase::body);
      return reader_.take_continue() ? write_continue() : read();
    case RequestReader::State::complete: return dispatch();
    case RequestReader::State::failed: return refuse(reader_.refusal().status, reader_.refusal().text);
  }
}

void Connection::write_continue() {
  static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
  auto then = [self = shared_from_this()](const error_code& error, std::size_t) {
    if (self->phase_ == Phase::closed) return;
    if (error) return self->close();
    self->read();
  };
  if (tls_)
    asio::async_write(*tls_, asio::buffer(text), std::move(then));
  else
    asio::async_write(socket_, asio::buffer(text), std::move(then));
}

void Connection::dispatch() {
  ++shared_.counters.requests;
  enter(Phase::handling);
  keep_alive_ = reader_.keep_alive();
  Request& request = reader_.request();
  request.remote_address = peer_.address;
  request.tls = tls_.has_value();
  request.peer_uid = peer_.uid;
  if (!peer_.uid) {
    if (const auto wait = shared_.buckets.take(Source::of(peer_.address)); wait.count() > 0) {
      ++shared_.counters.rejected_by_rate;
      return respond(busy(wait));
    }
  }
  if (shared_.queue.push([self = shared_from_this()] { self->handle(); })) return;
  ++shared_.counters.rejected_by_queue;
  respond(busy(Seconds(5)));
}

// On a worker.
void Connection::handle() {
  Response response;
  std::string reason;
  try {
    response = handler_(reader_.request());
  } catch (const std::exception& error) {
    reason = error.what();
    if (reason.empty()) reason = "unnamed exception";
  } catch (...) {
    reason = "unknown exception";
  }
  if (!reason.empty()) {
    shared_.log.error("a request handler threw", {{"path", std::string(reader_.request().path())}, {"reason", reason}});
    response = text_response(500, "The server failed to handle this request.");
  }
  asio::post(shared_.io, [self = shared_from_this(), answer = std::move(response)]() mutable {
    if (self->phase_ != Phase::closed) self->respond(std::move(answer));
  });
}

void Connection::respond(Response response) {
  response_ = std::move(response);
  keep_alive_ = keep_alive_ && !shared_.draining();
  head_ = response_head(response_,
                        {.version = reader_.request().version, .keep_alive = keep_alive_, .date = shared_.date()});
  if (reader_.request().method == "HEAD" || !has_body(response_.status)) response_.body.clear();
  write();
}

// Answers what could not be read; nothing can be read behind it.
void Connection::refuse(unsigned status, std::string_view text) {
  ++shared_.counters.malformed;
  keep_alive_ = false;
  respond(text_response(status, text));
}

void Connection::write() {
  enter(Phase::writing);
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head_), asio::buffer(response_.body)};
  auto then = [self = shared_from_this()](const error_code& error, std::size_t) { self->on_written(error); };
  if (tls_)
    asio::async_write(*tls_, buffers, std::move(then));
  else
    asio::async_write(socket_, buffers, std::move(then));
}

void Connection::on_written(const error_code& error) {
  if (phase_ == Phase::closed) return;
  if (error) return close();
  response_ = Response();
  if (!keep_alive_ || shared_.draining()) return end_tls();
  enter(Phase::idle);
  reader_.next();
  step();
}

void Connection::end_tls() {
  enter(Phase::lingering);
  if (!tls_) return linger();
  tls_->async_shutdown([self = shared_from_this()](const error_code&) {
    if (self->phase_ != Phase::closed) self->linger();
  });
}

// Says that no more will be sent, and takes what the peer still sends: closing before that would make the kernel reset
// the connection, and the peer might lose the response (RFC 9112 section 9.6).
void Connection::linger() {
  error_code error;
  // Behind a request that was read to its end there is usually nothing, and nothing to wait for.
  if (reader_.exhausted() && socket_.available(error) == 0) return close();
  socket_.shutdown(Socket::shutdown_send, error);
  if (error) return close();
  discard();
}

void Connection::discard() {
  const auto space = reader_.space();
  socket_.async_read_some(asio::mutable_buffer(space.data(), space.size()),
                          [self = shared_from_this()](const error_code& error, std::size_t count) {
                            if (self->phase_ == Phase::closed) return;
                            self->discarded_ += count;
                            if (error || self->discarded_ > linger_bytes) return self->close();
                            self->discard();
                          });
}

Connections::Connections(asio::io_context& io_context, const Limits& all_limits, Clock& a_clock, Log& a_log)
    : io(io_context),
      limits(all_limits),
      clock(a_clock),
      log(a_log),
      queue(limits.queue_length),
      buckets({.per_second = limits.requests_per_second_per_source,
               .burst = limits.request_burst_per_source,
               .capacity = limits.sources_remembered},
              clock),
      timer_(io) {
  const auto shortest =
      std::min({limits.header_timeout, limits.body_timeout, limits.write_timeout, limits.idle_timeout});
  interval_ = std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

bool Connections::admit(const std::shared_ptr<Connection>& connection) {
  ++counters.connections;
  if (open_.size() >= limits.max_connections && !close_longest_idle()) {
    ++counters.rejected_connections;
    return false;
  }
  connection->place_ = open_.insert(open_.end(), connection);
  ++counters.open_connections;
  watch();
  return true;
}

void Connections::remove(Connection& connection) {
  // The place may be the last owner.
  const auto keep = std::move(*connection.place_);
  open_.erase(connection.place_);
  --counters.open_connections;
  if (open_.empty() && finished_) std::exchange(finished_, nullptr)();
}

void Connections::drain(std::function<void()> finished) {
  draining_ = true;
  finished_ = std::move(finished);
  for (auto next = open_.begin(); next != open_.end();) {
    const auto connection = *next++;
    if (connection->idle() || connection->reader_.untouched()) connection->close();
  }
  if (open_.empty() && finished_) std::exchange(finished_, nullptr)();
}

void Connections::close_all() {
  while (!open_.empty()) open_.front()->close();
}

std::string_view Connections::date() {
  if (const auto now = clock.now(); date_.empty() || now != date_second_) {
    date_second_ = now;
    date_ = imf_fixdate(now);
  }
  return date_;
}

// Wakes up only while there is somebody to watch over.
void Connections::watch() {
  if (watching_ || open_.empty()) return;
  watching_ = true;
  timer_.expires_after(interval_);
  timer_.async_wait([this](const error_code& error) {
    watching_ = false;
    if (!error) sweep();
  });
}

void Connections::sweep() {
  const auto now = clock.monotonic();
  for (auto next = open_.begin(); next != open_.end();) {
    const auto connection = *next++;
    connection->check_deadline(now);
  }
  watch();
}

bool Connections::close_longest_idle() {
  std::shared_ptr<Connection> longest;
  for (const auto& connection : open_)
    if (connection->idle() && (!longest || connection->deadline() < longest->deadline())) longest = connection;
  if (!longest) return false;
  longest->close();
  return true;
}

}  // namespace chancery::http
