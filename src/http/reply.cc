#include "http/reply.h"

#include "base/check.h"
#include "http/exchange.h"

namespace chancery::http {

Response failed_response() { return text_response(500, "The server failed to handle this request."); }

void Exchange::answer(Response response) {
  std::function<void()> unused;  // Goes when the lock has been let go, because what it holds is not known here.
  const std::scoped_lock lock(mutex_);
  if (!deliver_) return;
  deliver_(std::move(response));
  deliver_ = nullptr;
  unused.swap(closed_);
}

void Exchange::drop() {
  {
    const std::scoped_lock lock(mutex_);
    dropped_ = true;
    if (handling_) return;
  }
  answer(failed_response());
}

bool Exchange::end() {
  std::function<void()> closed;
  {
    const std::scoped_lock lock(mutex_);
    if (!deliver_) return false;
    deliver_ = nullptr;
    closed.swap(closed_);
  }
  if (closed) closed();
  return true;
}

Exchange::AfterHandler Exchange::handler_returned() {
  const std::scoped_lock lock(mutex_);
  handling_ = false;
  if (!deliver_) return AfterHandler::over;
  return dropped_ ? AfterHandler::dropped : AfterHandler::held;
}

bool Exchange::open() const {
  const std::scoped_lock lock(mutex_);
  return static_cast<bool>(deliver_);
}

bool Exchange::on_closed(std::function<void()> callback) {
  const std::scoped_lock lock(mutex_);
  if (!deliver_) return false;
  closed_ = std::move(callback);
  return true;
}

Reply::Reply(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
Reply::Reply(Reply&&) noexcept = default;

Reply& Reply::operator=(Reply&& other) noexcept {
  if (this == &other) return *this;
  if (exchange_) exchange_->drop();
  exchange_ = std::move(other.exchange_);
  finish_ = std::move(other.finish_);
  return *this;
}

Reply::~Reply() {
  if (exchange_) exchange_->drop();
}

void Reply::send(Response response) {
  CHECK(exchange_ != nullptr);
  if (finish_) response = finish_(std::move(response));
  std::exchange(exchange_, nullptr)->answer(std::move(response));
}

bool Reply::closed() const {
  CHECK(exchange_ != nullptr);
  return !exchange_->open();
}

bool Reply::on_closed(std::function<void()> callback) {
  CHECK(exchange_ != nullptr);
  return exchange_->on_closed(std::move(callback));
}

}  // namespace chancery::http
