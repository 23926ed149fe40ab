#pragma once

// The certificate that a service shows.

#include "base/bytes.h"
#include "base/time.h"
#include "device/health_check.h"

namespace chancery::device {

class TlsProbe {
 public:
  virtual ~TlsProbe() = default;
  // In DER. ErrorCode::unavailable when nobody answers within a few seconds, or not in TLS.
  virtual Result<Bytes> shown_certificate(const TlsTarget& target) = 0;
};

class NetworkTlsProbe final : public TlsProbe {
 public:
  explicit NetworkTlsProbe(const Clock& clock) : clock_(clock) {}
  Result<Bytes> shown_certificate(const TlsTarget& target) override;

 private:
  const Clock& clock_;
};

}  // namespace chancery::device
