// Hits counted by time, for a histogram: of the API and of the command line. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "collector/core/clock.h"

namespace lastgasp {

class LineCounts {
 public:
  struct Bucket {
    WallTime from{};
    std::uint64_t count = 0;
  };

  // Each bucket is `width` long and begins at a multiple of it since 1970, UTC.
  explicit LineCounts(Micros width) : width_(width) {}
  void add(WallTime at, std::uint64_t count = 1);
  // Oldest first. Buckets without a line between others are there with 0, unless there were
  // thousands of them.
  std::vector<Bucket> buckets() const;

 private:
  Micros width_;
  std::map<std::int64_t, std::uint64_t> counts_;  // by the number of the bucket
};

// {"from", "count"}
std::string bucket_json(const LineCounts::Bucket& bucket);

}  // namespace lastgasp
