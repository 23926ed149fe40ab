#include "device/service_control.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::device {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{100}, longest_pause{2000};

ProcessOrder order_of(const ServiceDescription& service, const std::vector<std::string>& arguments,
                      const ServiceControl::Shown& shown) {
  ProcessOrder order{.arguments = arguments,
                     .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "CHANCERY_SLOT=" + service.slot,
                                     "CHANCERY_FOLDER=" + shown.folder},
                     .time_limit = service.command_timeout};
  if (shown.certificate != nullptr)
    order.environment.push_back("CHANCERY_FINGERPRINT=" + to_hex(shown.certificate->fingerprint()));
  return order;
}

// A certificate in an error text.
std::string named(const Bytes& der) {
  const auto certificate = pki::Certificate::from_der(der);
  if (!certificate) return "something that is no certificate";
  return fmt::format("'{}', serial {}", certificate->subject().to_text(), certificate->serial().hex());
}

}  // namespace

Result<ProcessOutcome> ServiceControl::run(const ServiceDescription& service, const std::vector<std::string>& arguments,
                                           const Shown& shown) {
  const ProcessOrder order = order_of(service, arguments, shown);
  TRY(ProcessOutcome outcome, processes_.run(order));
  if (!outcome.succeeded()) return unavailable(told(order, outcome));
  return outcome;
}

Status ServiceControl::reload(const ServiceDescription& service, const Shown& shown) {
  if (service.reload.empty()) return {};
  TRY_IN("reload", const ProcessOutcome outcome, run(service, service.reload, shown));
  return {};
}

Status ServiceControl::restart(const ServiceDescription& service, const Shown& shown) {
  if (service.restart.empty())
    return refused(fmt::format("the file of the slot '{}' names no program that restarts its service", service.slot));
  TRY_IN("restart", const ProcessOutcome outcome, run(service, service.restart, shown));
  return {};
}

Status ServiceControl::check_once(const ServiceDescription& service, const Shown& shown) {
  if (const auto* target = std::get_if<TlsTarget>(&service.health_check)) {
    TRY(const Bytes seen, tls_.shown_certificate(*target));
    if (shown.certificate != nullptr && !equal(seen, shown.certificate->der()))
      return unavailable(fmt::format("{} shows another certificate: {}", to_text(*target), named(seen)));
  } else if (const auto* command = std::get_if<HealthCommand>(&service.health_check)) {
    TRY(const ProcessOutcome outcome, run(service, command->arguments, shown));
    if (!outcome.output.contains(service.health_output))
      return unavailable(fmt::format("{} does not print '{}': {}", command->arguments[0], service.health_output,
                                     outcome.output.empty() ? "nothing" : outcome.output));
  }
  return {};
}

Status ServiceControl::check_health(const ServiceDescription& service, const Shown& shown) {
  const auto end = clock_.monotonic() + service.health_timeout;
  for (milliseconds pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    const Status done = check_once(service, shown);
    if (done) return done;
    const auto left = std::chrono::ceil<milliseconds>(end - clock_.monotonic());
    if (left <= milliseconds(0)) return std::unexpected(done.error().in("health check"));
    clock_.sleep_for(std::min(pause, left));
  }
}

}  // namespace chancery::device
