// The colours in which a console printed its lines. Lines are stored as bytes and searched as clean
// text; this reads the bytes again, for the lines of one page.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/line/line_assembler.h"
#include "collector/transcript/reader.h"
#include "exporters/web/sgr.h"

namespace lastgasp {

struct ColourRun {
  std::size_t offset = 0, length = 0;  // within the cleaned line
  std::string classes;                 // of Look
};

struct ColouredLine {
  WallTime at{};
  std::string text;  // cleaned
  std::vector<ColourRun> runs;
};

// Lines out of raw bytes, by the LineAssembler that makes lines everywhere, each with its colours.
// One thread.
class ColourReader final : private LineSink {
 public:
  void feed(std::string_view bytes, WallTime at);
  void flush();  // an unended line is one
  std::vector<ColouredLine> take() { return std::exchange(lines_, {}); }

 private:
  void byte(char c, WallTime at);
  void on_line(const Line& line) override;

  LineAssembler assembler_;
  Look look_;                // of what comes next; a new line goes on as the last one ended
  std::vector<Look> looks_;  // of each byte of the line so far
  std::string sequence_;     // escape sequence being read, without its ESC
  bool line_ended_ = false;
  std::vector<ColouredLine> lines_;
};

// One entry for each of `lines`, of any consoles in any order, each with what was printed within a
// few seconds of it in view; none when that is too much to read.
std::vector<std::vector<ColourRun>> colours_of_hits(TranscriptReader& store,
                                                    std::span<const FoundLine> lines);

// One entry for each of `lines`, which are of one console, oldest first; or none at all when no
// line has a colour, or they are too far apart to read all that lies between.
std::vector<std::vector<ColourRun>> colours_of(TranscriptReader& store,
                                               std::span<const FoundLine> lines);

}  // namespace lastgasp
