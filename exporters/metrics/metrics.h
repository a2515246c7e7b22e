// Everything the collector tells Prometheus. The scrape reads atomics; consoles come and go with
// the configuration, and their series with them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "collector/transcript/writer.h"
#include "exporters/metrics/console_metrics.h"

namespace lastgasp {

enum class PerConsole { full, basic, off };  // how many series a console has

// Cost and hits of matching. One for each shard, written by its thread; `rule_matches` has an entry
// for each rule of the rule set in force.
struct MatchMetrics {
  std::vector<std::string> rules;  // ids
  std::unique_ptr<std::atomic<std::uint64_t>[]> rule_matches;
  std::atomic<std::uint64_t> scan_nanos{0};
  std::atomic<std::uint64_t> skipped_overlong_lines{0};
};

// Of one alert receiver; written by its thread.
struct ReceiverMetrics {
  std::string receiver;
  std::uint64_t queue_capacity = 0;
  std::atomic<std::uint64_t> queue_length{0};
  std::atomic<std::uint64_t> notifications{0}, failures{0}, dropped{0};
};

// Of one HTTP handler and code.
struct HttpMetrics {
  static constexpr std::array<double, 8> kBoundsSeconds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};
  std::string handler;
  std::array<std::atomic<std::uint64_t>, 5> requests_by_class{};  // 1xx..5xx, as codes seen
  std::array<std::atomic<std::uint64_t>, 9> durations{};
  std::atomic<std::uint64_t> duration_sum_us{0};
};

class Metrics {
 public:
  explicit Metrics(std::string version, std::string revision);
  ~Metrics();

  // Shared with the shard that writes it; its series last until remove_console.
  std::shared_ptr<ConsoleMetrics> add_console(std::string name, std::string transport,
                                              std::vector<std::pair<std::string, std::string>> labels);
  void remove_console(std::string_view name);
  // For ConsoleMetrics::platform. Any thread.
  std::uint16_t platform_index(std::string_view platform);
  std::string platform_name(std::uint16_t index) const;
  std::vector<std::shared_ptr<ConsoleMetrics>> consoles() const;

  void set_per_console(PerConsole detail);
  void set_rules(std::size_t loaded, std::size_t refused);
  void set_reload(bool ok, WallTime at);  // the time is kept only of a success
  // Matches of rules that are gone are dropped from the output; those that stay go on counting.
  void set_match_metrics(std::vector<std::shared_ptr<MatchMetrics>> shards);
  void set_storage(const StorageStats* stats);  // outlives the metrics or is reset to null
  void set_receivers(std::vector<std::shared_ptr<ReceiverMetrics>> receivers);
  std::atomic<std::uint64_t>& alerts_active();
  // The slot of one handler; made at first use. Any thread; keep the reference.
  HttpMetrics& http(std::string_view handler);

  // The exposition text, version 0.0.4. Any thread.
  std::string scrape(Instant now) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
