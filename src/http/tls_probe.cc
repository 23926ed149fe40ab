#include "http/tls_probe.h"

#include <fmt/format.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace chancery::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
struct FreeContext {
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
};
struct FreeConnection {
  void operator()(SSL* connection) const { ::SSL_free(connection); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;
using Context = std::unique_ptr<SSL_CTX, FreeContext>;
using Connection = std::unique_ptr<SSL, FreeConnection>;

class Socket {
 public:
  explicit Socket(int number) : number_(number) {}
  Socket(Socket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

class Probe {
 public:
  Probe(const TlsProbeTarget& target, const Clock& clock, milliseconds time_limit)
      : target_(target), clock_(clock), end_(clock.monotonic() + time_limit) {}

  Result<Bytes> run() {
    TRY(const Socket socket, connect());
    const Context context(::SSL_CTX_new(::TLS_client_method()));
    if (!context) return failure("no TLS context");
    ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
    ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    // A certificate that is too weak for this machine's own connections is still the one that is shown.
    ::SSL_CTX_set_security_level(context.get(), 0);
    ::SSL_CTX_set_client_cert_cb(context.get(), &was_asked);
    const Connection connection(::SSL_new(context.get()));
    BIO* const in = ::BIO_new(::BIO_s_mem());
    BIO* const out = ::BIO_new(::BIO_s_mem());
    if (!connection || in == nullptr || out == nullptr) {
      BIO_free(in);
      BIO_free(out);
      return failure("no TLS connection");
    }
    ::SSL_set_bio(connection.get(), in, out);  // which owns both from now on
    bool asked = false;
    SSL_set_app_data(connection.get(), &asked);
    if (!target_.server_name.empty()) ::SSL_set_tlsext_host_name(connection.get(), target_.server_name.c_str());
    const Status done = handshake(connection.get(), socket.number());
    // The client is asked for its certificate behind the server's proof: in TLS 1.2 in the same flight, in 1.3 at its
    // end.
    if (!done && !(asked && ::SSL_version(connection.get()) == TLS1_2_VERSION)) return std::unexpected(done.error());
    const X509* const certificate = ::SSL_get0_peer_certificate(connection.get());
    if (certificate == nullptr) return failure("it shows no certificate");
    unsigned char* der = nullptr;
    const int size = ::i2d_X509(certificate, &der);
    if (size <= 0) return failure("its certificate cannot be encoded");
    Bytes bytes(der, der + size);
    ::OPENSSL_free(der);
    return bytes;
  }

 private:
  static int was_asked(SSL* connection, X509**, EVP_PKEY**) {
    *static_cast<bool*>(SSL_get_app_data(connection)) = true;
    return 0;
  }

  [[nodiscard]] std::unexpected<Error> failure(std::string_view what) const {
    ::ERR_clear_error();
    const bool is_ipv6 = target_.host.find(':') != std::string::npos;
    return unavailable(
        fmt::format("{}{}{}:{}: {}", is_ipv6 ? "[" : "", target_.host, is_ipv6 ? "]" : "", target_.port, what));
  }

  // False when the time is up.
  [[nodiscard]] bool wait(int descriptor, short events) const {
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(end_ - clock_.monotonic());
      pollfd waiting{.fd = descriptor, .events = events, .revents = 0};
      const int ready = ::poll(&waiting, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 600'000)));
      if (ready >= 0 || errno != EINTR) return ready > 0;
    }
  }

  Result<Socket> connect() const {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(target_.host.c_str(), std::to_string(target_.port).c_str(), &hints, &found))
      return failure(::gai_strerror(error));
    const Addresses addresses(found);
    std::string last = "no address";
    for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
      Socket socket(::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol));
      int error = 0;
      if (socket.number() < 0 || (::connect(socket.number(), at->ai_addr, at->ai_addrlen) != 0)) error = errno;
      if (error == EINPROGRESS) {
        socklen_t size = sizeof error;
        if (!wait(socket.number(), POLLOUT)) {
          error = ETIMEDOUT;
        } else if (::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
          error = errno;
        }
      }
      if (error == 0) return socket;
      last = std::strerror(error);
    }
    return failure(last);
  }

  Status handshake(SSL* connection, int socket) const {
    for (;;) {
      ::ERR_clear_error();
      const int done = ::SSL_connect(connection);
      const int why = ::SSL_get_error(connection, done);
      const char* const reason = ::ERR_reason_error_string(::ERR_peek_error());
      TRY_STATUS(send(::SSL_get_wbio(connection), socket));
      if (done == 1) return {};
      if (why != SSL_ERROR_WANT_READ)
        return failure(fmt::format("the TLS handshake failed: {}", reason == nullptr ? "no reason" : reason));
      TRY_STATUS(receive(::SSL_get_rbio(connection), socket));
    }
  }

  // Not through a BIO of OpenSSL's, whose writing to a closed connection raises SIGPIPE.
  Status send(BIO* out, int socket) const {
    char part[4096];
    for (int size = ::BIO_read(out, part, sizeof part); size > 0; size = ::BIO_read(out, part, sizeof part)) {
      for (int sent = 0; sent < size;) {
        const ssize_t some = ::send(socket, part + sent, static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
        if (some >= 0) {
          sent += static_cast<int>(some);
        } else if (errno != EAGAIN && errno != EINTR) {
          return failure(std::strerror(errno));
        } else if (!wait(socket, POLLOUT)) {
          return failure("it takes nothing");
        }
      }
    }
    return {};
  }

  Status receive(BIO* in, int socket) const {
    char part[4096];
    for (;;) {
      const ssize_t got = ::recv(socket, part, sizeof part, 0);
      if (got > 0) {
        ::BIO_write(in, part, static_cast<int>(got));
        return {};
      }
      if (got == 0) return failure("it closed the connection in the TLS handshake");
      if (errno != EAGAIN && errno != EINTR) return failure(std::strerror(errno));
      if (!wait(socket, POLLIN)) return failure("no TLS answer in time");
    }
  }

  const TlsProbeTarget& target_;
  const Clock& clock_;
  nanoseconds end_;
};

}  // namespace

Result<Bytes> probe_tls_certificate(const TlsProbeTarget& target, const Clock& clock, milliseconds time_limit) {
  return Probe(target, clock, time_limit).run();
}

}  // namespace chancery::http
