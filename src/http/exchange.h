#pragma once

// One request and its answer, between the connection, the worker and the Reply. Whoever comes first ends it.

#include <functional>
#include <mutex>

#include "http/message.h"

namespace chancery::http {

// Thread-safe.
class Exchange {
 public:
  // Called once at most, with the lock held, so that what it refers to is alive until end() has returned. It must hand
  // the response to another thread, and not call back.
  using Deliver = std::move_only_function<void(Response)>;

  explicit Exchange(Deliver deliver) : deliver_(std::move(deliver)) {}

  void answer(Response response);
  // The Reply is gone without an answer. While the handler still runs, its end tells what to answer.
  void drop();
  // The connection can take no answer any more. True, and the callback was called, if it still waited for one.
  bool end();

  enum class AfterHandler : std::uint8_t { over, held, dropped };
  AfterHandler handler_returned();

  [[nodiscard]] bool open() const;
  [[nodiscard]] bool on_closed(std::function<void()> callback);

 private:
  mutable std::mutex mutex_;
  Deliver deliver_;  // Null when it is over.
  std::function<void()> closed_;
  bool handling_ = true;
  bool dropped_ = false;
};

// What is answered when a handler fails to.
[[nodiscard]] Response failed_response();

}  // namespace chancery::http
