#include "http/server.h"

#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <algorithm>
#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <future>
#include <mutex>
#include <thread>

#include "base/check.h"
#include "http/connection.h"
#include "http/listen_address.h"
#include "http/tls_context.h"

namespace chancery::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Protocol>;

constexpr int backlog = 1024;
constexpr std::chrono::milliseconds accept_pause{250};

Protocol::endpoint endpoint_of(const ListenAddress& address) {
  if (!address.unix_path.empty()) {
    sockaddr_un socket_address{};
    socket_address.sun_family = AF_UNIX;
    address.unix_path.copy(socket_address.sun_path, sizeof socket_address.sun_path - 1);
    return {&socket_address, sizeof socket_address};
  }
  if (address.ipv6) {
    sockaddr_in6 socket_address{};
    socket_address.sin6_family = AF_INET6;
    socket_address.sin6_port = htons(address.port);
    CHECK(inet_pton(AF_INET6, address.host.c_str(), &socket_address.sin6_addr) == 1);
    return {&socket_address, sizeof socket_address};
  }
  sockaddr_in socket_address{};
  socket_address.sin_family = AF_INET;
  socket_address.sin_port = htons(address.port);
  CHECK(inet_pton(AF_INET, address.host.c_str(), &socket_address.sin_addr) == 1);
  return {&socket_address, sizeof socket_address};
}

struct HostAndPort {
  std::string host;
  unsigned port = 0;
};

// The numeric address of an IP end point; an IPv4 address that came in over an IPv6 socket is an IPv4 address.
HostAndPort host_and_port(const Protocol::endpoint& endpoint) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (endpoint.data()->sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, endpoint.data(), sizeof four);
    inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
    return {text.data(), ntohs(four.sin_port)};
  }
  sockaddr_in6 six{};
  std::memcpy(&six, endpoint.data(), sizeof six);
  if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr))
    inet_ntop(AF_INET, &six.sin6_addr.s6_addr[12], text.data(), text.size());
  else
    inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
  return {text.data(), ntohs(six.sin6_port)};
}

std::optional<unsigned> peer_uid(Socket& socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
  return credentials.uid;
}

// A socket file that a process left behind when it died. One that somebody listens on is not touched.
void remove_stale_socket(asio::io_context& io, const ListenAddress& address) {
  struct stat status{};
  if (lstat(address.unix_path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
  Socket probe(io);
  error_code error;
  probe.connect(endpoint_of(address), error);
  if (error == asio::error::connection_refused) unlink(address.unix_path.c_str());
}

// Those that this process may use.
std::size_t usable_cores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
  return std::max(1U, std::thread::hardware_concurrency());
}

DeferringHandler handler_of(Listener& listener) {
  CHECK((listener.handler != nullptr) != (listener.deferring_handler != nullptr));
  if (listener.deferring_handler) return std::move(listener.deferring_handler);
  return [handler = std::move(listener.handler)](const Request& request, Reply reply) { reply.send(handler(request)); };
}

}  // namespace

// Accepts for one Listener.
class ServerPort {
 public:
  ServerPort(Connections& connections, DeferringHandler handler, KnownPeer known_peer)
      : connections_(connections),
        answers_{.handler = std::move(handler), .known_peer = std::move(known_peer)},
        acceptor_(connections.io),
        pause_(connections.io) {}

  Status open(const ListenOptions& options) {
    TRY(listen_address_, parse_listen_address(options.address));
    if (options.tls) {
      tls_options_.request_client_certificate = options.request_client_certificate;
      TRY_IN(options.address, tls_, make_tls_context(*options.tls, tls_options_));
      has_tls_ = true;
    }
    const bool is_unix = !listen_address_.unix_path.empty();
    if (is_unix) remove_stale_socket(connections_.io, listen_address_);
    const auto endpoint = endpoint_of(listen_address_);
    error_code error;
    acceptor_.open(Protocol(endpoint.data()->sa_family, is_unix ? 0 : IPPROTO_TCP), error);
    if (!error && !is_unix) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error && listen_address_.ipv6) {
      const int off = 0;
      setsockopt(acceptor_.native_handle(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (!error) acceptor_.bind(endpoint, error);
    owns_socket_file_ = !error && is_unix;
    // Nobody can connect between bind and listen, so the mode is right before it matters.
    if (!error && is_unix && chmod(listen_address_.unix_path.c_str(), options.unix_mode) != 0)
      error.assign(errno, boost::system::system_category());
    if (!error) acceptor_.listen(backlog, error);
    if (error) return unavailable(fmt::format("listening on {}: {}", options.address, error.message()));
    if (is_unix) {
      address_ = options.address;
      return {};
    }
    const auto bound = host_and_port(acceptor_.local_endpoint(error));
    address_ = fmt::format(fmt::runtime(listen_address_.ipv6 ? "[{}]:{}" : "{}:{}"), bound.host, bound.port);
    return {};
  }

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] bool has_tls() const { return has_tls_; }
  [[nodiscard]] const TlsContextOptions& tls_options() const { return tls_options_; }
  void set_tls(TlsContext context) { tls_ = std::move(context); }

  void accept() {
    acceptor_.async_accept([this](const error_code& error, Socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) return on_accept_error(error);
      admit(std::move(socket));
      accept();
    });
  }

  void close() {
    if (!acceptor_.is_open()) return;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    if (owns_socket_file_) unlink(listen_address_.unix_path.c_str());
  }

 private:
  // Without file descriptors there is nothing to do but wait for some connection to close.
  void on_accept_error(const error_code& error) {
    if (error != asio::error::connection_aborted)
      connections_.log.warning("accepting a connection failed", {{"address", address_}, {"reason", error.message()}});
    pause_.expires_after(accept_pause);
    pause_.async_wait([this](const error_code& cancelled) {
      if (!cancelled && acceptor_.is_open()) accept();
    });
  }

  void admit(Socket socket) {
    Peer peer{.address = "unix"};
    error_code error;
    if (!listen_address_.unix_path.empty()) {
      peer.uid = peer_uid(socket);
      if (!peer.uid) return;
    } else {
      const auto remote = socket.remote_endpoint(error);
      if (error) return;
      peer.address = host_and_port(remote).host;
      const int on = 1;
      setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    Tls tls;
    if (tls_) {
      tls.reset(SSL_new(tls_.get()));
      if (!tls) return;
    }
    const auto connection =
        std::make_shared<Connection>(connections_, answers_, std::move(socket), std::move(peer), std::move(tls));
    if (connections_.admit(connection)) connection->start();
  }

  Connections& connections_;
  const Answers answers_;
  ListenAddress listen_address_;
  std::string address_;
  TlsContext tls_;
  TlsContextOptions tls_options_;
  bool has_tls_ = false;           // Does not change once it is open, unlike the context.
  bool owns_socket_file_ = false;  // The file is ours to remove.
  Acceptor acceptor_;
  asio::steady_timer pause_;
};

class Server::Core {
 public:
  Core(const Limits& limits, Clock& clock, Log& log) : limits_(limits), connections_(io_, limits_, clock, log) {}
  ~Core() { stop(); }

  Status start(std::vector<Listener> listeners) {
    for (Listener& listener : listeners) {
      ports_.push_back(
          std::make_unique<ServerPort>(connections_, handler_of(listener), std::move(listener.known_peer)));
      TRY_STATUS(ports_.back()->open(listener.options));
    }
    const std::size_t cores = usable_cores();
    // Most workers wait for the disk, together: the more there are, the more of them one commit makes durable.
    TRY_STATUS(connections_.queue.start(limits_.workers != 0 ? limits_.workers : std::max<std::size_t>(64, 4 * cores)));
    const std::size_t handshake_threads = limits_.handshake_threads.value_or(std::min<std::size_t>(cores - 1, 16));
    connections_.handshakes_elsewhere = handshake_threads > 0;
    if (std::ranges::any_of(ports_, [](const auto& port) { return port->has_tls(); }))
      TRY_STATUS(connections_.handshakes.start(handshake_threads));
    for (const auto& port : ports_) port->accept();
    try {
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error& error) {
      return unavailable(std::string("starting the I/O thread: ") + error.what());
    }
    return {};
  }

  [[nodiscard]] std::vector<std::string> addresses() const {
    std::vector<std::string> all;
    for (const auto& port : ports_) all.push_back(port->address());
    return all;
  }

  Status reload_tls(std::size_t index, const TlsSource& source) {
    if (index >= ports_.size() || !ports_[index]->has_tls()) return invalid("this listener does not speak TLS");
    TRY(TlsContext context, make_tls_context(source, ports_[index]->tls_options()));
    asio::post(io_, [this, index, fresh = std::move(context)]() mutable { ports_[index]->set_tls(std::move(fresh)); });
    return {};
  }

  void stop() {
    const std::scoped_lock lock(stopping_);
    if (stopped_) return;
    stopped_ = true;
    if (thread_.joinable()) {
      std::promise<void> drained;
      asio::post(io_, [this, &drained] {
        for (const auto& port : ports_) port->close();
        connections_.drain([&drained] { drained.set_value(); });
      });
      drained.get_future().wait_for(limits_.stop_timeout);
      // Jobs that did not begin hold connections, which are let go when the I/O thread no longer runs.
      const auto abandoned = connections_.queue.close();
      const auto half_shaken = connections_.handshakes.close();
      io_.stop();
      thread_.join();
      connections_.close_all();
    }
    for (const auto& port : ports_) port->close();
  }

  [[nodiscard]] ServerStatistics statistics() const {
    const Counters& counters = connections_.counters;
    return {.connections = counters.connections,
            .open_connections = counters.open_connections,
            .rejected_connections = counters.rejected_connections,
            .rejected_by_source = counters.rejected_by_source,
            .requests = counters.requests,
            .malformed = counters.malformed,
            .rejected_by_rate = counters.rejected_by_rate,
            .rejected_by_queue = counters.rejected_by_queue,
            .queue_depth = connections_.queue.depth(),
            .held = counters.held};
  }

 private:
  // The I/O thread. A connection for which memory runs out must not take the others with it.
  void run() {
    // A peer that has gone is an error of the write, which OpenSSL cannot ask for.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    while (!io_.stopped()) {
      try {
        io_.run();
      } catch (const std::exception& error) {
        connections_.log.error("the I/O thread caught an exception", {{"reason", error.what()}});
      }
    }
  }

  const Limits limits_;
  asio::io_context io_{1};
  // While every request is with a worker, there is nothing else to wait for.
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  Connections connections_;
  std::vector<std::unique_ptr<ServerPort>> ports_;
  std::thread thread_;
  std::mutex stopping_;
  bool stopped_ = false;
};

Server::Server(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(std::vector<Listener> listeners, Limits limits, Clock& clock, Log& log) {
  auto core = std::make_unique<Core>(limits, clock, log);
  TRY_STATUS(core->start(std::move(listeners)));
  return std::unique_ptr<Server>(new Server(std::move(core)));
}

std::vector<std::string> Server::addresses() const { return core_->addresses(); }
Status Server::reload_tls(std::size_t index, const TlsSource& source) { return core_->reload_tls(index, source); }
void Server::stop() { core_->stop(); }
ServerStatistics Server::statistics() const { return core_->statistics(); }

}  // namespace chancery::http
