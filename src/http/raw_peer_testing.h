#pragma once

// For tests only: the other end of a connection, as polite as the test wants.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace chancery::http {

class RawPeer {
 public:
  // `address` as Server::addresses() gives it: "127.0.0.1:1234" or "unix:/path".
  explicit RawPeer(std::string_view address) {
    if (address.starts_with("unix:")) {
      sockaddr_un to{.sun_family = AF_UNIX};
      address.substr(5).copy(to.sun_path, sizeof to.sun_path - 1);
      socket_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
      connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    } else {
      const auto colon = address.rfind(':');
      sockaddr_in to{.sin_family = AF_INET};
      std::uint16_t port = 0;
      std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
      to.sin_port = htons(port);
      ::inet_pton(AF_INET, std::string(address.substr(0, colon)).c_str(), &to.sin_addr);
      socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
      connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }
    // A server that never answers fails the test, and does not hang it.
    const timeval patience{.tv_sec = 20};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~RawPeer() { ::close(socket_); }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int socket() const { return socket_; }

  // Whether all of it could be sent.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  // The next response with its head, as long as its Content-Length says. What is missing at the end of the connection
  // is missing from the text.
  std::string response(bool has_body = true) {
    std::size_t head_end;
    while ((head_end = pending_.find("\r\n\r\n")) == std::string::npos)
      if (!receive()) return std::exchange(pending_, "");
    std::size_t length = head_end + 4;
    if (const auto at = pending_.find("Content-Length: "); has_body && at < head_end)
      length += static_cast<std::size_t>(std::atoll(pending_.c_str() + at + 16));
    while (pending_.size() < length)
      if (!receive()) return std::exchange(pending_, "");
    std::string response = pending_.substr(0, length);
    pending_.erase(0, length);
    return response;
  }

  // All that comes until the server closes the connection.
  std::string rest() {
    while (receive()) continue;
    return std::exchange(pending_, "");
  }

  // Receives what comes within that time, if anything does. False when the connection is at its end.
  bool receive_within(int milliseconds) {
    pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
    return ::poll(&readable, 1, milliseconds) == 0 || receive();
  }

  // The server has closed the connection, and nothing was left to read.
  bool closed() { return rest().empty() && ended_; }

 private:
  bool receive() {
    char buffer[16384];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count == 0 || (count < 0 && errno == ECONNRESET)) ended_ = true;
    if (count <= 0) return false;
    pending_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  int socket_ = -1;
  bool connected_ = false;
  bool ended_ = false;
  std::string pending_;
};

}  // namespace chancery::http
