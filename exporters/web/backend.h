// What the web server needs of the running collector. Implemented by the application; every
// function may be called from any HTTP thread at any time and must not wait for a shard.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "collector/transcript/incident_note.h"
#include "collector/transcript/open_files.h"
#include "exporters/delivery/delivery_record.h"
#include "exporters/metrics/match_totals.h"
#include "rules/engine/rule_set.h"

namespace lastgasp {

// How a console is, in one word; the most troubled first. More than one may hold: the first is
// told.
enum class Condition : std::uint8_t {
  crashed,     // an open panic, crash, hang or watchdog
  looping,     // it boots again and again
  stuck,       // at a boot loader or emergency prompt
  down,        // its link is; reason and detail say why
  garbled,     // what comes is no text
  silent,      // for longer than its `silence`
  faulty,      // another incident is open
  booting,     // for at most ten minutes
  connecting,  // for the first time
  up,
};
inline constexpr std::array<std::string_view, 10> kConditionNames{
    "crashed", "looping", "stuck",   "down",       "garbled",
    "silent",  "faulty",  "booting", "connecting", "up"};
constexpr std::string_view name_of(Condition condition) {
  return kConditionNames[static_cast<std::size_t>(condition)];
}

struct LineErrorCounts {
  std::uint64_t framing = 0, parity = 0, overrun = 0, breaks = 0;
};

struct ConsoleView {
  std::string name, endpoint, transport, platform;
  std::string state, reason, detail;
  std::vector<std::pair<std::string, std::string>> labels;
  WallTime last_received{};  // epoch when never
  std::uint64_t received_bytes = 0, received_lines = 0, lost_bytes = 0, boots = 0;
  std::size_t open_incidents = 0;
  Condition condition = Condition::connecting;
  WallTime condition_since{};  // epoch when not known
  WallTime connected_since{};  // epoch while it is not
  LineErrorCounts line_errors;
  std::uint64_t connect_attempts = 0, connect_failures = 0, disconnects = 0;
  Micros silence{};  // 0: it may be silent
  bool redact = true;
};

struct RulesView {
  std::shared_ptr<const RuleSet> rules;  // in force
  MatchTotals totals;
};

struct ReloadResult {
  bool ok = false;
  std::string message;  // what changed, or the error with file, line and column
};

class WebBackend {
 public:
  virtual ~WebBackend() = default;
  virtual std::string version() const = 0;
  virtual std::vector<ConsoleView> consoles() const = 0;  // by name
  virtual RulesView rules() const = 0;
  // What the rules in force make of `line`, or a few, on a console of `platform` (empty: unknown),
  // as JSON of the form that `lastgasp rules explain --output json` has. May take a moment.
  virtual std::string explain(std::string_view line, const std::string& platform) const = 0;
  virtual std::string metrics() const = 0;  // exposition text
  virtual bool ready() const = 0;           // every console was tried once, the disk keeps up
  virtual ReloadResult reload() = 0;        // may take a second
  virtual OpenFiles& transcripts() = 0;     // for TranscriptReader
  virtual Instant now() const = 0;
  // How far the news of it got, receiver by receiver, since the start.
  virtual std::vector<DeliveryRecord> deliveries(std::int64_t incident) const = 0;
  // Keeps what somebody said of an incident; false when the disk does not take it yet. Waits for
  // the disk.
  virtual bool annotate(const IncidentNote& note) = 0;
  // A request ended; for http_requests_total and its duration.
  virtual void served(std::string_view handler, int code, Micros took) = 0;
};

}  // namespace lastgasp
