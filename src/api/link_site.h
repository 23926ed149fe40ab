#pragma once

// The agents' channel: POST /link/v1/check-in over TLS with the device's own certificate (wire/check_in.h). A request
// that has nothing to hear is held: that costs memory, and no thread.

#include <cstdint>
#include <map>
#include <mutex>

#include "http/message.h"
#include "http/reply.h"
#include "hub/check_in.h"
#include "hub/presence.h"

namespace chancery::api {

// Thread-safe. Must outlive the server whose requests it holds.
class LinkSite {
 public:
  LinkSite(hub::CheckIn& check_in, hub::Presence& presence) : check_in_(check_in), presence_(presence) {}
  LinkSite(const LinkSite&) = delete;
  LinkSite& operator=(const LinkSite&) = delete;

  // 403: this certificate is not good (any more). 400: the message cannot be read. 503: try again later.
  void answer(const http::Request& request, http::Reply reply);
  // For http::Listener.
  std::optional<std::uint64_t> known_peer(ByteView certificate) { return check_in_.known_peer(certificate); }

 private:
  struct Held {
    http::Reply reply;
    std::uint64_t ticket = 0;  // at presence_
  };
  void hold(const hub::CheckInDecision& decision, http::Reply reply);
  void wake(std::uint64_t number, const hub::LinkParty& party);
  // Whoever waited has gone.
  void drop(std::uint64_t number);

  hub::CheckIn& check_in_;
  hub::Presence& presence_;
  std::mutex mutex_;
  std::map<std::uint64_t, Held> held_;
  std::uint64_t last_ = 0;
};

}  // namespace chancery::api
