#include "exporters/web/transcript_export.h"

#include <algorithm>
#include <set>

#include "collector/core/bytes.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

constexpr std::size_t kLinesBefore = 50;
constexpr std::size_t kNoLimit = std::size_t{1} << 40;
constexpr Micros kRestOfLine = std::chrono::minutes(1);

std::set<std::string> names_of(TranscriptReader& reader, const std::vector<std::string>& globs) {
  std::set<std::string> names;
  for (const ConsoleRow& console : reader.consoles()) {
    for (const std::string& glob : globs)
      if (glob_match(glob, console.name)) names.insert(console.name);
  }
  return names;
}

std::string text_line(const FoundLine& line) {
  return format_utc(line.at) + ' ' + escaped(line.console) + ": " + escaped(line.text) + '\n';
}

}  // namespace

ExportPart part_of(TranscriptReader& reader, IncidentId id) {
  const auto row = reader.incident(id);
  if (!row) throw Error("there is no incident " + std::to_string(id));
  const Incident incident = stored_incident(*row);
  // The columns have microseconds, the body only milliseconds.
  ExportPart part{incident.consoles, {row->opened, row->updated + Micros(1)}};
  if (!incident.console.empty()) part.consoles = {incident.console};
  for (const std::string& console : part.consoles) {
    const auto before = reader.tail(console, kLinesBefore, row->opened);
    if (!before.empty()) part.range.from = std::min(part.range.from, before.front().at);
  }
  return part;
}

std::size_t export_raw(TranscriptReader& reader, const ExportPart& part, const ExportSink& sink) {
  const std::set<std::string> names = names_of(reader, part.consoles);
  if (names.size() > 1)
    throw Error(std::to_string(names.size()) +
                " consoles match: as received only one at a time; name it, or take text");
  if (names.empty()) return 0;
  std::size_t bytes = 0;
  bool open = false, ended = false;
  const auto put = [&](std::string_view received) {
    sink(received);
    bytes += received.size();
  };
  reader.raw(*names.begin(), part.range, [&](std::string_view received) {
    put(received);
    open = received.back() != '\n';
  });
  if (!open || part.range.to == WallTime::max()) return bytes;
  reader.raw(*names.begin(), {part.range.to, part.range.to + kRestOfLine},
             [&](std::string_view received) {
               if (ended) return;
               const std::size_t end = received.find('\n');
               ended = end != std::string_view::npos;
               put(received.substr(0, ended ? end + 1 : end));
             });
  return bytes;
}

ExportedText export_text(TranscriptReader& reader, const ExportPart& part, const ExportSink& sink) {
  Query query;
  query.consoles = part.consoles;
  query.range = part.range;
  query.newest_first = false;
  query.limit = kNoLimit;
  query.budget = std::chrono::hours(24 * 365);
  ExportedText exported;
  const SearchEnd end = reader.search(query, [&](const FoundLine& line) {
    ++exported.lines;
    sink(text_line(line));
    return true;
  });
  exported.damaged_blocks = end.damaged_blocks;
  return exported;
}

}  // namespace lastgasp
