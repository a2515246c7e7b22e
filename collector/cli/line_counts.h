// Hits counted by time, for a histogram.
#pragma once

#include <cstdint>
#include <map>

#include "collector/cli/options.h"
#include "collector/core/clock.h"

namespace lastgasp {

class LineCounts {
 public:
  // Each bucket is `width` long and begins at a multiple of it since 1970, UTC.
  explicit LineCounts(Micros width) : width_(width) {}
  void add(WallTime at);
  // Oldest first; with a bar on text output. Buckets without a line between others are shown as 0,
  // unless there were thousands of them.
  void print(Output output) const;

 private:
  Micros width_;
  std::map<std::int64_t, std::uint64_t> counts_;  // by the number of the bucket
};

}  // namespace lastgasp
