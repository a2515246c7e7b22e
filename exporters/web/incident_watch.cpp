#include "exporters/web/incident_watch.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>
#include <utility>

namespace lastgasp {
namespace {

// Ids are given in order, but stored a moment later, by several threads.
constexpr IncidentId kOutOfOrder = 256;

}  // namespace

void IncidentWatch::begin(TranscriptReader& reader) {
  IncidentQuery query;
  query.bodies = false;
  query.limit = 1;
  for (const IncidentRow& row : reader.incidents(query)) newest_ = row.id;
  query.open_only = true;
  query.limit = SIZE_MAX;
  for (const IncidentRow& row : reader.incidents(query)) known_[row.id] = {};
}

std::vector<IncidentRow> IncidentWatch::poll(TranscriptReader& reader, WallTime since) {
  const bool first = !std::exchange(begun_, true);
  if (first) begin(reader);
  const IncidentId recent = std::max<IncidentId>(1, newest_ - kOutOfOrder);
  std::set<IncidentId> news;
  const auto look = [&](const IncidentRow& row) {
    const bool late = row.updated > since || row.resolved > since;
    if (changed(row) && (!first || late)) news.insert(row.id);
  };
  for (auto known = known_.begin(); known != known_.end() && known->first < recent;) {
    const auto row = reader.incident(known->first);
    if (row) look(*row);
    known = !row || row->resolved != WallTime{} ? known_.erase(known) : std::next(known);
  }
  for (const IncidentRow& row : reader.incidents_from(recent)) {
    look(row);
    newest_ = std::max(newest_, row.id);
  }
  for (const auto& note : reader.notes_after(newest_note_)) {
    if (!first || note.at > since) news.insert(note.incident);
    newest_note_ = note.id;
  }
  std::vector<IncidentRow> rows;
  for (const IncidentId id : news)
    if (auto row = reader.incident(id)) rows.push_back(std::move(*row));
  return rows;
}

bool IncidentWatch::changed(const IncidentRow& row) {
  Face face{row.updated, row.resolved, row.severity, row.title};
  Face& known = known_[row.id];
  if (known == face) return false;
  known = std::move(face);
  return true;
}

}  // namespace lastgasp
