// What the handlers need of the database: opened for one request, on its thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/transcript/reader.h"
#include "exporters/web/router.h"
#include "rules/incident/incident.h"

namespace lastgasp {

inline constexpr Micros kSearchBudget{std::chrono::seconds(5)};

// Throws HttpError 503 when the database cannot be opened.
TranscriptReader open_store(WebBackend& backend);

// The incident of a row; what the columns say when its JSON cannot be read.
Incident stored_incident(const IncidentRow& row);
// Throws HttpError 404 when there is none of this id (a decimal number).
Incident find_incident(TranscriptReader& store, const std::string& id);

// Who looks after which of them; nothing of those that nobody does.
using LookedAfter = std::map<IncidentId, std::string>;
LookedAfter looked_after(TranscriptReader& store, const std::vector<Incident>& incidents);

// Throws HttpError 404 when no console of this name has a transcript.
void require_transcript(TranscriptReader& store, const std::string& console);

// As TranscriptReader::line, of the line called `name`. Throws HttpError 404 when there is none.
std::vector<FoundLine> find_line(TranscriptReader& store, const std::string& name,
                                 std::size_t before, std::size_t after);

// Only what the console of the incident printed while it went on. Throws Error when there is none.
void narrow_to_incident(TranscriptReader& store, IncidentId id, Query& query);
// As TranscriptReader::search; a bad regular expression is an HttpError 400.
SearchEnd run_search(TranscriptReader& store, const Query& query,
                     const std::function<bool(const FoundLine&)>& found);

struct Utf8Line {
  std::string text;
  std::vector<std::pair<std::size_t, std::size_t>> matches;  // offset, length in bytes of `text`
};
// The line as to_utf8() shows it, the matches moved accordingly. A match that ends within a UTF-8
// sequence takes the whole of it.
Utf8Line utf8_line(const FoundLine& line);

// Text of a mark: "connected", "disconnected: reset", "gap: 4096 bytes lost (queue full)". Latin-1.
std::string mark_text(const FoundLine& mark);

}  // namespace lastgasp
