#pragma once

// What one end of a TLS connection shows, and where it comes from.

#include <memory>
#include <string>
#include <variant>

#include "base/bytes.h"

using EVP_PKEY = struct evp_pkey_st;

namespace chancery::http {

struct TlsFiles {
  std::string certificate_file;  // PEM: the certificate, then its intermediates.
  std::string key_file;          // PEM, not encrypted.
};

// The same from memory. Copies share the key, which is wiped with the last of them.
class TlsIdentity {
 public:
  // `certificates`: PEM, the certificate, then its intermediates. `key`: its key, PEM, not encrypted.
  TlsIdentity(std::string certificates, SecretBytes key)
      : certificates_(std::move(certificates)), key_(std::make_shared<const SecretBytes>(std::move(key))) {}

  // With OpenSSL's handle of the key, which may be one that signs in a device. For clients.
  TlsIdentity(std::string certificates, EVP_PKEY* key);

  [[nodiscard]] const std::string& certificates() const { return certificates_; }
  // Empty for an identity with a handle.
  [[nodiscard]] ByteView key() const { return key_ == nullptr ? ByteView() : key_->view(); }
  // Null for an identity with a PEM.
  [[nodiscard]] EVP_PKEY* native_key() const { return native_key_.get(); }

 private:
  std::string certificates_;
  std::shared_ptr<const SecretBytes> key_;
  std::shared_ptr<EVP_PKEY> native_key_;
};

using TlsSource = std::variant<TlsFiles, TlsIdentity>;

}  // namespace chancery::http
