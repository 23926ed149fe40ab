#pragma once

// What monitoring asks: /metrics in Prometheus' text format, /healthz and /readyz. On its own listener, loopback by
// default.

#include <functional>
#include <vector>

#include "http/server.h"
#include "hub/context.h"
#include "hub/scep_service.h"

namespace chancery::api {

// Numbers that only main knows how to get.
struct MonitoringSources {
  std::function<http::ServerStatistics()> http;
  struct LedgerNumbers {
    std::uint64_t commits = 0, works = 0;
  };
  std::function<LedgerNumbers()> ledger;
};

class MonitoringSite {
 public:
  MonitoringSite(hub::Context& context, const hub::ScepService& scep, MonitoringSources sources)
      : context_(context), scep_(scep), sources_(std::move(sources)) {}

  [[nodiscard]] http::Response handle(const http::Request& request);

 private:
  hub::Context& context_;
  const hub::ScepService& scep_;
  MonitoringSources sources_;
};

}  // namespace chancery::api
