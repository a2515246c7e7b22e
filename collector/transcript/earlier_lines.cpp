#include "collector/transcript/earlier_lines.h"

namespace lastgasp {

std::vector<Day> days_with(WallTime at) {
  const Day day = day_of(at);
  if (at - start_of(day) < kAfterMidnight) return {day - 1, day};
  return {day};
}

std::size_t EarlierLines::count(const BlockRef& block, ConsoleId console, WallTime at) {
  const std::tuple asking(block.day, block.id, console, at);
  if (asking != asked_) {
    answered_ = count_blocks(block, console, at);
    asked_ = asking;
  }
  return answered_;
}

std::size_t EarlierLines::count_blocks(const BlockRef& block, ConsoleId console, WallTime at) {
  const std::set<ConsoleId> wanted{console};
  const TimeRange range{at, at + Micros(1)};
  std::size_t count = 0;
  for (const Day day : days_with(at)) {
    std::vector<BlockRef> blocks;
    // What is only in the journal is mostly later than all of the day, which need not be looked
    // into.
    if (snapshot_.newest_sealed(day) >= at) blocks = snapshot_.sealed(day, &wanted, range);
    const std::vector<BlockRef> unsealed = snapshot_.unsealed(day, &wanted, range);
    blocks.insert(blocks.end(), unsealed.begin(), unsealed.end());
    for (const BlockRef& other : blocks) {
      if (std::tuple(other.day, other.id) >= std::tuple(block.day, block.id)) break;
      const auto loaded = snapshot_.load(other);
      if (!loaded) continue;
      lines_.assemble(loaded->of(console));
      for (std::size_t i = 0; i < lines_.size(); ++i) count += lines_[i].at == at ? 1 : 0;
    }
  }
  return count;
}

}  // namespace lastgasp
