#pragma once

// Thousands of agents in one thread: each connects over TLS 1.3 with its own certificate, checks in as an agent does,
// and leaves its call with the hub. As little work as possible besides, so that what is measured is the hub.

#include <openssl/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "bench/link_fleet.h"
#include "wire/check_in.h"

struct ssl_session_st;

namespace chancery::bench {

using Steady = std::chrono::steady_clock;

struct AgentsOptions {
  bool one_address = false;  // all from 127.0.0.1; else each from an address of its own
  std::int64_t hold_seconds = 300;
};

struct AgentsCounters {
  std::size_t handshakes = 0, resumed = 0, check_ins = 0, inventories = 0;
  std::map<std::string, std::size_t> failures;  // what the agent would call unavailable
};

class Agents {
 public:
  struct Callbacks {
    std::function<void(std::size_t agent, const wire::CheckInAnswer& answer)> answered;
    // The hub has finished the handshake, too: its ticket is here.
    std::function<void(std::size_t agent)> settled;
  };

  Agents(Fleet fleet, AgentsOptions options, Callbacks callbacks);
  ~Agents();
  Agents(const Agents&) = delete;
  Agents& operator=(const Agents&) = delete;

  [[nodiscard]] std::size_t size() const { return fleet_.devices.size(); }
  [[nodiscard]] std::int64_t node_id(std::size_t i) const { return fleet_.devices[i].node_id; }
  [[nodiscard]] const AgentsCounters& counters() const { return counters_; }
  void reset_counters() { counters_ = {}; }
  void set_port(std::uint16_t port) { port_ = port; }
  void set_hold(std::int64_t seconds) { options_.hold_seconds = seconds; }
  void set_one_address(bool one) { options_.one_address = one; }
  // Whether a connection that is made again shows the session of the last one.
  void set_resume(bool resume) { resume_ = resume; }
  // Whether the first call follows the handshake by itself, and failures are tried again, as an agent does.
  void set_calls(bool calls) { calls_ = calls; }
  // The other end, for what else is waited for.
  [[nodiscard]] int epoll() const { return epoll_; }

  void connect_at(std::size_t i, Steady::time_point when) { later_.emplace(when, i); }
  // As an agent whose call failed just now.
  void fail_at(std::size_t i, Steady::time_point now);
  void drop_all();
  void drop(std::size_t i);
  // Says what is to be said: results of orders, the inventory if it was asked for, certificates.
  void call(std::size_t i);
  // Moves bytes until `until`, or once when there are some; `others` gets what belongs to no agent.
  void step(Steady::time_point until, const std::function<void(std::uint64_t)>& others = {});

 private:
  struct Agent;

  static int keep_session(SSL* tls, ssl_session_st* session);
  void set_inventory(std::size_t i);
  void open(std::size_t i);
  void watch(std::size_t i, bool writing);
  void fail(std::size_t i, const std::string& why);
  void go_on(std::size_t i);
  void take_response(std::size_t i);

  Fleet fleet_;
  AgentsOptions options_;
  Callbacks callbacks_;
  int epoll_ = -1, shaking_ = -1;  // the second is in the first, and has those whose handshake is not done
  SSL_CTX* context_ = nullptr;
  X509* authority_ = nullptr;
  std::string authority_hash_;
  std::vector<Agent> agents_;
  std::uint16_t port_ = 0;
  std::size_t opening_ = 0;  // handshakes under way
  bool resume_ = false, calls_ = true;
  AgentsCounters counters_;
  std::mt19937_64 random_{1};
  using Later = std::pair<Steady::time_point, std::size_t>;
  std::priority_queue<Later, std::vector<Later>, std::greater<>> later_;
};

}  // namespace chancery::bench
