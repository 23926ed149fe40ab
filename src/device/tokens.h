#pragma once

// The keys in PKCS#11 tokens: made there, used there, destroyed there. Every slot of the agent and the link to its hub
// ask the same Tokens, for a module can be initialised once in a process, and a token counts its logins. Thread-safe.
// It must outlive the keys that it gave out.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "device/refused_pins.h"
#include "device/token_uri.h"
#include "pki/key.h"

namespace chancery::device {

class Pkcs11Module;
class Pkcs11Session;

// Whether a token may be asked for such a key: RSA 2048 to 4096, P-256, P-384, P-521. `invalid` says so.
Status token_can_make(const pki::KeySpec& spec);

class Tokens {
 public:
  // Without `refused_pins`, a PIN that a token refused is sent to it once more after each start.
  explicit Tokens(RefusedPins refused_pins = {});
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;
  ~Tokens();

  // From now on the token is reached like this, whatever a URI written earlier says. ErrorCode::conflict when it is to
  // be reached in two ways.
  Status know(const TokenPlace& place);

  // In all of these ErrorCode::unavailable is a token that does not do it now: it is not there, it refuses the PIN, it
  // does not have the key. The text says what to do.

  // Makes a key pair that never leaves the token, under an id that nothing has there yet.
  Result<pki::PrivateKey> make(const TokenUri& uri, const pki::KeySpec& spec);
  Result<pki::PrivateKey> find(const TokenUri& uri);
  // Both halves of the key, if both id and label are what the URI says. They need not be there.
  Status destroy(const TokenUri& uri);

 private:
  class Key;
  struct Reached;

  // Runs `work` in a session with the token that the URI names; once more when the token had gone and is there again.
  template <class Work>
  auto with(const TokenUri& uri, Work work) -> decltype(work(std::declval<Pkcs11Session&>()));
  Result<Reached> reach(const TokenPlace& place);

  std::mutex mutex_;
  RefusedPins refused_pins_;
  std::map<std::string, TokenPlace> known_;  // by token
  std::map<std::string, std::unique_ptr<Pkcs11Module>> modules_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<Pkcs11Session>> sessions_;  // by module and token
};

}  // namespace chancery::device
