#pragma once

// A Reply without a server: a test gives it to a deferring handler and sees what was sent.

#include <memory>
#include <optional>
#include <utility>

#include "http/exchange.h"
#include "http/reply.h"

namespace chancery::http {

class ReplyForTest {
 public:
  // What was sent so far.
  std::optional<Response> response;

  [[nodiscard]] Reply reply() { return Reply(exchange_); }
  // The peer has gone.
  void close() { static_cast<void>(exchange_->end()); }

 private:
  std::shared_ptr<Exchange> exchange_ =
      std::make_shared<Exchange>([this](Response sent) { response = std::move(sent); });
};

}  // namespace chancery::http
