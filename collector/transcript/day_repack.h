// Packs a day file anew once the day is over: all that a console printed in long runs in place of
// what each step of sealing had of it, compressed for good, and the whole gram index in a few
// segments. So it is a third smaller, and a search asks little of each day. Records and their order
// stay as they were; ids of blocks change. Belongs to the sealing thread.
#pragma once

#include <filesystem>
#include <memory>
#include <set>

#include "collector/core/clock.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/schema.h"

namespace lastgasp {

class DayPacking;

class DayRepack {
 public:
  explicit DayRepack(std::filesystem::path folder);
  ~DayRepack();

  // Does a bounded part (a few seconds at most) of packing the oldest day before `now`'s, and
  // before the newest stored, that was not packed since it was last written to. False when nothing
  // is left to do, or a reader is at work in the day. A day that is damaged, or for which the disk
  // has no room, stays as it is until the next start.
  bool step(WallTime now);
  // More was written to the day.
  void written(Day day);

 private:
  void begin(WallTime now);
  bool go_on();

  std::filesystem::path folder_;
  Packer blocks_{PackLevel::keep};
  std::set<Day> done_;                   // packed, or not to be
  std::unique_ptr<DayPacking> packing_;  // of one of them, half done
};

}  // namespace lastgasp
