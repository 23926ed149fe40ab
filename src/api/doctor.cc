#include "api/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "api/generations.h"
#include "api/readiness.h"
#include "base/check.h"
#include "ca/crl_signing.h"

namespace chancery::api {
namespace {

using Severity = Finding::Severity;
using Findings = std::vector<Finding>;

constexpr Seconds soon = std::chrono::days(180);
constexpr Seconds root_crl_soon = std::chrono::days(90);

void check_clock(const hub::Context& context, Findings& findings) {
  const Timestamp now = context.clock.now();
  const pki::Validity& validity = context.keyring.current().keys().issuing.validity();
  if (now < validity.not_before)
    findings.push_back({Severity::error,
                        fmt::format("the clock says {}, which is before the issuing CA begins to be valid ({})",
                                    to_rfc3339(now), to_rfc3339(validity.not_before)),
                        "set the machine's clock, and keep it right with NTP"});
}

void check_expiry(std::string_view name, const pki::Certificate& certificate, std::string_view fix, Timestamp now,
                  Findings& findings) {
  const Timestamp end = certificate.validity().not_after;
  if (end < now)
    findings.push_back(
        {Severity::error, fmt::format("the {} certificate expired at {}", name, to_rfc3339(end)), std::string(fix)});
  else if (end - now < soon)
    findings.push_back(
        {Severity::warning, fmt::format("the {} certificate expires at {}", name, to_rfc3339(end)), std::string(fix)});
}

void check_authority(const AdminServices& services, Findings& findings) {
  const hub::Keyring& keyring = services.context.keyring;
  const Timestamp now = services.context.clock.now();
  const ca::Generation& current = keyring.current().keys();
  constexpr std::string_view roll_over =
      "announce the next generation, give devices time to fetch it, then activate it: see 'chancery ca --help'";
  check_expiry("root", keyring.root(), "plan a new authority: every device must get the new root in time", now,
               findings);
  // Where the root issues itself, it was looked at already.
  if (!equal(current.issuing.der(), keyring.root().der()))
    check_expiry("issuing CA's", current.issuing, roll_over, now, findings);
  check_expiry("RA's", current.ra, roll_over, now, findings);
  if (services.root_key_is_present && services.root_key_is_present())
    findings.push_back({Severity::info, "the root's private key lies on this machine",
                        "it is needed for a rollover only: keep it offline until then, with a copy in another place"});
}

void check_crl(const ca::CrlRecord& crl, Timestamp now, Findings& findings) {
  const bool is_root = crl.generation == ca::root_crl;
  const std::string name = is_root ? "the root's CRL" : fmt::format("the CRL of generation {}", crl.generation);
  if (crl.this_update > now + std::chrono::hours(1))
    findings.push_back(
        {Severity::warning,
         fmt::format("{} is from the future ({}): the clock was set back", name, to_rfc3339(crl.this_update)),
         "set the machine's clock, then make new CRLs with 'chancery crl publish'"});
  if (is_root && crl.next_update - now < root_crl_soon)
    findings.push_back(
        {crl.next_update <= now ? Severity::error : Severity::warning,
         fmt::format("{} {} at {}", name, crl.next_update <= now ? "expired" : "expires", to_rfc3339(crl.next_update)),
         "bring the root's key back to this machine: a new CRL is made within minutes"});
  // That a generation's CRL has expired is what readiness says.
  if (!is_root && crl.next_update > now && (crl.next_update - now) * 10 < crl.next_update - crl.this_update)
    findings.push_back({Severity::warning,
                        fmt::format("{} expires at {} and was not renewed", name, to_rfc3339(crl.next_update)),
                        "look into the log for why CRLs could not be made"});
}

void check_crls(hub::Context& context, Findings& findings) {
  const auto crls = latest_crls(context);
  if (!crls) return;  // readiness says so
  for (const auto& [generation, crl] : *crls) check_crl(crl, context.clock.now(), findings);
}

void check_readiness_now(hub::Context& context, Findings& findings) {
  if (const Status ready = check_readiness(context); !ready)
    findings.push_back({Severity::error, "not ready: " + ready.error().text(),
                        "look at the disk, its free space and permissions, and into the log"});
}

void check_endpoint(const AdminServices& services, const hub::EndpointView& view, Findings& findings) {
  const hub::Endpoint* endpoint = services.context.endpoints.find(view.name);
  if (endpoint == nullptr) {
    findings.push_back({Severity::error,
                        fmt::format("endpoint {} does not answer: {}", view.name,
                                    view.warnings.empty() ? "it could not be loaded" : view.warnings.front()),
                        "correct its settings; secret files must be readable for the service"});
    return;
  }
  if (!endpoint->enabled) {
    findings.push_back({Severity::info, fmt::format("endpoint {} is switched off", view.name),
                        "set enabled=true when devices shall enrol there"});
    return;
  }
  for (const std::string& warning : view.warnings)
    findings.push_back({Severity::warning, fmt::format("endpoint {}: {}", view.name, warning),
                        "change its settings, if its clients can do better"});
  const Timestamp end = services.context.keyring.current().keys().issuing.validity().not_after;
  const Timestamp last_issue = end - endpoint->policy.validity;
  const Timestamp now = services.context.clock.now();
  if (now + soon > last_issue)
    findings.push_back(
        {now > last_issue ? Severity::error : Severity::warning,
         fmt::format("endpoint {} issues for {}, but the issuing CA ends at {}: requests are refused from {} on",
                     view.name, to_duration_text(endpoint->policy.validity), to_rfc3339(end), to_rfc3339(last_issue)),
         "shorten the endpoint's validity, or announce and activate the next generation"});
}

void check_endpoints(const AdminServices& services, Findings& findings) {
  const auto views = services.endpoints.list();
  if (!views) {
    findings.push_back({Severity::error, "the endpoints cannot be read: " + views.error().text(),
                        "look at the disk and into the log"});
    return;
  }
  if (views->empty())
    findings.push_back({Severity::warning, "there is no endpoint: no device can enrol",
                        "add one: see 'chancery endpoint add --help'"});
  for (const hub::EndpointView& view : *views) check_endpoint(services, view, findings);
}

// The host in "http://host:8080/path", without brackets.
std::string_view host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('/'));
  if (url.starts_with('[')) return url.substr(1, url.find(']') - 1);
  return url.substr(0, url.find(':'));
}

void check_base_url(const AdminServices& services, Findings& findings) {
  const std::string_view host = host_of(services.base_url);
  const std::string fix =
      "set base_url in the configuration to a name that all devices can resolve; certificates that "
      "were issued before keep the old CRL address";
  if (host == "localhost" || host.starts_with("127.") || host == "::1" || host == "0.0.0.0" || host == "::")
    findings.push_back({Severity::warning,
                        fmt::format("base_url is {}: only this machine reaches CRLs and SCEP there", services.base_url),
                        fix});
  else if (host.find_first_of(".:") == std::string_view::npos)
    findings.push_back({Severity::warning,
                        fmt::format("base_url is {}: a name without a domain, which devices elsewhere cannot resolve",
                                    services.base_url),
                        fix});
  if (services.base_url.starts_with("https://"))
    findings.push_back({Severity::warning,
                        "base_url begins with https: to check a TLS certificate, devices would need the CRL that they "
                        "fetch over TLS",
                        "use http for base_url: CRLs and CA certificates are signed"});
}

void check_requests(hub::Context& context, Findings& findings) {
  std::vector<hub::TransactionRecord> pending;
  const Status read = context.ledger.read([&](hub::Books& books) -> Status {
    TRY(pending, books.transactions().list(hub::TransactionRecord::State::pending, 0, 1000));
    return {};
  });
  if (!read) return;  // readiness says so
  const Timestamp limit = context.clock.now() - std::chrono::days(1);
  const auto old = std::ranges::count_if(pending, [&](const auto& record) { return record.created < limit; });
  if (old > 0)
    findings.push_back({Severity::warning,
                        fmt::format("{} {} for longer than a day", old, old == 1 ? "request waits" : "requests wait"),
                        "decide with 'chancery request list', 'approve' and 'reject'"});
}

void check_disk(const AdminServices& services, Findings& findings) {
  if (services.data_folder.empty()) return;
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(services.data_folder, error);
  if (error || space.capacity == 0) return;
  constexpr std::uintmax_t mebibyte = 1024 * 1024;
  if (space.available > 256 * mebibyte && space.available > space.capacity / 20) return;
  findings.push_back({space.available < 16 * mebibyte ? Severity::error : Severity::warning,
                      fmt::format("the disk of {} has {} MiB left", services.data_folder, space.available / mebibyte),
                      "make room: nothing is issued on a full disk"});
}

}  // namespace

std::string_view to_string(Finding::Severity severity) {
  switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  CHECK(false);
}

namespace {

// In the order in which they were found within one severity. Not by stable_sort: libstdc++'s asks for a buffer by a
// function that is deprecated.
Findings worst_first(Findings findings) {
  Findings sorted;
  sorted.reserve(findings.size());
  for (const Severity severity : {Severity::error, Severity::warning, Severity::info})
    for (Finding& finding : findings)
      if (finding.severity == severity) sorted.push_back(std::move(finding));
  return sorted;
}

}  // namespace

std::vector<Finding> examine(const AdminServices& services) {
  Findings findings;
  check_readiness_now(services.context, findings);
  check_clock(services.context, findings);
  check_authority(services, findings);
  check_crls(services.context, findings);
  check_endpoints(services, findings);
  check_base_url(services, findings);
  check_requests(services.context, findings);
  check_disk(services, findings);
  return worst_first(std::move(findings));
}

}  // namespace chancery::api
