// Lines of a transcript as people read them: times that link to the line, matches, colours, and in
// between what happened to the console: links lost and found, boots, incidents.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exporters/web/html.h"
#include "exporters/web/line_colours.h"
#include "exporters/web/stored.h"

namespace lastgasp {

struct LogEvent {
  WallTime at{};
  std::string kind;  // "boot" or "incident"
  std::string text, href;
};

// Boots and incidents of one console within `range`, oldest first.
std::vector<LogEvent> events_of(TranscriptReader& store, const std::string& console,
                                TimeRange range);

struct Log {
  std::span<const FoundLine> lines;  // of one console, oldest first
  std::vector<LogEvent> events;
  std::vector<std::vector<ColourRun>> colours;                 // of each line, or none
  std::optional<IncidentRow> incident_before, incident_after;  // the nearest outside of the lines
  std::optional<LineId> first_chosen, last_chosen;
};

// All there is to show with `lines`: their colours, the events among them, the incidents around.
Log log_of(TranscriptReader& store, std::span<const FoundLine> lines);

// What stands in a <div class="log">; a new day is announced.
void log_lines(Html& html, const Log& log);
// One line or mark.
void log_line(Html& html, const FoundLine& line, std::span<const ColourRun> colours,
              bool chosen = false);

}  // namespace lastgasp
