#pragma once

// The way to the hub. Granted by device/ (HTTPS with the node's own certificate); a test grants a hub in the same
// process.

#include <string>

#include "base/error.h"
#include "pki/certificate.h"

namespace chancery::wire {
struct CheckIn;
struct CheckInAnswer;
}  // namespace chancery::wire

namespace chancery::agent {

// The certificate that the agent shows to the hub: the one in use in that slot. Whoever speaks for the agent finds key
// and chain in the slot's folder, and takes both from one version of it.
struct ShownCertificate {
  std::string slot;
  pki::Certificate certificate;
};

class HubLink {
 public:
  virtual ~HubLink() = default;

  // Blocks until the hub answers, which it may put off for as long as `message` allows, or until cancel().
  // ErrorCode::refused: the hub itself, authenticated, says that this certificate is not good (any more); nothing else
  // may give that code, for the agent may spend a challenge on it; a hub that has blocked the node answers that it is
  // in that state. unavailable: no answer, a hub that is not trusted, HTTP 5xx or 429, or cancelled. invalid: an answer
  // that cannot be read, or that is of another version.
  virtual Result<wire::CheckInAnswer> check_in(const wire::CheckIn& message, const ShownCertificate& shown) = 0;

  // Ends the check_in() that another thread waits in, as soon as may be; does nothing when there is none.
  virtual void cancel() = 0;
};

}  // namespace chancery::agent
