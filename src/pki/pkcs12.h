#pragma once

// PKCS#12 files (RFC 7292): a key with its certificate and chain, under a passphrase.

#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "pki/certificate.h"
#include "pki/key.h"

namespace chancery::pki {

struct Pkcs12Content {
  std::optional<PrivateKey> key;
  std::optional<Certificate> certificate;
  std::vector<Certificate> chain;
};

// A wrong passphrase is ErrorCode::refused. `certificate` is the one of `key`; a file with more than one key is an
// error: nothing says which of them is meant.
Result<Pkcs12Content> read_pkcs12(ByteView der, ByteView passphrase);
// AES-256-CBC and PBKDF2 with HMAC-SHA-256.
Result<Bytes> write_pkcs12(const PrivateKey& key, const Certificate& certificate, const std::vector<Certificate>& chain,
                           std::string_view friendly_name, ByteView passphrase);

}  // namespace chancery::pki
