#pragma once

// Requests that wait for a change (GET /v1/changes).

#include <cstdint>

#include "api/held_replies.h"
#include "hub/changes.h"

namespace chancery::api {

// Thread-safe. `changes` must outlive it; it must outlive the servers whose requests it holds.
class ChangesDoor {
 public:
  explicit ChangesDoor(hub::Changes& changes)
      : changes_(changes), held_([this](std::uint64_t waiter) { changes_.forget(waiter); }) {}

  // Answers with what changed after `sequence`: at once if something did; else when something does, or after 25 s.
  void hold(std::int64_t sequence, http::Reply reply);

 private:
  hub::Changes& changes_;
  HeldReplies held_;
};

[[nodiscard]] http::Response changes_response(const hub::ChangesSince& changes);

}  // namespace chancery::api
