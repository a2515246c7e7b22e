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

struct Window {
  std::string bytes;
  WallTime first{};                  // when they began to come
  std::optional<WallTime> too_much;  // when those came that were more than was asked for
};

Window read_window(TranscriptReader& reader, const std::string& console, TimeRange range,
                   std::size_t most) {
  struct Enough {};
  Window window;
  const TranscriptReader::Part part{console, range};
  try {
    reader.records({&part, 1}, [&](std::size_t, const Record& record) {
      if (record.kind != RecordKind::data) return;
      if (window.bytes.empty()) window.first = record.at;
      if (window.bytes.size() + record.bytes.size() > most) {
        window.too_much = record.at;
        throw Enough();
      }
      window.bytes += record.bytes;
    });
  } catch (const Enough&) {
  }
  return window;
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
    : part_(std::move(part)), form_(form), from_(std::max(part_.range.from, WallTime{})) {
  if (form == ExportForm::text) return;
  const std::set<std::string> names = names_of(reader, part_.consoles);
  if (names.size() > 1)
    throw Error(std::to_string(names.size()) +
                " consoles match: as received only one at a time; name it, or take text");
  if (!names.empty()) console_ = *names.begin();
  ended_ = names.empty();
}

std::string TranscriptExport::next(TranscriptReader& reader) {
  if (ended_) return {};
  return form_ == ExportForm::text ? next_text(reader) : next_raw(reader);
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

// By windows of time, so that each byte is in one of them whatever clocks did. The first is all
// there is, and so is the one after a silence; one that holds too much ends where it was enough.
std::string TranscriptExport::next_raw(TranscriptReader& reader) {
  const WallTime end = part_.range.to;
  while (from_ < end) {
    TimeRange range{from_, window_ < end - from_ ? from_ + window_ : end};
    Window window = read_window(reader, console_, range, 2 * kExportPieceBytes);
    if (window.too_much) {
      range.to = std::max(*window.too_much, range.from + Micros(1));
      window = read_window(reader, console_, range, SIZE_MAX);
    }
    from_ = range.to;
    window_ = Micros::max();
    if (window.bytes.empty()) continue;
    const Micros length = range.to - window.first;
    const bool small = window.bytes.size() < kExportPieceBytes;
    if (length < Micros::max() / 2) window_ = small ? 2 * length : length;
    line_open_ = window.bytes.back() != '\n';
    return std::move(window.bytes);
  }
  ended_ = true;
  return line_open_ && end != WallTime::max() ? rest_of_line(reader) : std::string();
}

std::string TranscriptExport::rest_of_line(TranscriptReader& reader) {
  const WallTime end = part_.range.to;
  std::string rest = read_window(reader, console_, {end, end + kRestOfLine}, SIZE_MAX).bytes;
  if (const auto line_end = rest.find('\n'); line_end != rest.npos) rest.resize(line_end + 1);
  return rest;
}

}  // namespace lastgasp
