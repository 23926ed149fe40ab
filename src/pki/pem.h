#pragma once

// PEM text (RFC 7468): finding blocks and writing them.

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace chancery::pki {

struct PemBlock {
  std::string label;  // "CERTIFICATE"
  Bytes der;
};

// All blocks without RFC 1421 headers, in order; text between them is ignored. A block that opens and does not close,
// or whose content is not base64, is an error that names the line. At most 1000 blocks and 16 MiB.
Result<std::vector<PemBlock>> read_pem(std::string_view text);
[[nodiscard]] std::string write_pem(std::string_view label, ByteView der);
// True when the text holds "-----BEGIN ".
[[nodiscard]] bool looks_like_pem(ByteView bytes);

}  // namespace chancery::pki
