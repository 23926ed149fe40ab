#pragma once

// A private key as a folder keeps it: key.pem, with the key itself or one wrapped by the TPM, or key.uri, with the name
// of one in a PKCS#11 token.

#include <string>

#include "device/tokens.h"
#include "files/file.h"

namespace chancery::device {

inline constexpr std::string_view key_file = "key.pem", key_uri_file = "key.uri";

struct KeptKey {
  std::string_view file;
  SecretBytes content;
};
Result<KeptKey> to_keep(const pki::PrivateKey& key);

// The path of the one that the folder has; that of key.pem when it has none.
[[nodiscard]] std::string kept_key_path(const std::string& folder);
// `tokens` may be null: keys in tokens are then ErrorCode::unavailable.
Result<pki::PrivateKey> read_kept_key(const std::string& folder, Tokens* tokens,
                                      files::Privacy privacy = files::Privacy::any);

}  // namespace chancery::device
