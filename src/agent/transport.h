#pragma once

// How the agent reaches a SCEP server. Granted by device/ (HTTP); a test grants a server in the same process.

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

namespace chancery::agent {

// One HTTP answer, whatever its status.
struct TransportReply {
  unsigned status = 0;
  Bytes body;
  std::optional<Seconds> retry_after = {};  // what a busy server asks for
};

class Transport {
 public:
  virtual ~Transport() = default;
  // GET <url>?operation=<operation>, with &message=<message> when that is not empty (encoded already).
  // ErrorCode::unavailable when nobody answers; refused when the server's TLS certificate is not trusted.
  virtual Result<TransportReply> get(std::string_view operation, std::string_view message) = 0;
  // POST <url>?operation=PKIOperation.
  virtual Result<TransportReply> post(ByteView message) = 0;
};

}  // namespace chancery::agent
