#pragma once

// What one end of a TLS connection shows, and where it comes from.

#include <memory>
#include <string>
#include <variant>

#include "base/bytes.h"

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

  [[nodiscard]] const std::string& certificates() const { return certificates_; }
  [[nodiscard]] ByteView key() const { return key_->view(); }

 private:
  std::string certificates_;
  std::shared_ptr<const SecretBytes> key_;
};

using TlsSource = std::variant<TlsFiles, TlsIdentity>;

}  // namespace chancery::http
