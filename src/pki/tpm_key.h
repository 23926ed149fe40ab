#pragma once

// Keys of this machine's TPM 2.0, by tpm2-openssl. What a file keeps is "TSS2 PRIVATE KEY" PEM: the key, encrypted by
// the TPM that made it, under its storage hierarchy; no other TPM can load it. It is loaded for each operation, since a
// TPM has room for three keys. The provider is loaded, into a context of its own, when a key is first asked for: which
// TPM it is, TPM2OPENSSL_TCTI says, else it is /dev/tpmrm0.

#include <string_view>

#include "pki/key.h"

namespace chancery::pki {

// Whether every TPM 2.0 of a PC makes such keys: RSA 2048, P-256 and P-384. `invalid` says so.
Status tpm_can_make(const KeySpec& spec);
// ErrorCode::unavailable where there is no TPM, or no tpm2-openssl.
Result<PrivateKey> make_tpm_key(const KeySpec& spec);
[[nodiscard]] bool is_tpm_pem(std::string_view pem);
// ErrorCode::unavailable also when the TPM does not know the key: it is another machine's.
Result<PrivateKey> tpm_key_from_pem(std::string_view pem);

}  // namespace chancery::pki
