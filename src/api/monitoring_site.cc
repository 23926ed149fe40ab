#include "api/monitoring_site.h"

#include "api/generations.h"
#include "api/metrics.h"
#include "api/probes.h"
#include "api/readiness.h"
#include "ca/crl_signing.h"

namespace chancery::api {
namespace {

using Kind = Metrics::Kind;

void add_http(Metrics& metrics, const http::ServerStatistics& http) {
  metrics.family(Kind::counter, "chancery_http_connections_total", "Connections accepted").value(http.connections);
  metrics.family(Kind::gauge, "chancery_http_open_connections", "Connections open now").value(http.open_connections);
  metrics
      .family(Kind::counter, "chancery_http_rejected_connections_total",
              "Connections closed at once, because all places, or all of their source's, were taken")
      .value(http.rejected_connections, {{"reason", "full"}})
      .value(http.rejected_by_source, {{"reason", "source"}});
  metrics.family(Kind::counter, "chancery_http_requests_total", "Requests read to the end").value(http.requests);
  metrics
      .family(Kind::counter, "chancery_http_rejected_requests_total",
              "Requests refused before a handler saw them, by reason")
      .value(http.malformed, {{"reason", "malformed"}})
      .value(http.rejected_by_rate, {{"reason", "rate"}})
      .value(http.rejected_by_queue, {{"reason", "queue"}});
  metrics.family(Kind::gauge, "chancery_http_queue_depth", "Requests that wait for a worker now")
      .value(http.queue_depth);
  metrics.family(Kind::gauge, "chancery_http_held_requests", "Requests that wait for news now").value(http.held);
}

void add_scep(Metrics& metrics, const hub::ScepCounters& counters) {
  // fail_info is empty where a request did not fail by one: to Prometheus that is the same as no such label.
  metrics.family(Kind::counter, "chancery_scep_requests_total", "SCEP messages answered, by result")
      .value(counters.granted.load(), {{"result", "success"}})
      .value(counters.pending.load(), {{"result", "pending"}})
      .value(counters.unreadable.load(), {{"result", "unreadable"}})
      .value(counters.unavailable.load(), {{"result", "unavailable"}});
  for (std::size_t info = 0; info < counters.failed.size(); ++info)
    metrics.value(
        counters.failed[info].load(),
        {{"result", "failure"}, {"fail_info", std::string(scep::to_string(static_cast<scep::FailInfo>(info)))}});
}

void add_certificates(Metrics& metrics, const hub::Keyring& keyring, const std::vector<GenerationView>& generations) {
  metrics.family(Kind::gauge, "chancery_certificate_not_after_timestamp_seconds",
                 "When a certificate of the authority expires");
  metrics.value(keyring.root().validity().not_after, {{"certificate", "root"}});
  for (const GenerationView& view : generations) {
    const ca::Generation& keys = view.generation.keys();
    const std::string number = std::to_string(view.generation.number());
    const std::string state(to_string(view.state));
    metrics.value(keys.issuing.validity().not_after,
                  {{"certificate", "issuing"}, {"generation", number}, {"state", state}});
    metrics.value(keys.ra.validity().not_after, {{"certificate", "ra"}, {"generation", number}, {"state", state}});
  }
}

std::string label_of(int generation) { return generation == ca::root_crl ? "root" : std::to_string(generation); }

// What only the ledger knows; an error leaves all of it out.
Status add_ledger(Metrics& metrics, hub::Context& context) {
  TRY(const auto crls, latest_crls(context));
  std::int64_t pending = 0;
  TRY_STATUS(context.ledger.read([&](hub::Books& books) -> Status {
    TRY(pending, books.transactions().count(hub::TransactionRecord::State::pending));
    return {};
  }));
  metrics.family(Kind::gauge, "chancery_pending_requests", "Requests that wait for a person's decision")
      .value(static_cast<double>(pending));
  metrics.family(Kind::gauge, "chancery_crl_next_update_timestamp_seconds", "When the latest CRL expires");
  for (const auto& [generation, crl] : crls) metrics.value(crl.next_update, {{"generation", label_of(generation)}});
  metrics.family(Kind::gauge, "chancery_crl_number", "Number of the latest CRL");
  for (const auto& [generation, crl] : crls) metrics.value(crl.number, {{"generation", label_of(generation)}});
  return {};
}

}  // namespace

http::Response MonitoringSite::metrics() {
  Metrics metrics;
  metrics.family(Kind::gauge, "chancery_build_info", "Always 1; the program's version as label")
      .value(1.0, {{"version", sources_.version}});
  if (sources_.http) add_http(metrics, sources_.http());
  add_scep(metrics, scep_.counters());
  if (sources_.ledger) {
    const MonitoringSources::LedgerNumbers ledger = sources_.ledger();
    metrics.family(Kind::counter, "chancery_ledger_commits_total", "Commits of the ledger to disk")
        .value(ledger.commits);
    metrics.family(Kind::counter, "chancery_ledger_works_total", "Pieces of work that those commits made durable")
        .value(ledger.works);
  }
  const std::vector<GenerationView> generations = generations_of(context_.keyring);
  add_certificates(metrics, context_.keyring, generations);
  const Status counted = add_ledger(metrics, context_);
  const bool ready = counted && check_readiness(context_);
  metrics.family(Kind::gauge, "chancery_ready", "1 when /readyz answers 200").value(ready ? 1.0 : 0.0);
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = to_bytes(as_bytes(metrics.to_text())),
          .headers = {{"Cache-Control", "no-store"}}};
}

http::Response MonitoringSite::handle(const http::Request& request) {
  if (auto response = answer_probe(context_, request)) return *std::move(response);
  if (request.path() != "/metrics")
    return http::text_response(404, "There is nothing at this address. Look at /metrics, /healthz or /readyz.");
  return is_reading(request) ? metrics() : method_not_allowed("GET, HEAD");
}

}  // namespace chancery::api
