// Private to this folder: metric families as prometheus-cpp's data, made one at a time so that a
// scrape of thousands of consoles never holds all its samples at once.
#pragma once

#include <prometheus/metric_family.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "collector/transcript/writer.h"
#include "exporters/metrics/console_metrics.h"
#include "exporters/metrics/metrics.h"

namespace lastgasp {

using Label = prometheus::ClientMetric::Label;
using Labels = std::vector<Label>;
using FamilySink = std::function<void(prometheus::MetricFamily&&)>;
using Slots = std::array<std::atomic<std::uint64_t>, 9>;

// Valid UTF-8 without control characters: one bad label value fails the whole scrape.
std::string label_value(std::string_view text);
double seconds(std::int64_t micros);

// `name` without the prefix lastgasp_.
prometheus::MetricFamily counter(std::string_view name, std::string_view help);
prometheus::MetricFamily gauge(std::string_view name, std::string_view help);
prometheus::MetricFamily histogram(std::string_view name, std::string_view help);

void add(prometheus::MetricFamily& family, double value, Labels labels = {});
// `slots` are not cumulative; the last one is beyond the last bound.
void add(prometheus::MetricFamily& family, const std::array<double, 8>& bounds, const Slots& slots,
         std::uint64_t sum_us, Labels labels = {});

// The families of each part. A family with no sample is not sent.
void console_families(const std::vector<std::shared_ptr<ConsoleMetrics>>& consoles,
                      const std::vector<std::string>& platforms, PerConsole detail,
                      const FamilySink& sink);
void boot_families(const BootCounts& boots, const FamilySink& sink);
void storage_families(const StorageStats& stats, WallTime now, const FamilySink& sink);
void receiver_families(const std::vector<std::shared_ptr<ReceiverMetrics>>& receivers,
                       const FamilySink& sink);
void http_families(const std::vector<const HttpMetrics*>& handlers, const FamilySink& sink);
void log_families(const FamilySink& sink);
// process_*: of this process, from /proc/self.
void process_families(const FamilySink& sink);

}  // namespace lastgasp
