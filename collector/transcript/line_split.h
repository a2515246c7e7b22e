// Decides which bytes may leave the journal: whole lines go to the day their first byte arrived in,
// lines still open stay behind. What it decides depends on the records alone, never on the time of
// deciding, so that a step taken again after a crash ends the same. Pure.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "collector/transcript/record.h"
#include "collector/transcript/schema.h"

namespace lastgasp {

// A record, or a part of one, whose bytes lie where the record's lay.
struct Piece {
  Record record;
  Day day = 0;
  bool ends_line = false;
};

class LineSplit {
 public:
  static constexpr std::size_t kMaxOpenBytes = 64 << 10;        // a longer line is ended by force,
  static constexpr Micros kMaxOpenAge = std::chrono::hours(1);  // and so is one open for longer

  // Records of one console must come in order of arrival.
  void add(const Record& record);
  void add(std::span<const Record> records);
  // Ends lines that began more than kMaxOpenAge before `newest`.
  void end_stale(WallTime newest);
  // Whole lines so far, those of one console in order of arrival; forgets them.
  std::vector<Piece> take_whole();
  // The lines still open, console by console.
  std::vector<Piece> open() const;

 private:
  struct Line {
    std::vector<Record> parts;
    std::size_t bytes = 0;
    Day day = 0;
  };

  void add_data(const Record& record, Line& line);
  void extend(const Record& part, Line& line);
  void end(Line& line);

  std::unordered_map<ConsoleId, Line> open_;
  std::vector<Piece> whole_;
};

}  // namespace lastgasp
