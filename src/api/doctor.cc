#include "api/doctor.h"

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
    findings.push_back(
        {Severity::error, "clock_early", {{"now", to_rfc3339(now)}, {"time", to_rfc3339(validity.not_before)}}});
}

struct ExpiryRules {
  std::string_view expired, expires;
};

void check_expiry(const pki::Certificate& certificate, ExpiryRules rules, Timestamp now, Findings& findings) {
  const Timestamp end = certificate.validity().not_after;
  if (end < now)
    findings.push_back({Severity::error, rules.expired, {{"time", to_rfc3339(end)}}});
  else if (end - now < soon)
    findings.push_back({Severity::warning, rules.expires, {{"time", to_rfc3339(end)}}});
}

void check_authority(const AdminServices& services, Findings& findings) {
  const hub::Keyring& keyring = services.context.keyring;
  const Timestamp now = services.context.clock.now();
  const ca::Generation& current = keyring.current().keys();
  check_expiry(keyring.root(), {.expired = "root_expired", .expires = "root_expires"}, now, findings);
  // Where the root issues itself, it was looked at already.
  if (!equal(current.issuing.der(), keyring.root().der()))
    check_expiry(current.issuing, {.expired = "issuing_expired", .expires = "issuing_expires"}, now, findings);
  check_expiry(current.ra, {.expired = "ra_expired", .expires = "ra_expires"}, now, findings);
  if (services.root_key_is_present && services.root_key_is_present())
    findings.push_back({Severity::info, "root_key_here", {}});
}

void check_crl(const ca::CrlRecord& crl, Timestamp now, Findings& findings) {
  const bool is_root = crl.generation == ca::root_crl;
  FindingValues values;
  if (!is_root) values.emplace_back("generation", std::to_string(crl.generation));
  const auto with_time = [&](Timestamp time) {
    FindingValues all = values;
    all.emplace_back("time", to_rfc3339(time));
    return all;
  };
  if (crl.this_update > now + std::chrono::hours(1))
    findings.push_back({Severity::warning, is_root ? "root_crl_future" : "crl_future", with_time(crl.this_update)});
  const FindingValues end = with_time(crl.next_update);
  if (is_root && crl.next_update <= now)
    findings.push_back({Severity::error, "root_crl_expired", end});
  else if (is_root && crl.next_update - now < root_crl_soon)
    findings.push_back({Severity::warning, "root_crl_expires", end});
  // That a generation's CRL has expired is what readiness says.
  if (!is_root && crl.next_update > now && (crl.next_update - now) * 10 < crl.next_update - crl.this_update)
    findings.push_back({Severity::warning, "crl_not_renewed", end});
}

void check_crls(hub::Context& context, Findings& findings) {
  const auto crls = latest_crls(context);
  if (!crls) return;  // readiness says so
  for (const auto& [generation, crl] : *crls) check_crl(crl, context.clock.now(), findings);
}

// What a crash or a full disk leaves between a revocation and its CRL, until the next try.
void check_crl_changes(hub::Context& context, Findings& findings) {
  std::vector<int> behind;
  const Status read = context.ledger.read([&](hub::Books& books) -> Status {
    behind.clear();
    for (const hub::WorkingGeneration* generation : context.keyring.all()) {
      if (generation->keys().issuing.validity().not_after < context.clock.now()) continue;
      TRY(const ca::CrlChanges changes, books.crls().changes(generation->number()));
      if (changes.due()) behind.push_back(generation->number());
    }
    return {};
  });
  if (!read) return;  // readiness says so
  for (const int generation : behind)
    findings.push_back({Severity::error, "crl_behind", {{"generation", std::to_string(generation)}}});
}

void check_ledger_file(const AdminServices& services, Findings& findings) {
  if (services.ledger_is_present && !services.ledger_is_present())
    findings.push_back({Severity::error, "ledger_gone", {{"file", services.data_folder + "/ledger.db"}}});
}

void check_readiness_now(hub::Context& context, Findings& findings) {
  if (const Status ready = check_readiness(context); !ready)
    findings.push_back({Severity::error, "not_ready", {{"cause", ready.error().text()}}});
}

void check_silent_endpoint(const hub::EndpointView& view, Findings& findings) {
  if (view.warnings.empty())
    findings.push_back({Severity::error, "endpoint_not_loaded", {{"endpoint", view.name}}});
  else
    findings.push_back(
        {Severity::error, "endpoint_silent", {{"endpoint", view.name}, {"cause", view.warnings.front()}}});
}

void check_endpoint(const AdminServices& services, const hub::EndpointView& view, Findings& findings) {
  const hub::Endpoint* endpoint = services.context.endpoints.find(view.name);
  if (endpoint == nullptr) return check_silent_endpoint(view, findings);
  if (!endpoint->enabled) {
    findings.push_back({Severity::info, "endpoint_off", {{"endpoint", view.name}}});
    return;
  }
  const auto too_long = hub::too_long_validity({.endpoint = *endpoint,
                                                .issuing = services.context.keyring.current().keys().issuing,
                                                .above = {},
                                                .now = services.context.clock.now()});
  for (const std::string& warning : view.warnings)
    // Which has a finding of its own.
    if (!too_long || warning != to_text(*too_long))
      findings.push_back({Severity::warning, "endpoint_warning", {{"endpoint", view.name}, {"cause", warning}}});
  if (too_long)
    findings.push_back({too_long->already ? Severity::error : Severity::warning,
                        "endpoint_too_long",
                        {{"endpoint", view.name},
                         {"validity", to_duration_text(too_long->validity)},
                         {"time", to_rfc3339(too_long->issuer_end)},
                         {"last_time", to_rfc3339(too_long->last_issue)}}});
}

void check_endpoints(const AdminServices& services, Findings& findings) {
  const auto views = services.endpoints.list();
  if (!views) {
    findings.push_back({Severity::error, "endpoints_unreadable", {{"cause", views.error().text()}}});
    return;
  }
  if (views->empty()) findings.push_back({Severity::warning, "endpoint_none", {}});
  for (const hub::EndpointView& view : *views) check_endpoint(services, view, findings);
}

void check_aliases(const AdminServices& services, Findings& findings) {
  for (const EndpointAlias& alias : services.aliases) {
    const auto views = services.endpoints.list();
    if (!views) return;  // check_endpoints() says so
    if (std::ranges::find(*views, alias.endpoint, &hub::EndpointView::name) == views->end())
      findings.push_back({Severity::error, "alias_nowhere", {{"option", alias.option}, {"endpoint", alias.endpoint}}});
  }
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
  if (host == "localhost" || host.starts_with("127.") || host == "::1" || host == "0.0.0.0" || host == "::")
    findings.push_back({Severity::warning, "base_url_local", {{"url", services.base_url}}});
  else if (host.find_first_of(".:") == std::string_view::npos)
    findings.push_back({Severity::warning, "base_url_bare", {{"url", services.base_url}}});
  if (services.base_url.starts_with("https://")) findings.push_back({Severity::warning, "base_url_https", {}});
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
  if (old == 1)
    findings.push_back({Severity::warning, "request_waits", {}});
  else if (old > 1)
    findings.push_back({Severity::warning, "requests_wait", {{"count", std::to_string(old)}}});
}

// What a crash left between decision and signature (docs/issuance-cycle.md), where its device did not ask again.
void check_intents(hub::Context& context, Findings& findings) {
  const Timestamp now = context.clock.now();
  std::vector<ca::CertificateRecord> intents;
  const Status read = context.ledger.read([&](hub::Books& books) -> Status {
    TRY(intents, books.certificates().intents_before(now - std::chrono::days(1)));
    return {};
  });
  if (!read) return;  // readiness says so
  const auto left = std::ranges::count_if(intents, [&](const auto& intent) { return intent.validity.not_after > now; });
  if (left > 0) findings.push_back({Severity::info, "intents_left", {{"count", std::to_string(left)}}});
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

std::vector<Finding> examine_disk(const std::string& folder) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(folder, error);
  if (error || space.capacity == 0) return {};
  constexpr std::uintmax_t mebibyte = 1024 * 1024;
  if (space.available > 256 * mebibyte && space.available > space.capacity / 20) return {};
  return {{space.available < 16 * mebibyte ? Severity::error : Severity::warning,
           "disk_full",
           {{"folder", folder}, {"mebibytes", std::to_string(space.available / mebibyte)}}}};
}

std::vector<Finding> examine(const AdminServices& services) {
  Findings findings;
  check_readiness_now(services.context, findings);
  check_clock(services.context, findings);
  check_authority(services, findings);
  check_crls(services.context, findings);
  check_crl_changes(services.context, findings);
  check_ledger_file(services, findings);
  check_endpoints(services, findings);
  check_aliases(services, findings);
  check_base_url(services, findings);
  check_requests(services.context, findings);
  check_intents(services.context, findings);
  for (Finding& finding : examine_disk(services.data_folder)) findings.push_back(std::move(finding));
  return worst_first(std::move(findings));
}

}  // namespace chancery::api
