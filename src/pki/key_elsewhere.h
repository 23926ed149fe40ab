#pragma once

// A private key that stays where it was made: in a PKCS#11 token (device/), or wrapped by a TPM (tpm_key.h). What can
// be asked of it is here; PrivateKey::from_elsewhere() makes it a key like any other.

#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "pki/algorithms.h"

namespace chancery::pki {

// Thread-safe. An error says which device did not do it and why, and never holds a PIN.
class KeyElsewhere {
 public:
  virtual ~KeyElsewhere() = default;

  // What a file keeps in the key's place: worthless without the device.
  [[nodiscard]] virtual std::string reference() const = 0;
  // For people: "the PKCS#11 token 'office'".
  [[nodiscard]] virtual std::string place() const = 0;

  // The signature as X.509 has it: RSA PKCS#1 v1.5 over the DigestInfo, or ECDSA in DER.
  virtual Result<Bytes> sign(Digest algorithm, ByteView digest) = 0;
  // The content, without the padding. RSA only.
  virtual Result<SecretBytes> decrypt_pkcs1(ByteView encrypted) = 0;
  virtual Result<SecretBytes> decrypt_oaep(ByteView encrypted, Digest digest, Digest mgf_digest) = 0;
  // RSADP (RFC 8017 section 5.1.2): `block` and the result are as long as the modulus. TLS 1.3 signs by it, with a
  // padding made here.
  virtual Result<Bytes> exponentiate(ByteView block) = 0;
  // Why TLS cannot use the key, if that is so: libraries between would tell less.
  [[nodiscard]] virtual Status fit_for_tls() const { return {}; }
};

}  // namespace chancery::pki
