#include "api/held_replies.h"

namespace chancery::api {

void HeldReplies::hold(http::Reply reply, const std::function<std::uint64_t(std::uint64_t number)>& wait) {
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    number = ++last_;
    const auto place = held_.emplace(number, Held{.reply = std::move(reply)}).first;
    if (!place->second.reply.on_closed([this, number] { drop(number); })) {
      held_.erase(place);
      return;
    }
  }
  const std::uint64_t ticket = wait(number);
  {
    const std::scoped_lock lock(mutex_);
    const auto place = held_.find(number);
    if (place != held_.end()) {
      place->second.ticket = ticket;
      return;
    }
  }
  // Answered already, or gone meanwhile.
  if (ticket != 0) forget_(ticket);
}

std::optional<http::Reply> HeldReplies::take(std::uint64_t number) {
  Node taken = extract(number);
  if (taken.empty()) return std::nullopt;
  return std::move(taken.mapped().reply);
}

HeldReplies::Node HeldReplies::extract(std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  return held_.extract(number);
}

// Whoever waited has gone.
void HeldReplies::drop(std::uint64_t number) {
  if (const Node taken = extract(number); !taken.empty() && taken.mapped().ticket != 0) forget_(taken.mapped().ticket);
}

}  // namespace chancery::api
