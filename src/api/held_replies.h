#pragma once

// Requests that wait until somebody has something to say to them: that costs memory, and no thread. Each waits there
// with a ticket, and here under a number.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "http/reply.h"

namespace chancery::api {

// Thread-safe. Must outlive the servers whose requests it holds.
class HeldReplies {
 public:
  // `forget` ends the wait of a ticket, and does nothing when that is over.
  explicit HeldReplies(std::function<void(std::uint64_t ticket)> forget) : forget_(std::move(forget)) {}
  HeldReplies(const HeldReplies&) = delete;
  HeldReplies& operator=(const HeldReplies&) = delete;

  // Keeps `reply`, and begins a wait whose end take()s that number. `wait` gives the ticket; 0 when the reply was taken
  // already. If the peer goes, the ticket is forgotten.
  void hold(http::Reply reply, const std::function<std::uint64_t(std::uint64_t number)>& wait);
  // The reply, for whoever answers it; nothing when it was taken before, or nobody waits for it any more.
  [[nodiscard]] std::optional<http::Reply> take(std::uint64_t number);

 private:
  struct Held {
    http::Reply reply;
    std::uint64_t ticket = 0;
  };
  using Node = std::map<std::uint64_t, Held>::node_type;
  Node extract(std::uint64_t number);
  void drop(std::uint64_t number);

  const std::function<void(std::uint64_t)> forget_;
  std::mutex mutex_;
  std::map<std::uint64_t, Held> held_;
  std::uint64_t last_ = 0;
};

}  // namespace chancery::api
