#include "exporters/metrics/families.h"

#include <limits>
#include <utility>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(std::string_view name, std::string_view help, MetricType type) {
  MetricFamily result;
  result.name = "lastgasp_";
  result.name += name;
  result.help = help;
  result.type = type;
  return result;
}

}  // namespace

std::string label_value(std::string_view text) {
  std::string clean = to_utf8(text);
  for (char& c : clean)
    if (c == '\t') c = ' ';
  return clean;
}

double seconds(std::int64_t micros) { return static_cast<double>(micros) / 1e6; }

MetricFamily counter(std::string_view name, std::string_view help) {
  return family(name, help, MetricType::Counter);
}

MetricFamily gauge(std::string_view name, std::string_view help) {
  return family(name, help, MetricType::Gauge);
}

MetricFamily histogram(std::string_view name, std::string_view help) {
  return family(name, help, MetricType::Histogram);
}

void add(MetricFamily& to, double value, Labels labels) {
  ClientMetric& metric = to.metric.emplace_back();
  metric.label = std::move(labels);
  if (to.type == MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
}

void add(MetricFamily& to, const std::array<double, 8>& bounds, const Slots& slots,
         std::uint64_t sum_us, Labels labels) {
  ClientMetric& metric = to.metric.emplace_back();
  metric.label = std::move(labels);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    total += slots[i].load(std::memory_order_relaxed);
    metric.histogram.bucket.push_back(
        {total, i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity()});
  }
  metric.histogram.sample_count = total;
  metric.histogram.sample_sum = static_cast<double>(sum_us) / 1e6;
}

}  // namespace lastgasp
