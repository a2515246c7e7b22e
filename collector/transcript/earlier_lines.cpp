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
  std::size_t count = 0;
  for (const Day day : days_with(at)) {
    for (const BlockRef& other : snapshot_.blocks(day, &wanted, {at, at + Micros(1)})) {
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
