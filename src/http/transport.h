#pragma once

// The bytes of a connection, with TLS or without, on a socket that does not block. Nothing is buffered for a connection
// that waits: that is what keeps ten thousand of them small.

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"

namespace chancery::http {

struct FreeTls {
  void operator()(SSL* tls) const { SSL_free(tls); }
};
using Tls = std::unique_ptr<SSL, FreeTls>;

// Not thread-safe. SIGPIPE must be blocked in or ignored by the thread that uses it.
class Transport {
 public:
  enum class Outcome : std::uint8_t {
    done,
    want_read,   // Nothing was done: call again when the socket is readable.
    want_write,  // The same, writable.
    ended,       // The peer has said that it sends no more.
    failed,
  };
  struct Progress {
    Outcome outcome = Outcome::failed;
    std::size_t count = 0;  // Bytes, when done.
  };

  // Does not own `socket`. `tls` may be null.
  Transport(int socket, Tls tls);

  [[nodiscard]] bool has_tls() const { return tls_ != nullptr; }
  Outcome handshake();
  Progress read(std::span<std::uint8_t> into);
  Progress write(ByteView from);
  // Says in TLS that no more comes. Does not wait for the peer to say so.
  Outcome end_tls();
  // A handshake with the peer cannot come to its end: the connection is broken, or the peer sends no more before
  // anything was said to it. Whoever ends his sending later may have sent all that was his to send, and listen still.
  // REQUIRES: has_tls().
  [[nodiscard]] bool peer_has_left() const;
  // Whether there is something to read, which stays where it is (done), or the end.
  Outcome peek();
  // Something can be read though the socket may not be readable.
  [[nodiscard]] bool has_pending() const { return tls_ && SSL_has_pending(tls_.get()) == 1; }
  // DER of the certificate whose key the peer has shown to own; empty: none was shown.
  [[nodiscard]] Bytes peer_certificate() const;

 private:
  [[nodiscard]] Outcome tls_outcome(int result) const;

  int socket_;
  Tls tls_;
};

}  // namespace chancery::http
