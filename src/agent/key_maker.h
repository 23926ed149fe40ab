#pragma once

// Where a certificate's new key comes from: made in memory unless somebody grants another maker. Every new key of the
// agent is asked for here, so this is also where keys of a TPM or a PKCS#11 token will come in: such a key stays where
// it was made, its PrivateKey signs and decrypts there, and the folder keeps a reference in place of the key itself.
// A test or a simulation grants keys that cost less to make.

#include "pki/key.h"

namespace chancery::agent {

class KeyMaker {
 public:
  virtual ~KeyMaker() = default;
  // A key that nobody has had before.
  virtual Result<pki::PrivateKey> make(const pki::KeySpec& spec) = 0;
};

// By `maker`; in memory where there is none.
[[nodiscard]] inline Result<pki::PrivateKey> make_key(KeyMaker* maker, const pki::KeySpec& spec) {
  TRY_IN("making a key", pki::PrivateKey key, maker != nullptr ? maker->make(spec) : pki::PrivateKey::generate(spec));
  return key;
}

}  // namespace chancery::agent
