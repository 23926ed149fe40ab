#include "http/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <exception>

#include "http/response_head.h"

namespace chancery::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Outcome = Transport::Outcome;

constexpr std::chrono::milliseconds linger_time{1'000};
constexpr std::size_t linger_bytes = 4 * 1024 * 1024;
// A small response is one piece, so that it is one packet and one TLS record.
constexpr std::size_t one_piece_bytes = 16 * 1024;
// How much is written before the others have their turn.
constexpr std::size_t turn_bytes = 256 * 1024;
constexpr auto never = std::chrono::nanoseconds::max();

Response busy(std::chrono::nanoseconds wait) {
  Response response = text_response(503, "The server is busy. Try again later.");
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<Seconds>(wait).count());
  response.headers.push_back({"Retry-After", std::to_string(seconds)});
  return response;
}

Response stopping() {
  Response response = text_response(503, "The server stops. Try again later.");
  response.headers.push_back({"Retry-After", "5"});
  return response;
}

bool is_local(const Peer& peer) { return peer.uid || peer.address.starts_with("127.") || peer.address == "::1"; }

}  // namespace

Connection::Connection(Connections& shared, const Answers& answers, Socket socket, Peer peer, Tls tls)
    : shared_(shared),
      answers_(answers),
      socket_(std::move(socket)),
      transport_(socket_.native_handle(), std::move(tls)),
      peer_(std::move(peer)),
      reader_(shared.limits) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  if (shared_.limits.count_local_connections || !is_local(peer_)) counted_source_ = Source::of(peer_.address);
}

void Connection::start() {
  if (transport_.has_tls()) {
    enter(Phase::handshake);
    return wait(Outcome::want_read, &Connection::handshake);
  }
  enter(Phase::head);
  read();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  enter(Phase::closed);
  if (const auto exchange = std::exchange(exchange_, nullptr)) exchange->end();
  given_up_ = true;
  error_code ignored;
  // While a handshake still reads from it, it is only shut: closed, its number could be another connection's.
  if (away_)
    socket_.shutdown(Socket::shutdown_both, ignored);
  else
    socket_.close(ignored);
  shared_.remove(*this);
}

void Connection::drain() {
  if (reader_.untouched()) return close();
  if (phase_ == Phase::held && exchange_->end()) respond(stopping());
}

void Connection::enter(Phase phase) {
  const Phase before = std::exchange(phase_, phase);
  if (before == Phase::held) --shared_.counters.held;
  if (phase == Phase::held) ++shared_.counters.held;
  if (counted_source_) {
    const auto counts = [](Phase in) { return in != Phase::held && in != Phase::closed; };
    if (counts(before) && !counts(phase)) shared_.discount(*counted_source_);
    if (!counts(before) && counts(phase)) shared_.count(*counted_source_);
  }
  const auto in = [&](std::chrono::milliseconds time) { deadline_ = shared_.clock.monotonic() + time; };
  switch (phase) {
    case Phase::handshake:
    case Phase::head: return in(shared_.limits.header_timeout);
    case Phase::idle: return in(shared_.limits.idle_timeout);
    case Phase::body: return in(shared_.limits.body_timeout);
    case Phase::writing: return in(shared_.limits.write_timeout);
    case Phase::lingering: return in(linger_time);
    case Phase::handling:
    case Phase::held:
    case Phase::closed: deadline_ = never; return;
  }
}

void Connection::check_deadline(std::chrono::nanoseconds now) {
  if (now < deadline_) return;
  const bool reading = phase_ == Phase::body || (phase_ == Phase::head && !reader_.untouched());
  if (!reading || timed_out_) return close();
  // The peer is told why. The wait ends with an error, and on_readable() goes on from there.
  timed_out_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

// At most one wait goes on at a time, beside that of watch_peer().
void Connection::wait(Outcome until, Step then) {
  if (until != Outcome::want_read && until != Outcome::want_write) return close();
  socket_.async_wait(until == Outcome::want_read ? Socket::wait_read : Socket::wait_write,
                     [self = shared_from_this(), then](const error_code& error) {
                       if (self->phase_ == Phase::closed) return;
                       if (error && !self->timed_out_) return self->close();
                       (*self.*then)();
                     });
}

void Connection::post(Step then) {
  asio::post(shared_.io, [self = shared_from_this(), then] {
    if (self->phase_ != Phase::closed) (*self.*then)();
  });
}

// When many come at once, those that have begun are finished before others begin: each is served before it gives up.
void Connection::handshake() {
  if (!shared_.handshakes_elsewhere) return on_handshake(shake_hands());
  away_ = true;
  // The time until a thread has it is not the peer's: cut off, it would come again, and wait again.
  left_ = deadline_ - shared_.clock.monotonic();
  deadline_ = never;
  WorkQueue::Job job = [self = shared_from_this()] {
    asio::post(self->shared_.io,
               [self, handshake = self->shake_hands()]() mutable { self->on_handshake(std::move(handshake)); });
  };
  const bool taken = std::exchange(shaken_once_, true) ? shared_.handshakes.push_first(std::move(job))
                                                       : shared_.handshakes.push(std::move(job));
  if (taken) return;
  away_ = false;
  close();
}

// On a thread of the handshakes, if there is one.
Connection::Handshake Connection::shake_hands() {
  // Whoever has gone meanwhile needs no signature.
  if (given_up_ || transport_.peer_has_left()) return {};
  Handshake handshake{.outcome = transport_.handshake(), .unknown_certificate = {}, .known_peer = {}};
  if (handshake.outcome != Outcome::done || !answers_.known_peer) return handshake;
  Bytes certificate = transport_.peer_certificate();
  if (!shared_.handshakes_elsewhere)
    handshake.unknown_certificate = std::move(certificate);
  else if (!certificate.empty())
    handshake.known_peer = owner_of(certificate);
  return handshake;
}

// Not on the I/O thread: the application may be kept waiting where it looks.
std::optional<Source> Connection::owner_of(ByteView certificate) const {
  const auto number = answers_.known_peer(certificate);
  if (!number) return std::nullopt;
  return Source{.key = *number, .ipv6 = false, .known_peer = true};
}

void Connection::on_handshake(Handshake handshake) {
  away_ = false;
  if (phase_ == Phase::closed) {
    error_code ignored;
    socket_.close(ignored);
    return;
  }
  if (shared_.handshakes_elsewhere) deadline_ = shared_.clock.monotonic() + left_;
  if (handshake.outcome != Outcome::done) return wait(handshake.outcome, &Connection::handshake);
  if (!handshake.unknown_certificate.empty()) return look_up(std::move(handshake.unknown_certificate));
  on_known_peer(handshake.known_peer);
}

// By a worker. Where all are busy and many wait, the peer is a stranger.
void Connection::look_up(Bytes certificate) {
  deadline_ = never;
  WorkQueue::Job job = [self = shared_from_this(), shown = std::move(certificate)] {
    asio::post(self->shared_.io, [self, owner = self->owner_of(shown)] {
      if (self->phase_ != Phase::closed) self->on_known_peer(owner);
    });
  };
  if (!shared_.queue.push(std::move(job))) on_known_peer(std::nullopt);
}

void Connection::on_known_peer(const std::optional<Source>& known_peer) {
  if (known_peer) {
    if (!shared_.make_place_for(*known_peer)) return close();
    count_by(*known_peer);
  }
  enter(Phase::head);
  read();
}

// From now on, and not with its address. REQUIRES: it counts now, if at all.
void Connection::count_by(const Source& known_peer) {
  if (counted_source_) shared_.discount(*counted_source_);
  known_peer_ = counted_source_ = known_peer;
  shared_.count(known_peer);
}

void Connection::read() {
  if (transport_.has_pending()) return post(&Connection::on_readable);
  if (reader_.untouched()) reader_.release_buffer();
  wait(Outcome::want_read, &Connection::on_readable);
}

void Connection::on_readable() {
  if (timed_out_) return refuse(408, "The request took too long to arrive.");
  const auto progress = transport_.read(reader_.space());
  if (progress.outcome != Outcome::done) return wait(progress.outcome, &Connection::on_readable);
  reader_.received(progress.count);
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
      if (!reader_.take_continue()) return read();
      head_ = "HTTP/1.1 100 Continue\r\n\r\n";
      return write(&Connection::read);
    case RequestReader::State::complete: return dispatch();
    case RequestReader::State::failed: return refuse(reader_.refusal().status, reader_.refusal().text);
  }
}

// What the response must know of the request, which the worker takes away.
void Connection::note_request() {
  version_ = reader_.request().version;
  head_only_ = reader_.request().method == "HEAD";
}

void Connection::dispatch() {
  ++shared_.counters.requests;
  enter(Phase::handling);
  note_request();
  keep_alive_ = reader_.keep_alive();
  Request& request = reader_.request();
  request.remote_address = peer_.address;
  request.tls = transport_.has_tls();
  request.peer_uid = peer_.uid;
  request.peer_certificate = transport_.peer_certificate();
  if (!peer_.uid) {
    const auto wait =
        known_peer_ ? shared_.known_peers.take(*known_peer_) : shared_.buckets.take(Source::of(peer_.address));
    if (wait.count() > 0) {
      ++shared_.counters.rejected_by_rate;
      return respond(busy(wait));
    }
  }
  // Alive whenever it is called: close() ends the exchange first.
  exchange_ = std::make_shared<Exchange>([this](Response response) {
    asio::post(shared_.io, [self = shared_from_this(), answer = std::move(response)]() mutable {
      if (self->phase_ != Phase::closed) self->respond(std::move(answer));
    });
  });
  if (shared_.queue.push([self = shared_from_this(), exchange = exchange_] { self->handle(exchange); })) return;
  exchange_->end();
  ++shared_.counters.rejected_by_queue;
  respond(busy(Seconds(5)));
}

// On a worker. The request is its own, because the answer may be sent, and the next request come, before it returns.
void Connection::handle(const std::shared_ptr<Exchange>& exchange) {
  const Request request = std::move(reader_.request());
  std::string reason;
  try {
    answers_.handler(request, Reply(exchange));
  } catch (const std::exception& error) {
    reason = error.what();
    if (reason.empty()) reason = "unnamed exception";
  } catch (...) {
    reason = "unknown exception";
  }
  const auto after = exchange->handler_returned();
  if (!reason.empty())
    shared_.log.error("a request handler threw", {{"path", std::string(request.path())}, {"reason", reason}});
  else if (after == Exchange::AfterHandler::dropped)
    shared_.log.error("a request handler gave no answer", {{"path", std::string(request.path())}});
  if (after == Exchange::AfterHandler::dropped) exchange->answer(failed_response());
  if (after == Exchange::AfterHandler::held)
    asio::post(shared_.io, [self = shared_from_this(), exchange] { self->hold(exchange); });
}

// The handler has returned without an answer.
void Connection::hold(const std::shared_ptr<Exchange>& exchange) {
  if (exchange_ != exchange || phase_ != Phase::handling || !exchange->open()) return;
  enter(Phase::held);
  if (shared_.draining()) return drain();
  if (reader_.exhausted()) reader_.release_buffer();
  watch_peer();
}

// Notices that the peer of a held request leaves. If it sends the next request instead, it is no longer watched: what
// has come stays in the socket.
void Connection::watch_peer() {
  if (phase_ != Phase::held || watching_peer_) return;
  const Outcome outcome = transport_.peek();
  if (outcome == Outcome::ended || outcome == Outcome::failed) return close();
  if (outcome != Outcome::want_read) return;
  watching_peer_ = true;
  // It is not cancelled by the answer, but ends with what comes next, in whatever phase that is.
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const error_code& error) {
    self->watching_peer_ = false;
    if (!error) self->watch_peer();
  });
}

void Connection::respond(Response response) {
  exchange_.reset();
  response_ = std::move(response);
  keep_alive_ = keep_alive_ && !shared_.draining();
  head_ = response_head(response_, {.version = version_, .keep_alive = keep_alive_, .date = shared_.date()});
  if (head_only_ || !has_body(response_.status)) response_.body.clear();
  if (response_.body.size() <= one_piece_bytes) {
    head_.append(as_text(response_.body));
    response_.body = Bytes();
  }
  enter(Phase::writing);
  write(&Connection::on_written);
}

// Answers what could not be read; nothing can be read behind it.
void Connection::refuse(unsigned status, std::string_view text) {
  // In the middle of "100 Continue" there is no place for it.
  if (written_ != 0) return close();
  ++shared_.counters.malformed;
  note_request();
  keep_alive_ = false;
  respond(text_response(status, text));
}

// Writes head_ and the response's body.
void Connection::write(Step then) {
  written_ = 0;
  after_writing_ = then;
  continue_writing();
}

void Connection::continue_writing() {
  const std::size_t all = head_.size() + response_.body.size();
  for (std::size_t turn = 0; written_ < all;) {
    if (turn >= turn_bytes) return wait(Outcome::want_write, &Connection::continue_writing);
    const ByteView rest = written_ < head_.size() ? as_bytes(head_).subspan(written_)
                                                  : ByteView(response_.body).subspan(written_ - head_.size());
    const auto progress = transport_.write(rest);
    if (progress.outcome != Outcome::done) return wait(progress.outcome, &Connection::continue_writing);
    written_ += progress.count;
    turn += progress.count;
  }
  written_ = 0;
  head_ = std::string();
  response_ = Response();
  (this->*after_writing_)();
}

void Connection::on_written() {
  if (!keep_alive_ || shared_.draining()) return end_tls();
  reader_.next();
  enter(reader_.untouched() ? Phase::idle : Phase::head);
  // What has been pipelined is not answered from within itself.
  if (reader_.state() == RequestReader::State::head) return step();
  post(&Connection::step);
}

void Connection::end_tls() {
  if (phase_ != Phase::lingering) enter(Phase::lingering);
  const Outcome outcome = transport_.end_tls();
  if (outcome == Outcome::want_read || outcome == Outcome::want_write) return wait(outcome, &Connection::end_tls);
  linger();
}

// Says that no more will be sent, and takes what the peer still sends: closing before that would make the kernel reset
// the connection, and the peer might lose the response (RFC 9112 section 9.6).
void Connection::linger() {
  error_code error;
  // Behind a request that was read to its end there is usually nothing, and nothing to wait for. In TLS the peer has
  // something to say to the end.
  if (!transport_.has_tls() && reader_.exhausted() && socket_.available(error) == 0) return close();
  socket_.shutdown(Socket::shutdown_send, error);
  if (error) return close();
  wait(Outcome::want_read, &Connection::discard);
}

void Connection::discard() {
  std::array<std::uint8_t, 16 * 1024> ignored{};
  error_code error;
  const std::size_t count = socket_.read_some(boost::asio::buffer(ignored), error);
  discarded_ += count;
  if (error == asio::error::would_block) return wait(Outcome::want_read, &Connection::discard);
  if (error || discarded_ > linger_bytes) return close();
  wait(Outcome::want_read, &Connection::discard);
}

}  // namespace chancery::http
