#pragma once

// What monitoring asks: /metrics in Prometheus' text format, /healthz and /readyz. On its own listener, loopback by
// default.

#include <cstdint>
#include <functional>
#include <string>
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
  std::string version;  // of the program
};

class MonitoringSite {
 public:
  MonitoringSite(hub::Context& context, const hub::ScepService& scep, MonitoringSources sources)
      : context_(context), scep_(scep), sources_(std::move(sources)) {}

  // GET and HEAD. Thread-safe.
  [[nodiscard]] http::Response handle(const http::Request& request);

 private:
  [[nodiscard]] http::Response metrics();

  hub::Context& context_;
  const hub::ScepService& scep_;
  MonitoringSources sources_;
};

}  // namespace chancery::api
