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
  held_.hold(std::move(reply), [&](std::uint64_t number) {
    return changes_.wait(sequence, longest, [this, number](const hub::ChangesSince& changes) {
      if (auto waiting = held_.take(number)) waiting->send(changes_response(changes));
    });
  });
}

}  // namespace chancery::api
