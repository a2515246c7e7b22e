// What rules would have found in stored transcripts, beside what was found when they were recorded.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "collector/cli/recording.h"
#include "collector/transcript/reader.h"
#include "rules/incident/incident.h"

namespace lastgasp {

struct BacktestSettings {
  std::vector<std::string> consoles;             // globs; none is all
  TimeRange range;                               // of opening; ends now at the latest
  std::map<std::string, std::string> platforms;  // of consoles whose platform is configured
  TrackerSettings incidents;
};

// Incidents without context and dump, so that months of them fit into memory.
struct Backtest {
  struct Pair {
    Incident replayed, stored;
  };
  std::vector<Pair> same;
  std::vector<Incident> fresh;  // only these rules find it
  std::vector<Incident> gone;   // only the store has it
  std::uint64_t bytes = 0;
  std::size_t consoles = 0, damaged_blocks = 0;
};

// Reads the transcripts once, all consoles side by side. Silences are no matter of rules and are
// left out. `progress` is told how much was read and up to when.
Backtest backtest(TranscriptReader& reader, Matching& matching, const BacktestSettings& settings,
                  const std::function<void(std::uint64_t, WallTime)>& progress);

// Incidents of both sides are the same when they are of one console, at one time, and share title,
// fingerprint or rule: the dump of one that is being captured has not named its function yet. Fills
// `same`, `fresh` and `gone`, each by time.
void compare(std::vector<Incident> replayed, std::vector<Incident> stored, Backtest& result);

}  // namespace lastgasp
