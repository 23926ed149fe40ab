#pragma once

// Requests that wait for a change (GET /v1/changes).

#include <cstdint>
#include <map>
#include <mutex>

#include "http/reply.h"
#include "hub/changes.h"

namespace chancery::api {

// Thread-safe. `changes` must outlive it; it must outlive the servers whose requests it holds.
class ChangesDoor {
 public:
  explicit ChangesDoor(hub::Changes& changes) : changes_(changes) {}
  ChangesDoor(const ChangesDoor&) = delete;
  ChangesDoor& operator=(const ChangesDoor&) = delete;

  // Answers with what changed after `sequence`: at once if something did; else when something does, or after 25 s.
  void hold(std::int64_t sequence, http::Reply reply);

 private:
  struct Held {
    http::Reply reply;
    std::uint64_t waiter = 0;  // at changes_
  };
  void answer(std::uint64_t number, const hub::ChangesSince& changes);
  // Whoever waited has gone.
  void drop(std::uint64_t number);

  hub::Changes& changes_;
  std::mutex mutex_;
  std::map<std::uint64_t, Held> held_;
  std::uint64_t last_ = 0;
};

[[nodiscard]] http::Response changes_response(const hub::ChangesSince& changes);

}  // namespace chancery::api
