// Reads transcripts, incidents and consoles straight from the database files, with or without a
// daemon running, through read-only connections of its own. One thread for each reader; opening one
// is cheap. Throws Error when the database cannot be opened or is of a newer format.
//
// Lines are assembled from the stored bytes by the same LineAssembler as on the live path, so what
// is searched is what the rules saw. A damaged block is skipped and counted, never fatal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "collector/core/error.h"
#include "collector/transcript/boot_row.h"
#include "collector/transcript/console_labels.h"
#include "collector/transcript/incident_note.h"
#include "collector/transcript/incident_row.h"
#include "collector/transcript/line_id.h"
#include "collector/transcript/open_files.h"
#include "collector/transcript/record.h"
#include "collector/transcript/search_cursor.h"
#include "collector/transcript/writer.h"

namespace lastgasp {

struct TimeRange {
  WallTime from{};                // inclusive
  WallTime to = WallTime::max();  // exclusive
};

struct Query {
  std::vector<std::string> consoles;  // globs; none is all
  std::vector<LabelMatch> labels;     // only consoles that have all of these
  std::string platform;               // only consoles known to be one; empty is any
  TimeRange range;
  std::string text;               // substring or regular expression; empty matches all
  std::vector<std::string> also;  // further ones that the same line must hold, in any order
  bool regex = false;             // RE2, Latin-1, on the cleaned line
  bool ignore_case = false;
  bool newest_first = true;
  std::size_t limit = 100;                  // hits
  std::size_t before = 0, after = 0;        // context lines
  Micros budget{std::chrono::seconds(30)};  // of elapsed time
  std::optional<SearchCursor> cursor;       // of a search for the same that stopped: go on there
};

struct FoundLine {
  std::string console;
  WallTime at{};
  RecordKind kind = RecordKind::data;  // a mark (connected, gap, ...) when not data
  std::string text;                    // cleaned, Latin-1, not escaped
  bool hit = true;                     // false: context
  std::vector<std::pair<std::size_t, std::size_t>> matches;  // offset, length within text
  bool partial = false;  // follow only: not ended yet, comes again when it ends
  std::size_t nth = 0;   // of the console's lines and marks with this very time

  LineId id() const { return {at, console, nth}; }
};

struct SearchEnd {
  std::size_t hits = 0;
  bool complete = true;                // false: stopped at the limit or the budget
  WallTime reached{};                  // how far back (or forward) everything has been searched
  std::optional<SearchCursor> cursor;  // where it goes on, when not complete
  std::size_t damaged_blocks = 0;
  std::uint64_t searched_bytes = 0;
};

struct IncidentQuery {
  std::vector<std::string> consoles;  // globs
  std::vector<LabelMatch> labels;     // of the console
  TimeRange range;                    // of opening
  std::string kind;                   // empty is all
  std::string fingerprint;
  bool open_only = false;
  std::size_t limit = 100;  // newest first
  bool bodies = true;       // false: rows come without, which is much quicker for many
};

struct BootQuery {
  std::vector<std::string> consoles;  // globs; none is all
  std::vector<LabelMatch> labels;     // of the console
  TimeRange range;                    // of beginning
  std::size_t last = SIZE_MAX;        // of each console, counted before the range is looked at
  std::size_t limit = 100;            // of all
};

struct FoundBoot {
  std::string console;
  std::size_t number = 1;  // counts back: 1 is the last boot of the console
  BootRow boot;
};

class PrintedBytes;

class TranscriptReader {
 public:
  explicit TranscriptReader(const std::filesystem::path& folder);
  // Of a folder that is read often: `files`, which outlives it, stay open between readers.
  explicit TranscriptReader(OpenFiles& files);
  ~TranscriptReader();

  // Calls `found` for each hit with its context, in order: by time, then console, then arrival;
  // hits share no context line twice. Stops early when `found` returns false: it did not take the
  // line, and the search goes on with this hit. Throws Error when the regular expression is bad.
  SearchEnd search(const Query& query, const std::function<bool(const FoundLine&)>& found);
  // The newest `count` lines of one console before `before`, oldest first, marks included.
  std::vector<FoundLine> tail(std::string_view console, std::size_t count,
                              WallTime before = WallTime::max());
  // The line or mark of this name as a hit, among so many lines before and after it; nothing when
  // there is none.
  std::vector<FoundLine> line(const LineId& id, std::size_t before, std::size_t after);
  // Lines and marks of these consoles that were committed since the last call, those of one console
  // oldest first; of a console that the last call did not name, from now on. An unended line is
  // shown when it ends, or 300 ms after its last byte.
  std::vector<FoundLine> follow(const std::vector<std::string>& consoles, Instant now);
  // Every record of the consoles (globs; none is all) within `range`, in one pass over the files,
  // those of one console in order of arrival. Returns how many damaged blocks were left out.
  std::size_t records(const std::vector<std::string>& consoles, TimeRange range,
                      const std::function<void(std::string_view, const Record&)>& sink);

  // The same of parts of single consoles, one part after the other, all as of one moment: `sink`
  // gets the number of the part.
  struct Part {
    std::string console;
    TimeRange range;
  };
  void records(std::span<const Part> parts,
               const std::function<void(std::size_t, const Record&)>& sink);

  // The next piece of what a console printed, some `most` bytes; an empty one at the end.
  std::string printed(PrintedBytes& bytes, std::size_t most);

  std::vector<ConsoleRow> consoles();
  // As of the configuration last read; none of a collector that kept none.
  std::map<ConsoleId, ConsoleLabels> labels();
  std::vector<IncidentRow> incidents(const IncidentQuery& query);
  // Those from this id on, oldest first, without bodies.
  std::vector<IncidentRow> incidents_from(IncidentId first);
  std::optional<IncidentRow> incident(IncidentId id);
  // What people said of it, oldest first; none of a collector that kept none.
  std::vector<IncidentNote> notes(IncidentId incident);
  // Notes of all incidents, without their texts, in the order of their ids, from the one after
  // `id`.
  struct NoteMark {
    std::int64_t id = 0;  // counts up
    IncidentId incident = 0;
    WallTime at{};
  };
  std::vector<NoteMark> notes_after(std::int64_t id);
  // How often, on how many consoles and since when this fingerprint was seen.
  struct Sightings {
    std::size_t incidents = 0, consoles = 0;
    WallTime first{};
  };
  Sightings sightings(std::string_view fingerprint);
  // Newest first.
  std::vector<FoundBoot> boots(const BootQuery& query);

 private:
  struct Impl;
  std::unique_ptr<OpenFiles> own_files_;  // null when it was given some
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
