#include "api/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "base/check.h"

namespace chancery::api {

Metrics& Metrics::family(Kind kind, std::string_view name, std::string_view help) {
  CHECK((kind == Kind::counter) == name.ends_with("_total"));
  families_.push_back({.kind = kind, .name = std::string(name), .help = std::string(help), .samples = {}});
  return *this;
}

Metrics& Metrics::value(double value, Labels labels) {
  CHECK(!families_.empty());
  families_.back().samples.push_back({.value = value, .labels = std::move(labels)});
  return *this;
}

std::string Metrics::to_text() const {
  std::vector<prometheus::MetricFamily> families;
  for (const Family& family : families_) {
    const bool counts = family.kind == Kind::counter;
    prometheus::MetricFamily& out = families.emplace_back();
    out.name = family.name;
    out.help = family.help;
    out.type = counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    for (const Sample& sample : family.samples) {
      prometheus::ClientMetric& metric = out.metric.emplace_back();
      for (const auto& [name, value] : sample.labels) {
        prometheus::ClientMetric::Label& label = metric.label.emplace_back();
        label.name = name;
        label.value = value;
      }
      (counts ? metric.counter.value : metric.gauge.value) = sample.value;
    }
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace chancery::api
