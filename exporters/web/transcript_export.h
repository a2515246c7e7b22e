// What consoles printed, as received or as text: for the API and the command line.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/transcript/reader.h"

namespace lastgasp {

struct ExportPart {
  std::vector<std::string> consoles;  // globs
  TimeRange range;
};

// Takes the next piece; throws what it likes when there was enough.
using ExportSink = std::function<void(std::string_view)>;

// Of an incident: from 50 lines before its first to its last. Throws Error when there is none.
ExportPart part_of(TranscriptReader& reader, IncidentId incident);
// The bytes of one console, exactly as received. A line that begins within the range is there to
// its end. Returns how many bytes. Throws Error when several consoles match.
std::size_t export_raw(TranscriptReader& reader, const ExportPart& part, const ExportSink& sink);
struct ExportedText {
  std::size_t lines = 0;
  std::size_t damaged_blocks = 0;  // left out
};
// Cleaned lines without marks, oldest first: "TIME CONSOLE: text", escaped.
ExportedText export_text(TranscriptReader& reader, const ExportPart& part, const ExportSink& sink);

}  // namespace lastgasp
