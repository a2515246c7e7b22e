#include "exporters/web/transcript_export.h"

#include <algorithm>
#include <set>

#include "collector/core/bytes.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

constexpr std::size_t kLinesBefore = 50;
constexpr std::size_t kNoLimit = std::size_t{1} << 40;

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

TranscriptExport::TranscriptExport(TranscriptReader& reader, ExportPart part, ExportForm form)
    : part_(std::move(part)) {
  if (form == ExportForm::text) return;
  const std::set<std::string> names = names_of(reader, part_.consoles);
  if (names.size() > 1)
    throw Error(std::to_string(names.size()) +
                " consoles match: as received only one at a time; name it, or take text");
  raw_.emplace(names.empty() ? std::string() : *names.begin(), part_.range);
}

std::string TranscriptExport::next(TranscriptReader& reader) {
  if (raw_) return reader.printed(*raw_, kExportPieceBytes);
  return ended_ ? std::string() : next_text(reader);
}

std::size_t TranscriptExport::damaged_blocks() const {
  return raw_ ? raw_->damaged_blocks() : damaged_blocks_;
}

std::string TranscriptExport::next_text(TranscriptReader& reader) {
  Query query;
  query.consoles = part_.consoles;
  query.range = part_.range;
  query.newest_first = false;
  query.limit = kNoLimit;
  query.budget = std::chrono::hours(24 * 365);
  query.cursor = cursor_;
  std::string piece;
  const SearchEnd end = reader.search(query, [&](const FoundLine& line) {
    if (piece.size() >= kExportPieceBytes) return false;
    piece += text_line(line);
    return true;
  });
  damaged_blocks_ += end.damaged_blocks;
  cursor_ = end.cursor;
  ended_ = end.complete;
  return piece;
}

}  // namespace lastgasp
