#include "exporters/web/line_counts.h"

#include <nlohmann/json.hpp>

namespace lastgasp {

void LineCounts::add(WallTime at, std::uint64_t count) {
  counts_[unix_micros(at) / width_.count()] += count;
}

std::vector<LineCounts::Bucket> LineCounts::buckets() const {
  constexpr std::int64_t kMostBuckets = 5000;
  std::vector<Bucket> buckets;
  if (counts_.empty()) return buckets;
  const bool fill = counts_.rbegin()->first - counts_.begin()->first < kMostBuckets;
  std::int64_t next = counts_.begin()->first;
  for (const auto& [number, count] : counts_) {
    for (; fill && next < number; ++next)
      buckets.push_back({from_unix_micros(next * width_.count()), 0});
    buckets.push_back({from_unix_micros(number * width_.count()), count});
    next = number + 1;
  }
  return buckets;
}

std::string bucket_json(const LineCounts::Bucket& bucket) {
  return nlohmann::ordered_json{{"from", format_utc(bucket.from)}, {"count", bucket.count}}.dump();
}

}  // namespace lastgasp
