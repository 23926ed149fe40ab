#include "http/listen_probe.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "http/listen_address.h"

namespace chancery::http {
namespace {

class Socket {
 public:
  explicit Socket(int family) : number_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::unexpected<Error> failed(std::string_view address, int error) {
  std::string text = fmt::format("listening on {}: {}", address, std::strerror(error));
  switch (error) {
    case EADDRINUSE: return conflict(std::move(text));
    case EACCES: return refused(std::move(text));
    default: return unavailable(std::move(text));
  }
}

template <class Address>
bool listens(int socket, const Address& address) {
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && ::listen(socket, 1) == 0;
}

}  // namespace

Status probe_listen(std::string_view address) {
  TRY(const ListenAddress wanted, parse_listen_address(address));
  if (!wanted.unix_path.empty()) return {};
  const Socket socket(wanted.ipv6 ? AF_INET6 : AF_INET);
  if (socket.number() < 0) return failed(address, errno);
  // As the server does: what closed connections leave behind is in nobody's way, and [::] is IPv4, too.
  const int on = 1;
  const int off = 0;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  bool done = false;
  if (wanted.ipv6) {
    ::setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    sockaddr_in6 place{};
    place.sin6_family = AF_INET6;
    place.sin6_port = htons(wanted.port);
    inet_pton(AF_INET6, wanted.host.c_str(), &place.sin6_addr);
    done = listens(socket.number(), place);
  } else {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(wanted.port);
    inet_pton(AF_INET, wanted.host.c_str(), &place.sin_addr);
    done = listens(socket.number(), place);
  }
  if (!done) return failed(address, errno);
  return {};
}

}  // namespace chancery::http
