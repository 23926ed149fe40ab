#include "http/transport.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace chancery::http {
namespace {

Transport::Progress socket_progress(ssize_t count, Transport::Outcome blocked) {
  using enum Transport::Outcome;
  if (count > 0) return {done, static_cast<std::size_t>(count)};
  if (count == 0) return {ended};
  return {errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? blocked : failed};
}

}  // namespace

Transport::Transport(int socket, Tls tls) : socket_(socket), tls_(std::move(tls)) {
  if (tls_ && SSL_set_fd(tls_.get(), socket_) != 1) socket_ = -1;
}

Transport::Outcome Transport::tls_outcome(int result) const {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_NONE: return Outcome::done;
    case SSL_ERROR_WANT_READ: return Outcome::want_read;
    case SSL_ERROR_WANT_WRITE: return Outcome::want_write;
    case SSL_ERROR_ZERO_RETURN: return Outcome::ended;
    default: return Outcome::failed;
  }
}

Transport::Outcome Transport::handshake() {
  ERR_clear_error();
  return tls_outcome(SSL_accept(tls_.get()));
}

Transport::Progress Transport::read(std::span<std::uint8_t> into) {
  if (!tls_) return socket_progress(::recv(socket_, into.data(), into.size(), MSG_DONTWAIT), Outcome::want_read);
  ERR_clear_error();
  Progress progress;
  const int result = SSL_read_ex(tls_.get(), into.data(), into.size(), &progress.count);
  progress.outcome = tls_outcome(result);
  return progress;
}

Transport::Progress Transport::write(ByteView from) {
  if (!tls_)
    return socket_progress(::send(socket_, from.data(), from.size(), MSG_DONTWAIT | MSG_NOSIGNAL), Outcome::want_write);
  ERR_clear_error();
  Progress progress;
  const int result = SSL_write_ex(tls_.get(), from.data(), from.size(), &progress.count);
  progress.outcome = tls_outcome(result);
  return progress;
}

Transport::Outcome Transport::end_tls() {
  if (!tls_) return Outcome::done;
  ERR_clear_error();
  const int result = SSL_shutdown(tls_.get());
  return result >= 0 ? Outcome::done : tls_outcome(result);
}

bool Transport::peer_has_left() const {
  const bool spoken_to = BIO_number_written(SSL_get_wbio(tls_.get())) > 0;
  // POLLHUP and POLLERR are told unasked.
  pollfd socket{.fd = socket_, .events = static_cast<short>(spoken_to ? 0 : POLLRDHUP), .revents = 0};
  return ::poll(&socket, 1, 0) > 0;
}

Transport::Outcome Transport::peek() {
  std::uint8_t byte = 0;
  if (!tls_) return socket_progress(::recv(socket_, &byte, 1, MSG_DONTWAIT | MSG_PEEK), Outcome::want_read).outcome;
  ERR_clear_error();
  std::size_t count = 0;
  return tls_outcome(SSL_peek_ex(tls_.get(), &byte, 1, &count));
}

Bytes Transport::peer_certificate() const {
  const X509* certificate = tls_ ? SSL_get0_peer_certificate(tls_.get()) : nullptr;
  if (certificate == nullptr) return {};
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  std::uint8_t* end = der.data();
  i2d_X509(certificate, &end);
  return der;
}

}  // namespace chancery::http
