#pragma once

// One accepted connection. Includes Asio: only connection.cc, connections.cc and server.cc include this.
//
// Thread safety: everything here lives on the I/O thread. While a worker runs the handler, the request belongs to the
// worker; the response comes back with the job that the Exchange posts. While the TLS handshake goes on elsewhere, the
// transport, and with it the socket, belongs to the thread that does it.

#include <atomic>
#include <boost/asio/generic/stream_protocol.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "http/connections.h"
#include "http/exchange.h"
#include "http/message.h"
#include "http/request_reader.h"
#include "http/server.h"
#include "http/transport.h"

namespace chancery::http {

using Socket = boost::asio::generic::stream_protocol::socket;

// Who answers the connections of a listener.
struct Answers {
  DeferringHandler handler;
  KnownPeer known_peer;  // may be null
};

// What is known of the other end when it is accepted.
struct Peer {
  std::string address;
  std::optional<unsigned> uid;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `tls` may be null. `shared` and `answers` must outlive it.
  Connection(Connections& shared, const Answers& answers, Socket socket, Peer peer, Tls tls);

  void start();
  void close();
  // The server stops: what is idle closes, what is held is answered.
  void drain();
  // Acts if the time for what is going on is over.
  void check_deadline(std::chrono::nanoseconds now);
  // Waits for a request, and nothing of it has arrived.
  [[nodiscard]] bool idle() const { return phase_ == Phase::idle; }
  [[nodiscard]] std::chrono::nanoseconds deadline() const { return deadline_; }
  // Whom it counts against, if it does.
  [[nodiscard]] const std::optional<Source>& counted_source() const { return counted_source_; }

 private:
  friend class Connections;
  enum class Phase : std::uint8_t { handshake, idle, head, body, handling, held, writing, lingering, closed };
  using Step = void (Connection::*)();

  void enter(Phase phase);
  void wait(Transport::Outcome until, Step then);
  void post(Step then);
  // What a step of the handshake came to.
  struct Handshake {
    Transport::Outcome outcome = Transport::Outcome::failed;
    Bytes unknown_certificate;  // that is to be looked up
    std::optional<Source> known_peer;
  };
  void handshake();
  [[nodiscard]] Handshake shake_hands();
  [[nodiscard]] std::optional<Source> owner_of(ByteView certificate) const;
  void on_handshake(Handshake handshake);
  void look_up(Bytes certificate);
  void on_known_peer(const std::optional<Source>& known_peer);
  void count_by(const Source& known_peer);
  void read();
  void on_readable();
  void step();
  void note_request();
  void dispatch();
  void handle(const std::shared_ptr<Exchange>& exchange);
  void hold(const std::shared_ptr<Exchange>& exchange);
  void watch_peer();
  void respond(Response response);
  void refuse(unsigned status, std::string_view text);
  void write(Step then);
  void continue_writing();
  void on_written();
  void end_tls();
  void linger();
  void discard();

  Connections& shared_;
  const Answers& answers_;
  Socket socket_;
  Transport transport_;
  Peer peer_;
  std::optional<Source> counted_source_;
  std::optional<Source> known_peer_;
  bool away_ = false;                // A thread of the handshakes has the transport,
  std::chrono::nanoseconds left_{};  // and so much was left until the deadline.
  bool shaken_once_ = false;         // The first step of the handshake is done.
  std::atomic<bool> given_up_ = false;
  RequestReader reader_;
  unsigned version_ = 11;   // Of the request,
  bool head_only_ = false;  // which was HEAD.
  std::shared_ptr<Exchange> exchange_;
  Response response_;
  std::string head_;         // What is written: this, and then the response's body,
  std::size_t written_ = 0;  // so many bytes of both so far;
  Step after_writing_ = nullptr;
  bool keep_alive_ = false;
  bool timed_out_ = false;
  bool watching_peer_ = false;
  Phase phase_ = Phase::handshake;
  std::chrono::nanoseconds deadline_{};
  std::size_t discarded_ = 0;
  std::list<std::shared_ptr<Connection>>::iterator place_;
};

}  // namespace chancery::http
