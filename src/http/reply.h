#pragma once

// An answer that may come later: from any thread, long after the handler has returned.

#include <functional>
#include <memory>

#include "http/message.h"

namespace chancery::http {

class Exchange;

// One request's answer, given once. While it is kept, the connection waits: that costs memory, and no thread. Outlives
// connection and server safely. Thread-safe but for moves.
class Reply {
 public:
  // The server makes it.
  explicit Reply(std::shared_ptr<Exchange> exchange);
  Reply(Reply&&) noexcept;
  Reply& operator=(Reply&& other) noexcept;
  // Answers 500, if nothing was sent.
  ~Reply();

  // What is sent goes through `finish` first.
  void finish_with(std::function<Response(Response)> finish) { finish_ = std::move(finish); }
  // Does nothing when closed(). REQUIRES: nothing was sent before.
  void send(Response response);
  // Nobody waits any more: the peer has gone, or the server stops and has answered 503.
  [[nodiscard]] bool closed() const;
  // `callback` is called once when closed() becomes true, on the I/O thread or in stop(): it must be short and must not
  // throw. It may take a lock that its owner holds while sending. It is not called when an answer was sent; one that
  // has begun may still run while send() returns. False, and the callback is dropped, if closed() is true already.
  [[nodiscard]] bool on_closed(std::function<void()> callback);

 private:
  std::shared_ptr<Exchange> exchange_;
  std::function<Response(Response)> finish_;
};

}  // namespace chancery::http
