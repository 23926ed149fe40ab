#pragma once

// The agents' channel: POST /link/v1/check-in over TLS with the device's own certificate (wire/check_in.h). A request
// that has nothing to hear is held: that costs memory, and no thread.

#include <cstdint>
#include <optional>

#include "api/held_replies.h"
#include "http/message.h"
#include "hub/check_in.h"
#include "hub/presence.h"

namespace chancery::api {

// Thread-safe. Must outlive the server whose requests it holds.
class LinkSite {
 public:
  LinkSite(hub::CheckIn& check_in, hub::Presence& presence)
      : check_in_(check_in), presence_(presence), held_([this](std::uint64_t ticket) { presence_.release(ticket); }) {}

  // 403: this certificate is not good (any more), or the node is blocked (wire/refusal.h tells them apart). 400: the
  // message cannot be read. 503: try again later.
  void answer(const http::Request& request, http::Reply reply);
  // For http::Listener.
  std::optional<std::uint64_t> known_peer(ByteView certificate) { return check_in_.known_peer(certificate); }

 private:
  void hold(const hub::CheckInDecision& decision, http::Reply reply);
  void wake(std::uint64_t number, const hub::LinkParty& party);

  hub::CheckIn& check_in_;
  hub::Presence& presence_;
  HeldReplies held_;
};

}  // namespace chancery::api
