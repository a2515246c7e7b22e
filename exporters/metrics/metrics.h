// Everything the collector tells Prometheus. The scrape reads atomics; consoles come and go with
// the configuration, and their series with them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/core/clock.h"
#include "collector/transcript/writer.h"
#include "exporters/metrics/console_metrics.h"
#include "exporters/metrics/match_totals.h"

namespace lastgasp {

// How many series a console has. `basic` leaves out what is zero of line errors and of incidents by
// kind; `off` leaves all of a console's series out and keeps the sums over all consoles.
enum class PerConsole { full, basic, off };

// Cost and hits of matching. One for each shard, written by its thread; `rule_matches` has an entry
// for each rule of the rule set in force.
struct MatchMetrics {
  explicit MatchMetrics(std::vector<std::string> ids)
      : rules(std::move(ids)),
        rule_matches(std::make_unique<std::atomic<std::uint64_t>[]>(rules.size())),
        rule_last_us(std::make_unique<std::atomic<std::int64_t>[]>(rules.size())) {}

  const std::vector<std::string> rules;  // ids
  const std::unique_ptr<std::atomic<std::uint64_t>[]> rule_matches;
  const std::unique_ptr<std::atomic<std::int64_t>[]> rule_last_us;  // wall time; 0 never
  std::atomic<std::uint64_t> lines{0}, scan_nanos{0};
  std::atomic<std::uint64_t> skipped_overlong_lines{0};
};

// Of one alert receiver; written by its thread.
struct ReceiverMetrics {
  std::string receiver;  // no credentials in it: it becomes a label
  std::uint64_t queue_capacity = 0;
  std::atomic<std::uint64_t> queue_length{0};   // alerts the receiver has yet to accept
  std::atomic<std::uint64_t> notifications{0};  // alerts accepted, repetitions included
  std::atomic<std::uint64_t> failures{0};       // requests that failed
  std::atomic<std::uint64_t> dropped{0};        // alerts given up: queue full or refused
};

// Of one HTTP handler.
struct HttpMetrics {
  // Counted by themselves; any other code is counted with its class ("4xx").
  static constexpr std::array<int, 14> kCodes{200, 204, 206, 304, 400, 401, 403,
                                              404, 405, 406, 413, 429, 500, 503};
  static constexpr std::size_t kClasses = 5;
  static constexpr std::array<double, 8> kBoundsSeconds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};
  std::string handler;
  std::array<std::atomic<std::uint64_t>, kCodes.size() + kClasses> requests{};
  std::array<std::atomic<std::uint64_t>, kBoundsSeconds.size() + 1> durations{};
  std::atomic<std::uint64_t> duration_sum_us{0};

  void served(int code, Micros took);  // any thread
};

class Metrics {
 public:
  explicit Metrics(std::string version, std::string revision);
  ~Metrics();

  // Shared with the shard that writes it; its series last until remove_console. A console of the
  // same name is replaced and counts from 0. Labels that label_name_problem refuses are left out:
  // the configuration has to complain about them.
  std::shared_ptr<ConsoleMetrics> add_console(
      std::string name, std::string transport,
      std::vector<std::pair<std::string, std::string>> labels);
  void remove_console(std::string_view name);
  // For ConsoleMetrics::platform. Any thread.
  std::uint16_t platform_index(std::string_view platform);
  std::string platform_name(std::uint16_t index) const;
  std::vector<std::shared_ptr<ConsoleMetrics>> consoles() const;

  void set_per_console(PerConsole detail);
  void set_rules(std::size_t loaded, std::size_t refused);
  void set_reload(bool ok, WallTime at);  // the time is kept only of a success
  // Matches of rules that are gone are dropped from the output; those that stay go on counting, and
  // what a shard still counts in the metrics it had before is not lost.
  void set_match_metrics(std::vector<std::shared_ptr<MatchMetrics>> shards);
  MatchTotals match_totals() const;
  void set_storage(const StorageStats* stats);  // outlives the metrics or is reset to null
  void set_receivers(std::vector<std::shared_ptr<ReceiverMetrics>> receivers);
  std::atomic<std::uint64_t>& alerts_active();
  BootCounts& boots();                       // any thread
  std::atomic<std::uint64_t>& redactions();  // secrets masked on all consoles; any thread
  // The slot of one handler; made at first use. Any thread; keep the reference.
  HttpMetrics& http(std::string_view handler);

  // The exposition text, version 0.0.4. Any thread.
  std::string scrape(Instant now) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
