#include "api/changes_door.h"

#include <boost/json/array.hpp>

#include "api/json_views.h"

namespace chancery::api {
namespace {

constexpr Seconds longest{25};  // below what proxies and browsers wait for

}  // namespace

http::Response changes_response(const hub::ChangesSince& changes) {
  boost::json::array topics;
  for (const hub::Topic topic : changes.topics) topics.emplace_back(hub::to_string(topic));
  return json_response(200, {{"sequence", changes.sequence}, {"topics", std::move(topics)}});
}

void ChangesDoor::hold(std::int64_t sequence, http::Reply reply) {
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
  const std::uint64_t waiter =
      changes_.wait(sequence, longest, [this, number](const hub::ChangesSince& changes) { answer(number, changes); });
  {
    const std::scoped_lock lock(mutex_);
    const auto place = held_.find(number);
    if (place != held_.end()) {
      place->second.waiter = waiter;
      return;
    }
  }
  // Answered already, or gone meanwhile.
  if (waiter != 0) changes_.forget(waiter);
}

void ChangesDoor::answer(std::uint64_t number, const hub::ChangesSince& changes) {
  std::map<std::uint64_t, Held>::node_type taken;
  {
    const std::scoped_lock lock(mutex_);
    taken = held_.extract(number);
  }
  if (!taken.empty()) taken.mapped().reply.send(changes_response(changes));
}

void ChangesDoor::drop(std::uint64_t number) {
  std::map<std::uint64_t, Held>::node_type taken;
  {
    const std::scoped_lock lock(mutex_);
    taken = held_.extract(number);
  }
  if (!taken.empty() && taken.mapped().waiter != 0) changes_.forget(taken.mapped().waiter);
}

}  // namespace chancery::api
