#include "collector/cli/line_counts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "collector/cli/terminal.h"

namespace lastgasp {

void LineCounts::add(WallTime at) { ++counts_[unix_micros(at) / width_.count()]; }

void LineCounts::print(Output output) const {
  constexpr std::int64_t kMostBuckets = 5000;
  constexpr std::uint64_t kBar = 50;
  if (counts_.empty()) {
    if (output == Output::json) print_line("[]");
    return;
  }
  std::uint64_t most = 0;
  for (const auto& [bucket, count] : counts_) most = std::max(most, count);
  nlohmann::ordered_json document = nlohmann::ordered_json::array();
  const auto show = [&](std::int64_t bucket, std::uint64_t count) {
    const std::string from = format_utc(from_unix_micros(bucket * width_.count()));
    const nlohmann::ordered_json row{{"from", from}, {"count", count}};
    if (output == Output::jsonl) print_line(row.dump());
    if (output == Output::json) document.push_back(row);
    if (output != Output::text) return;
    std::string number = std::to_string(count);
    number.insert(0, 10 - std::min<std::size_t>(number.size(), 10), ' ');
    print_line(from + number + "  " + std::string((count * kBar + most - 1) / most, '#'));
  };
  const std::int64_t first = counts_.begin()->first, last = counts_.rbegin()->first;
  if (last - first < kMostBuckets) {
    for (std::int64_t bucket = first; bucket <= last; ++bucket) {
      const auto count = counts_.find(bucket);
      show(bucket, count == counts_.end() ? 0 : count->second);
    }
  } else {
    for (const auto& [bucket, count] : counts_) show(bucket, count);
  }
  if (output == Output::json) print_line(document.dump(2));
}

}  // namespace lastgasp
