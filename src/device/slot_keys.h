#pragma once

// Where the keys of one slot are made, and how those in a token end. A key in a token is written down, by its URI in
// token-keys of the slot's folder, before it is made: so whatever a power cut leaves, the agent knows which keys of the
// token are its own, and destroys those that no file of the slot refers to any more. Keys of others are never touched.

#include "agent/key_maker.h"
#include "base/log.h"
#include "base/random.h"
#include "device/disk.h"
#include "device/tokens.h"

namespace chancery::device {

enum class KeyStore : std::uint8_t { file, pkcs11, tpm };

struct KeyPlace {
  KeyStore store = KeyStore::file;
  TokenPlace token = {};  // for pkcs11
};

class SlotKeys final : public agent::KeyMaker {
 public:
  struct Parts {
    Disk& disk;
    Tokens& tokens;
    Random& random;
    Log& log;
  };
  // `folder` is the slot's, and there; its last part is the slot's name.
  SlotKeys(std::string folder, KeyPlace place, const Parts& parts)
      : folder_(std::move(folder)), place_(std::move(place)), parts_(parts) {}

  // Tidies first.
  Result<pki::PrivateKey> make(const pki::KeySpec& spec) override;
  // Destroys the keys in tokens that the slot has no use for any more. A token that is not there is told in the log and
  // asked again next time. REQUIRES: no key that was made is still to be written to the folder.
  void tidy();

 private:
  Result<std::vector<std::string>> written() const;
  Status write(const std::vector<std::string>& uris);

  std::string folder_;
  KeyPlace place_;
  Parts parts_;
};

}  // namespace chancery::device
