#include "device/kept_key.h"

#include <fmt/format.h>

#include "pki/key_elsewhere.h"
#include "pki/tpm_key.h"

namespace chancery::device {

Result<KeptKey> to_keep(const pki::PrivateKey& key) {
  if (key.elsewhere() == nullptr) {
    TRY(SecretBytes pem, key.to_plain_pem());
    return KeptKey{.file = key_file, .content = std::move(pem)};
  }
  const std::string reference = key.elsewhere()->reference();
  return KeptKey{.file = pki::is_tpm_pem(reference) ? key_file : key_uri_file,
                 .content = SecretBytes::copy_of(reference)};
}

std::string kept_key_path(const std::string& folder) {
  const std::string uri = fmt::format("{}/{}", folder, key_uri_file);
  return files::exists(uri) ? uri : fmt::format("{}/{}", folder, key_file);
}

Result<pki::PrivateKey> read_kept_key(const std::string& folder, Tokens* tokens, files::Privacy privacy) {
  const std::string path = kept_key_path(folder);
  TRY(const SecretBytes content, files::read_secret_file(path, privacy));
  const std::string_view text = as_text(content.view());
  if (path.ends_with(key_uri_file)) {
    if (tokens == nullptr)
      return unavailable(fmt::format("{}: the key is in a PKCS#11 token, which only the daemon uses", path));
    TRY_IN(path, const TokenUri uri, token_uri_from_text(text));
    TRY_IN(path, pki::PrivateKey key, tokens->find(uri));
    return key;
  }
  TRY_IN(path, pki::PrivateKey key,
         pki::is_tpm_pem(text) ? pki::tpm_key_from_pem(text) : pki::PrivateKey::from_pem(text));
  return key;
}

}  // namespace chancery::device
