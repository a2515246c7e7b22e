// The lines of one read may lie in two blocks, or half in a day file and half in the journal: how
// many came in the blocks before. One thread.
#pragma once

#include "collector/transcript/console_lines.h"
#include "collector/transcript/snapshot.h"

namespace lastgasp {

// A line goes to the day in which its first byte came, and it may end a while after midnight: what
// follows it there, without a line end before it, has the time of the next day.
inline constexpr Micros kAfterMidnight = 2 * LineSplit::kMaxOpenAge;

// The days whose files may hold lines with this time, oldest first.
std::vector<Day> days_with(WallTime at);

class EarlierLines {
 public:
  explicit EarlierLines(Snapshot& snapshot) : snapshot_(snapshot) {}

  // How many lines and marks of `console` with the time `at` are in the blocks before `block`.
  std::size_t count(const BlockRef& block, ConsoleId console, WallTime at);

 private:
  std::size_t count_blocks(const BlockRef& block, ConsoleId console, WallTime at);

  Snapshot& snapshot_;
  ConsoleLines lines_;
  std::tuple<Day, std::int64_t, ConsoleId, WallTime> asked_{};  // last
  std::size_t answered_ = 0;
};

}  // namespace lastgasp
