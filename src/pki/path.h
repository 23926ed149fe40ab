#pragma once

// Building and checking a certification path (RFC 5280 section 6), by OpenSSL.

#include <vector>

#include "base/time.h"
#include "pki/certificate.h"

namespace chancery::pki {

struct PathInput {
  const Certificate* leaf = nullptr;
  const std::vector<Certificate>* intermediates = nullptr;  // untrusted; may be null
  const std::vector<Certificate>* anchors = nullptr;        // trusted; need not be self-signed
  Timestamp at;
};

// The path from leaf to anchor, both included. The error names the certificate and what is wrong with it.
Result<std::vector<Certificate>> verify_path(const PathInput& input);

}  // namespace chancery::pki
