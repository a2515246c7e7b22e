#include "exporters/web/stored.h"

#include <algorithm>
#include <charconv>

#include "collector/core/bytes.h"
#include "collector/core/log.h"

namespace lastgasp {
namespace {

bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Where the UTF-8 sequence begins and ends that `offset` is inside of; twice `offset` when none.
std::pair<std::size_t, std::size_t> sequence_around(std::string_view text, std::size_t offset) {
  std::size_t begin = offset;
  while (begin > 0 && begin < text.size() && offset - begin < 3 && continuation(text[begin]))
    --begin;
  for (std::size_t length = 4; length > offset - begin; --length) {
    const auto sequence = text.substr(begin, length);
    if (sequence.size() == length && static_cast<unsigned char>(sequence[0]) >= 0xc2 &&
        std::all_of(sequence.begin() + 1, sequence.end(), continuation) &&
        to_utf8(sequence) == sequence)
      return {begin, begin + length};
  }
  return {offset, offset};
}

}  // namespace

TranscriptReader open_store(WebBackend& backend) {
  try {
    return TranscriptReader(backend.transcripts());
  } catch (const Error& e) {
    throw HttpError(503, std::string("the transcripts cannot be read: ") + e.what());
  }
}

Incident stored_incident(const IncidentRow& row) {
  Incident incident;
  try {
    incident = incident_from_json(row.body);
  } catch (const Error& e) {
    log_warning("incident " + std::to_string(row.id) + ": " + escaped(e.what()));
    incident.title = row.title;
    incident.fingerprint = row.fingerprint;
    incident.kind = kind_named(row.kind).value_or(Kind::crash);
    incident.severity = severity_named(row.severity).value_or(Severity::critical);
    incident.opened = row.opened;
    incident.updated = row.updated;
    incident.resolved = row.resolved;
    incident.state = row.resolved == WallTime{} ? IncidentState::open : IncidentState::resolved;
  }
  incident.id = row.id;
  return incident;
}

Incident find_incident(TranscriptReader& store, const std::string& id) {
  IncidentId number = 0;
  const auto parsed = std::from_chars(id.data(), id.data() + id.size(), number);
  const bool valid = parsed.ec == std::errc{} && parsed.ptr == id.data() + id.size();
  const auto row = valid ? store.incident(number) : std::nullopt;
  if (!row) throw HttpError(404, "there is no incident " + to_utf8(id.substr(0, 200)));
  return stored_incident(*row);
}

LookedAfter looked_after(TranscriptReader& store, const std::vector<Incident>& incidents) {
  LookedAfter by;
  for (const Incident& incident : incidents) {
    const std::vector<IncidentNote> notes = store.notes(incident.id);
    if (const IncidentNote* const first = acknowledgement(notes)) by[incident.id] = first->by;
  }
  return by;
}

void require_transcript(TranscriptReader& store, const std::string& console) {
  const auto known = store.consoles();
  if (std::none_of(known.begin(), known.end(),
                   [&](const auto& row) { return row.name == console; }))
    throw HttpError(404, "there is no transcript of a console called '" +
                             to_utf8(console.substr(0, 200)) + "'");
}

std::vector<FoundLine> find_line(TranscriptReader& store, const std::string& name,
                                 std::size_t before, std::size_t after) {
  const auto id = parse_line_id(name);
  auto lines = id ? store.line(*id, before, after) : std::vector<FoundLine>();
  if (lines.empty())
    throw HttpError(404,
                    "there is no line " + to_utf8(name.substr(0, 200)) +
                        (id ? "; its day may have been removed" : "; take a name from \"id\""));
  return lines;
}

// What the console of the incident printed while it went on.
void narrow_to_incident(TranscriptReader& store, IncidentId id, Query& query) {
  const auto incident = store.incident(id);
  if (!incident) throw Error("there is no incident " + std::to_string(id));
  for (const ConsoleRow& console : store.consoles()) {
    if (console.id == incident->console) query.consoles = {console.name};
  }
  const WallTime end = incident->resolved == WallTime{} ? WallTime::max() : incident->resolved;
  query.range = {incident->opened, end == WallTime::max() ? end : end + Micros(1)};
}

SearchEnd run_search(TranscriptReader& store, const Query& query,
                     const std::function<bool(const FoundLine&)>& found) {
  try {
    return store.search(query, found);
  } catch (const HttpError&) {
    throw;
  } catch (const Error& e) {
    if (!query.regex) throw;
    throw HttpError(400, std::string("q: ") + e.what());
  }
}

Utf8Line utf8_line(const FoundLine& line) {
  const std::string_view raw = line.text;
  Utf8Line out;
  std::size_t done = 0;
  const auto advance = [&](std::size_t to) {
    if (to > done) append_utf8(out.text, raw.substr(done, to - done));
    done = std::max(done, to);
    return out.text.size();
  };
  for (const auto& [offset, length] : line.matches) {
    if (offset > raw.size() || length > raw.size() - offset) continue;
    const auto begin = advance(sequence_around(raw, offset).first);
    const auto end = advance(sequence_around(raw, offset + length).second);
    if (end > begin) out.matches.emplace_back(begin, end - begin);
  }
  advance(raw.size());
  return out;
}

std::string mark_text(const FoundLine& mark) {
  std::string name(kRecordKindNames[static_cast<std::size_t>(mark.kind)]);
  if (mark.text.empty()) return name;
  if (mark.kind != RecordKind::gap) return name + ": " + mark.text;
  const auto space = mark.text.find(' ');
  const auto why = space == std::string::npos ? "" : " (" + mark.text.substr(space + 1) + ")";
  return "gap: " + mark.text.substr(0, space) + " bytes lost" + why;
}

}  // namespace lastgasp
