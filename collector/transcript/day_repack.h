// Packs a day file anew once the day is over: long runs of each console in place of what each step
// of sealing had of it, which is a third smaller, and the whole gram index in a few segments, so
// that a search asks little of each day. Records and their order stay as they were; ids of blocks
// change. Belongs to the sealing thread.
#pragma once

#include <filesystem>
#include <set>

#include "collector/core/clock.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/schema.h"

namespace lastgasp {

class DayRepack {
 public:
  explicit DayRepack(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Packs the oldest day before `now`'s, and before the newest stored, that was not packed since it
  // was last written to. False when there is none, or a reader is at work in it. A day that is
  // damaged, or for which the disk has no room, stays as it is until the next start.
  bool pack_one(WallTime now, Packer& packer);
  // More was written to the day.
  void written(Day day) { done_.erase(day); }

 private:
  void pack(Day day, Packer& packer);

  std::filesystem::path folder_;
  std::set<Day> done_;  // packed, or not to be
};

}  // namespace lastgasp
