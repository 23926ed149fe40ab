#pragma once

// Keeps a number of connections busy with POST requests: one thread, epoll, as little work a reply as possible, so that
// what is measured is the server.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "bench/http_response.h"

namespace chancery::bench {

// Where requests go: http://ADDRESS:PORT/PATH, the address as a number.
struct Target {
  sockaddr_in address{};
  std::string host, path;

  static Result<Target> from_url(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme)) return invalid("--url must begin with http://");
    url.remove_prefix(scheme.size());
    const std::size_t slash = std::min(url.find('/'), url.size());
    Target target{.host = std::string(url.substr(0, slash)), .path = std::string(url.substr(slash))};
    const std::size_t colon = std::min(target.host.find(':'), target.host.size());
    const std::string name = target.host.substr(0, colon);
    std::uint16_t port = 80;
    if (colon < target.host.size())
      std::from_chars(target.host.data() + colon + 1, target.host.data() + target.host.size(), port);
    target.address.sin_family = AF_INET;
    target.address.sin_port = htons(port);
    if (inet_pton(AF_INET, name.c_str(), &target.address.sin_addr) != 1)
      return invalid("--url must have a numeric IPv4 address");
    return target;
  }
};

struct Reply {
  std::size_t request = 0;
  unsigned status = 0;
  ByteView body;  // valid during the call
  std::chrono::nanoseconds latency{0};
};

class HttpLoad {
 public:
  struct Callbacks {
    // The body of the next request, or nothing when there is none. Its place in the order is Reply::request.
    std::function<const Bytes*(std::size_t request)> next;
    std::function<void(const Reply&)> received;
    // The connection ended before the reply.
    std::function<void(std::size_t request)> lost;
  };

  HttpLoad(Target target, Callbacks callbacks) : target_(std::move(target)), callbacks_(std::move(callbacks)) {}
  ~HttpLoad() {
    for (const Connection& connection : connections_)
      if (connection.socket >= 0) close(connection.socket);
    if (epoll_ >= 0) close(epoll_);
  }
  HttpLoad(const HttpLoad&) = delete;
  HttpLoad& operator=(const HttpLoad&) = delete;

  // Returns when next() has no more and all replies are here, when no connection can be made any more, or when nothing
  // came for `patience`. The first connection must succeed.
  Status run(std::size_t connections, std::chrono::milliseconds patience) {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    connections_.resize(connections);
    for (std::size_t i = 0; i < connections; ++i)
      if (!open(i) && i == 0) return unavailable("nobody listens there");
    epoll_event events[64];
    while (busy_ > 0) {
      const int ready = epoll_wait(epoll_, events, 64, static_cast<int>(patience.count()));
      if (ready == 0) break;
      for (int i = 0; i < ready; ++i) receive(events[i].data.u64);
    }
    for (Connection& connection : connections_)
      if (connection.waiting) callbacks_.lost(connection.request);
    return {};
  }

 private:
  using Steady = std::chrono::steady_clock;
  struct Connection {
    int socket = -1;
    bool waiting = false;
    std::size_t request = 0;
    Steady::time_point sent;
    std::string received;
  };

  // Connects and sends a first request.
  bool open(std::size_t index) {
    Connection& connection = connections_[index];
    connection.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(connection.socket, reinterpret_cast<const sockaddr*>(&target_.address), sizeof target_.address) != 0) {
      close(connection.socket);
      connection.socket = -1;
      return false;
    }
    epoll_event event{.events = EPOLLIN, .data = {.u64 = index}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
    connection.received.clear();
    send_next(connection);
    return true;
  }

  // The socket blocks while it is written to: a request is smaller than its buffer.
  void send_next(Connection& connection) {
    const Bytes* body = callbacks_.next(next_request_);
    if (body == nullptr) return;
    connection.request = next_request_++;
    std::string bytes =
        "POST " + target_.path + "?operation=PKIOperation HTTP/1.1\r\nHost: " + target_.host +
        "\r\nContent-Type: application/x-pki-message\r\nContent-Length: " + std::to_string(body->size()) + "\r\n\r\n";
    bytes.append(as_text(*body));
    connection.sent = Steady::now();
    connection.waiting = true;
    ++busy_;
    // A failure shows when the reply is read.
    [[maybe_unused]] const auto sent = send(connection.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  void receive(std::size_t index) {
    Connection& connection = connections_[index];
    if (connection.socket < 0) return;
    char buffer[16384];
    const ssize_t size = recv(connection.socket, buffer, sizeof buffer, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) return reopen(index);
    connection.received.append(buffer, static_cast<std::size_t>(size));
    const auto response = whole_response(connection.received);
    if (!response) return;
    connection.waiting = false;
    --busy_;
    callbacks_.received({.request = connection.request,
                         .status = response->status,
                         .body = as_bytes(response->body),
                         .latency = Steady::now() - connection.sent});
    connection.received.clear();
    send_next(connection);
  }

  void reopen(std::size_t index) {
    Connection& connection = connections_[index];
    close(connection.socket);
    connection.socket = -1;
    if (connection.waiting) {
      connection.waiting = false;
      --busy_;
      callbacks_.lost(connection.request);
    }
    open(index);
  }

  Target target_;
  Callbacks callbacks_;
  int epoll_ = -1;
  std::vector<Connection> connections_;
  std::size_t next_request_ = 0;
  std::size_t busy_ = 0;  // connections that wait for a reply
};

}  // namespace chancery::bench
