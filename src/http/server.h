#pragma once

// An HTTP/1.0 and HTTP/1.1 server: one thread moves bytes, a few do the arithmetic of TLS handshakes, workers run
// handlers. It survives slow, broken and hostile peers by limits.h; it answers with Content-Length, never chunked.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/time.h"
#include "http/limits.h"
#include "http/message.h"
#include "http/reply.h"
#include "http/tls_identity.h"

namespace chancery::http {

// Called on a worker thread, several at once; may block. Must not throw: if it does, the answer is 500 and it is
// logged. HEAD reaches the handler as such; answer it as GET, and the server leaves the body out.
using Handler = std::function<Response(const Request&)>;

// The same for answers that may take long: the worker is free when it returns, and the peer waits until the Reply has
// sent. What it throws or drops is answered with 500. The request lives until it returns. A peer that closes its
// sending side while it waits is taken to have gone.
using DeferringHandler = std::function<void(const Request&, Reply)>;

struct ListenOptions {
  std::string address;  // "0.0.0.0:8080", "[::]:8443" (both families), "127.0.0.1:0", or "unix:/path/socket".
  std::optional<TlsSource> tls;
  bool request_client_certificate = false;  // In TLS. Any is taken, and none is: Request::peer_certificate tells.
  unsigned unix_mode = 0600;                // File mode of a Unix socket.
};

// Whom the certificate belongs to that a peer has proved to have the key of, as a number of the application's; nothing
// for strangers. It decides only with whom the peer shares limits. Called once a connection, on a thread of the
// handshakes, or where there is none on a worker; may block for a moment, must not throw.
using KnownPeer = std::function<std::optional<std::uint64_t>(ByteView certificate)>;

struct Listener {
  ListenOptions options;
  Handler handler;  // Or:
  DeferringHandler deferring_handler;
  KnownPeer known_peer = {};
};

struct ServerStatistics {
  std::uint64_t connections = 0;           // Accepted since the start.
  std::uint64_t open_connections = 0;      // Now.
  std::uint64_t rejected_connections = 0;  // Closed at once, because all were taken and none was idle.
  std::uint64_t rejected_by_source = 0;    // Closed at once, because their source had too many.
  std::uint64_t requests = 0;              // Read to the end, whatever became of them.
  std::uint64_t malformed = 0;             // Refused while reading: 400, 408, 413, 414, 431, 501.
  std::uint64_t rejected_by_rate = 0;
  std::uint64_t rejected_by_queue = 0;
  std::uint64_t queue_depth = 0;  // Now.
  std::uint64_t held = 0;         // Requests that wait for their Reply now.
};

// Thread-safe. Clock and log must outlive it.
class Server {
 public:
  // Listens when it returns. Errors: invalid (address, certificate, key), unavailable (the address cannot be bound).
  // A socket file that nobody listens on any more is replaced.
  static Result<std::unique_ptr<Server>> start(std::vector<Listener> listeners, Limits limits, Clock& clock, Log& log);
  // Stops, if stop() was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Where each listener is bound, in their order, with the port that the kernel chose for port 0.
  [[nodiscard]] std::vector<std::string> addresses() const;

  // Reads the files again (or others), or takes a new identity, for the listener at `index`. New connections use it;
  // open ones go on.
  Status reload_tls(std::size_t index, const TlsSource& source);

  // Accepts no more, answers 503 to what is held, answers what was received, for at most Limits::stop_timeout, and then
  // waits for the handlers that still run. Later calls do nothing. REQUIRES: not called by a handler or on_closed().
  void stop();

  [[nodiscard]] ServerStatistics statistics() const;

 private:
  class Core;
  explicit Server(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace chancery::http
