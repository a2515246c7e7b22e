// What the collector tells of its own parts: storage, alert receivers, HTTP, log.
#include <algorithm>
#include <set>
#include <utility>

#include "collector/core/log.h"
#include "exporters/metrics/families.h"

namespace lastgasp {
namespace {

using prometheus::MetricFamily;

double read(const std::atomic<std::uint64_t>& value) {
  return static_cast<double>(value.load(std::memory_order_relaxed));
}

double when(const std::atomic<std::int64_t>& micros) {
  return seconds(micros.load(std::memory_order_relaxed));
}

void one(MetricFamily family, double value, const FamilySink& sink) {
  add(family, value);
  sink(std::move(family));
}

// The codes counted by themselves, then "1xx" to "5xx".
std::string code_label(std::size_t slot) {
  constexpr std::size_t codes = HttpMetrics::kCodes.size();
  if (slot < codes) return std::to_string(HttpMetrics::kCodes[slot]);
  return std::to_string(slot - codes + 1) + "xx";
}

}  // namespace

void HttpMetrics::served(int code, Micros took) {
  const auto* known = std::find(kCodes.begin(), kCodes.end(), code);
  const auto family = static_cast<std::size_t>(std::clamp(code / 100, 1, 5)) - 1;
  const std::size_t slot = known != kCodes.end() ? static_cast<std::size_t>(known - kCodes.begin())
                                                 : kCodes.size() + family;
  requests[slot].fetch_add(1, std::memory_order_relaxed);

  const double took_seconds = seconds(took.count());
  const auto bound = std::lower_bound(kBoundsSeconds.begin(), kBoundsSeconds.end(), took_seconds);
  durations[static_cast<std::size_t>(bound - kBoundsSeconds.begin())].fetch_add(
      1, std::memory_order_relaxed);
  duration_sum_us.fetch_add(static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)),
                            std::memory_order_relaxed);
}

void storage_families(const StorageStats& stats, WallTime now, const FamilySink& sink) {
  one(counter("storage_written_bytes_total", "Bytes of transcript committed to disk."),
      read(stats.written_bytes), sink);
  one(counter("storage_commits_total", "Commits to the transcript database."), read(stats.commits),
      sink);
  one(counter("storage_commit_failures_total", "Commits that the disk refused."),
      read(stats.commit_failures), sink);
  MetricFamily durations =
      histogram("storage_commit_duration_seconds", "How long commits took, sync included.");
  add(durations, StorageStats::kCommitBoundsSeconds, stats.commit_durations,
      stats.commit_duration_sum_us.load(std::memory_order_relaxed));
  sink(std::move(durations));

  one(gauge("storage_queue_bytes", "Bytes waiting to be committed."), read(stats.queue_bytes),
      sink);
  one(gauge("storage_queue_limit_bytes", "Bytes that may wait; more are refused and counted."),
      read(stats.queue_limit_bytes), sink);
  const std::int64_t unsynced = stats.oldest_unsynced_us.load(std::memory_order_relaxed);
  one(gauge("storage_unsynced_age_seconds", "Age of the oldest byte not yet on disk; 0 if none."),
      unsynced == 0 ? 0 : std::max(0.0, seconds(unix_micros(now) - unsynced)), sink);
  MetricFamily size = gauge("storage_database_bytes", "Size on disk of the transcript database.");
  add(size, read(stats.hot_bytes), {{"file", "hot"}});
  add(size, read(stats.days_bytes), {{"file", "days"}});
  sink(std::move(size));
  one(gauge("storage_oldest_record_timestamp_seconds",
            "Time of the oldest line kept; 0 if there is none."),
      when(stats.oldest_record_us), sink);
  one(gauge("storage_last_commit_timestamp_seconds", "When the last commit ended; 0 if none did."),
      when(stats.last_commit_us), sink);
}

void receiver_families(const std::vector<std::shared_ptr<ReceiverMetrics>>& receivers,
                       const FamilySink& sink) {
  if (receivers.empty()) return;
  MetricFamily length = gauge("alert_queue_length", "Alerts the receiver has yet to accept.");
  MetricFamily capacity = gauge("alert_queue_capacity", "Alerts kept for the receiver at most.");
  MetricFamily sent = counter("alert_notifications_total",
                              "Alerts the receiver accepted, repetitions of firing ones included.");
  MetricFamily failures = counter("alert_notification_failures_total",
                                  "Requests to the receiver that failed; they are repeated.");
  MetricFamily dropped = counter("alert_notifications_dropped_total",
                                 "Alerts given up: the queue was full or the receiver refused.");
  std::set<std::string> seen;
  for (const auto& receiver : receivers) {
    const Labels labels{{"receiver", label_value(receiver->receiver)}};
    if (!seen.insert(labels[0].value).second) continue;
    add(length, read(receiver->queue_length), labels);
    add(capacity, static_cast<double>(receiver->queue_capacity), labels);
    add(sent, read(receiver->notifications), labels);
    add(failures, read(receiver->failures), labels);
    add(dropped, read(receiver->dropped), labels);
  }
  for (MetricFamily* family : {&length, &capacity, &sent, &failures, &dropped})
    sink(std::move(*family));
}

void http_families(const std::vector<const HttpMetrics*>& handlers, const FamilySink& sink) {
  if (handlers.empty()) return;
  MetricFamily requests = counter("http_requests_total", "HTTP requests answered.");
  MetricFamily durations =
      histogram("http_request_duration_seconds", "How long HTTP requests took to answer.");
  for (const HttpMetrics* http : handlers) {
    const std::string handler = label_value(http->handler);
    for (std::size_t slot = 0; slot < http->requests.size(); ++slot)
      if (const double count = read(http->requests[slot]); count != 0 || slot == 0)
        add(requests, count, {{"handler", handler}, {"code", code_label(slot)}});
    add(durations, HttpMetrics::kBoundsSeconds, http->durations,
        http->duration_sum_us.load(std::memory_order_relaxed), {{"handler", handler}});
  }
  sink(std::move(requests));
  sink(std::move(durations));
}

void log_families(const FamilySink& sink) {
  MetricFamily messages = counter("log_messages_total", "Messages in the collector's own log.");
  for (std::size_t i = 0; i < kLogLevelNames.size(); ++i)
    add(messages, static_cast<double>(logged_messages(static_cast<LogLevel>(i))),
        {{"level", std::string(kLogLevelNames[i])}});
  sink(std::move(messages));
}

}  // namespace lastgasp
