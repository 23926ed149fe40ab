#include "http/connections.h"

#include <algorithm>

#include "http/connection.h"
#include "http/response_head.h"

namespace chancery::http {

Connections::Connections(boost::asio::io_context& io_context, const Limits& all_limits, Clock& a_clock, Log& a_log)
    : io(io_context),
      limits(all_limits),
      clock(a_clock),
      log(a_log),
      queue(limits.queue_length),
      // A connection waits there once at most.
      handshakes(limits.max_connections + 1024),
      buckets({.per_second = limits.requests_per_second_per_source,
               .burst = limits.request_burst_per_source,
               .capacity = limits.sources_remembered},
              clock),
      known_peers({.per_second = limits.requests_per_second_per_known_peer,
                   .burst = limits.request_burst_per_known_peer,
                   .capacity = limits.sources_remembered},
                  clock),
      timer_(io) {
  const auto shortest =
      std::min({limits.header_timeout, limits.body_timeout, limits.write_timeout, limits.idle_timeout});
  interval_ = std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

bool Connections::admit(const std::shared_ptr<Connection>& connection) {
  ++counters.connections;
  const std::optional<Source>& source = connection->counted_source();
  if (source && !make_place_for(*source)) return false;
  if (open_.size() >= limits.max_connections && !close_longest_idle()) {
    ++counters.rejected_connections;
    return false;
  }
  connection->place_ = open_.insert(open_.end(), connection);
  ++counters.open_connections;
  if (source) count(*source);
  watch();
  return true;
}

void Connections::remove(Connection& connection) {
  // The place may be the last owner.
  const auto keep = std::move(*connection.place_);
  open_.erase(connection.place_);
  --counters.open_connections;
  if (open_.empty() && finished_) std::exchange(finished_, nullptr)();
}

void Connections::count(const Source& source) { ++by_source_[source]; }

void Connections::discount(const Source& source) {
  const auto known = by_source_.find(source);
  if (known != by_source_.end() && --known->second == 0) by_source_.erase(known);
}

bool Connections::make_place_for(const Source& source) {
  if (!source_has_too_many(source) || close_longest_idle(&source)) return true;
  ++counters.rejected_by_source;
  return false;
}

bool Connections::source_has_too_many(const Source& source) const {
  const std::size_t most =
      source.known_peer ? limits.max_connections_per_known_peer : limits.max_connections_per_source;
  if (most == 0) return false;
  const auto known = by_source_.find(source);
  return known != by_source_.end() && known->second >= most;
}

void Connections::drain(std::function<void()> finished) {
  draining_ = true;
  finished_ = std::move(finished);
  for (auto next = open_.begin(); next != open_.end();) {
    const auto connection = *next++;
    connection->drain();
  }
  if (open_.empty() && finished_) std::exchange(finished_, nullptr)();
}

void Connections::close_all() {
  while (!open_.empty()) open_.front()->close();
}

std::string_view Connections::date() {
  if (const auto now = clock.now(); date_.empty() || now != date_second_) {
    date_second_ = now;
    date_ = imf_fixdate(now);
  }
  return date_;
}

// Wakes up only while there is somebody to watch over.
void Connections::watch() {
  if (watching_ || open_.empty()) return;
  watching_ = true;
  timer_.expires_after(interval_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    watching_ = false;
    if (!error) sweep();
  });
}

void Connections::sweep() {
  const auto now = clock.monotonic();
  for (auto next = open_.begin(); next != open_.end();) {
    const auto connection = *next++;
    connection->check_deadline(now);
  }
  watch();
}

bool Connections::close_longest_idle(const Source* source) {
  // Whoever comes is a stranger until the handshake is done: a flood of them does not push out those who are known.
  const auto gives_way = [&](const Connection& connection) {
    const std::optional<Source>& counted = connection.counted_source();
    return connection.idle() && (source != nullptr ? counted == *source : !counted || !counted->known_peer);
  };
  std::shared_ptr<Connection> longest;
  for (const auto& connection : open_)
    if (gives_way(*connection) && (!longest || connection->deadline() < longest->deadline())) longest = connection;
  if (!longest) return false;
  longest->close();
  return true;
}

}  // namespace chancery::http
