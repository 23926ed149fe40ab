#pragma once

// Telling a service of new files, and finding out whether it works with them.

#include <string>
#include <vector>

#include "device/process_runner.h"
#include "device/service_description.h"
#include "device/tls_probe.h"
#include "pki/certificate.h"

namespace chancery::device {

class ServiceControl {
 public:
  ServiceControl(ProcessRunner& processes, TlsProbe& tls, Clock& clock)
      : processes_(processes), tls_(tls), clock_(clock) {}

  // What a service's programs are told in their environment, besides a PATH.
  struct Shown {
    std::string folder;                             // the slot's `live`
    const pki::Certificate* certificate = nullptr;  // the one in use; null: none
  };

  // ErrorCode::unavailable when the program says no, or takes too long; its text is in the error's. A service without
  // such a program: nothing to do for reload, ErrorCode::refused for restart.
  Status reload(const ServiceDescription& service, const Shown& shown);
  Status restart(const ServiceDescription& service, const Shown& shown);
  // Until it succeeds, or the service's health_timeout is over: then what was wrong the last time.
  Status check_health(const ServiceDescription& service, const Shown& shown);

 private:
  Result<ProcessOutcome> run(const ServiceDescription& service, const std::vector<std::string>& arguments,
                             const Shown& shown);
  Status check_once(const ServiceDescription& service, const Shown& shown);

  ProcessRunner& processes_;
  TlsProbe& tls_;
  Clock& clock_;
};

}  // namespace chancery::device
