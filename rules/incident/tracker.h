// Turns the rule hits of one console into incidents and boots. A pure state machine: lines and time
// in, changes out; no I/O, no clock. One instance for each console; belongs to its shard's thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "collector/line/line_assembler.h"
#include "rules/engine/rule_set.h"
#include "rules/incident/incident.h"

namespace lastgasp {

struct TrackerSettings {
  std::uint32_t loop_boots = 3;  // this many boots nobody asked for ...
  Micros loop_window{
      std::chrono::minutes(30)};  // ... within this are a reboot loop; up as long, it ends
  Micros stuck_after{std::chrono::seconds(60)};
  Micros resolve_after{std::chrono::minutes(15)};  // of normal life, for what needs no reboot
};

struct Boot {
  WallTime began{};
  WallTime done{};  // epoch while it goes on
  BootReason reason{};
  std::string evidence;  // the line that told the reason, or the incident's title
};

// What became of a hit.
enum class Verdict : std::uint8_t {
  opened,    // an incident
  joined,    // the incident it is a cause or an effect of
  repeated,  // counted as the same trouble again
  quoted,    // an operator asked for this text
  replayed,  // old messages told again
  seen,      // told already when the line had not ended yet
  boot,      // a boot began, or belongs to the one going on; or a boot is done
  noted,     // explains a boot, or tells where the console is
};
inline constexpr std::array<std::string_view, 8> kVerdictNames{
    "opened", "joined", "repeated", "quoted", "replayed", "seen", "boot", "noted"};

class TrackerSink {
 public:
  // Opened, grown, ended or resolved: `incident.state` says which. Called at most once a line for
  // an incident; while a dump grows, only at its start, on every new finding and at its end.
  virtual void on_incident(Incident& incident) = 0;  // the sink sets id at the first call
  virtual void on_boot(const Boot& boot) = 0;        // at its start and again when it is done
  virtual void on_platform(std::string_view platform) = 0;
  // For each hit of a line, before the changes it makes are told; `about` says what of: an
  // incident's title, the command that quotes, the boot's reason. For whoever explains; a collector
  // needs none.
  virtual void on_verdict(const Line& /*line*/, const RuleHit& /*hit*/, Verdict /*verdict*/,
                          std::string_view /*about*/) {}

 protected:
  ~TrackerSink() = default;
};

class Tracker {
 public:
  // `platform` may be empty: it is learned from what the console prints.
  Tracker(std::string console, std::string platform, const TrackerSettings& settings);
  ~Tracker();

  // Whole and partial lines in order, each with its hits (also when there are none).
  void line(const Line& line, std::span<const RuleHit> hits, TrackerSink& sink);
  // The link came up or went down; what is being captured is cut there.
  void link(bool up, Instant now, TrackerSink& sink);
  // Time passed. Call when `now` has reached due().
  void tick(Instant now, TrackerSink& sink);
  MonoTime due() const;
  // The input is over (end of a scanned file): ends every capture; resolves nothing.
  void finish(Instant now, TrackerSink& sink);
  // After a restart, before the first line: incidents that were open.
  void restore(std::vector<Incident> open, Instant now);

  const std::string& platform() const;
  const std::vector<Incident>& open_incidents() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
