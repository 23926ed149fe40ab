#pragma once

// How much of everything a server grants its peers.

#include <chrono>
#include <cstddef>
#include <optional>

namespace chancery::http {

struct Limits {
  std::size_t request_line_bytes = 64 * 1024;        // Beyond: 414. SCEP GET messages are long.
  std::size_t header_bytes = 16 * 1024;              // For what follows the request line. Beyond: 431.
  std::size_t body_bytes = 1024 * 1024;              // Beyond: 413.
  std::chrono::milliseconds header_timeout{10'000};  // From the first byte (or the connection) to the last header.
  std::chrono::milliseconds body_timeout{30'000};    // From the last header to the end of the body.
  std::chrono::milliseconds write_timeout{60'000};   // For the peer to take the whole response.
  std::chrono::milliseconds idle_timeout{60'000};    // Between two requests on one connection.
  std::chrono::milliseconds stop_timeout{5'000};     // For Server::stop() to finish what was begun.
  // When all are taken, the one idle longest gives way, but for those of known peers.
  std::size_t max_connections = 4096;
  // From one source, but for those whose request is held: the application knows whom it keeps waiting. When all are
  // taken, the source's own that is idle longest gives way. 0: no limit.
  std::size_t max_connections_per_source = 256;
  // Connections from this machine (127.0.0.0/8, ::1, Unix sockets) are not counted unless this is set: a reverse proxy
  // that runs here brings everybody's.
  bool count_local_connections = false;
  std::size_t queue_length = 1024;            // Requests that wait for a worker. Beyond: 503 with Retry-After.
  std::size_t workers = 0;                    // 0: four times the number of cores, at least 64.
  double requests_per_second_per_source = 0;  // A source is an IPv4 address or an IPv6 /64. 0: no limit.
  double request_burst_per_source = 0;        // How many may come at once. 0: one second's worth, at least 1.
  std::size_t sources_remembered = 65536;     // The source not heard of for longest is forgotten first.
  // Peers that the listener knows by their certificates (Listener::known_peer) are counted by themselves from the end
  // of the handshake on, not with all that come from their address: 0: no limit, as above.
  std::size_t max_connections_per_known_peer = 16;
  double requests_per_second_per_known_peer = 0;
  double request_burst_per_known_peer = 0;
  // Unless it is set: one for each core but one, at most 16; of one core, none. Without any, that which moves bytes
  // does them.
  std::optional<std::size_t> handshake_threads = {};
};

}  // namespace chancery::http
