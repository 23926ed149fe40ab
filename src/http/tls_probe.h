#pragma once

// Asks a TLS server which certificate it shows. Nothing is verified but that the server has the key: whether this is
// the certificate that should be there, the caller knows.

#include <chrono>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/time.h"

namespace chancery::http {

struct TlsProbeTarget {
  std::string host;  // a name, or an address without brackets
  std::uint16_t port = 0;
  std::string server_name;  // sent as SNI; empty: none
};

// The server's certificate in DER, after a handshake of TLS 1.2 or 1.3 in which it proved that it has the key. A server
// that wants a certificate from its clients and gets none may end the connection then; that counts as an answer.
// ErrorCode::unavailable when nobody answers in `time_limit` (looking up a name aside), or not in TLS.
Result<Bytes> probe_tls_certificate(const TlsProbeTarget& target, const Clock& clock,
                                    std::chrono::milliseconds time_limit);

}  // namespace chancery::http
