#include "device/tls_probe.h"

#include "http/tls_probe.h"

namespace chancery::device {

Result<Bytes> NetworkTlsProbe::shown_certificate(const TlsTarget& target) {
  return http::probe_tls_certificate({.host = target.host, .port = target.port, .server_name = target.server_name},
                                     clock_, Seconds(5));
}

}  // namespace chancery::device
